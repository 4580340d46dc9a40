"""Attributing history again gives the same findings, and says of each that is new."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from samsyn.assets.models import Resource
from samsyn.assets.services import resource_withdraw
from samsyn.findings import bulk
from samsyn.findings.models import Finding, FindingEvent
from samsyn.monitoring.services import observation_attribute, observation_import
from tests.cast import NOON, TODAY, make_resource
from tests.monitoring.reports import row, write

FIRST = date(2026, 3, 2)
OTHERS = "203.0.113.9"


@pytest.fixture
def sector(cast, home, tmp_path):
    """Twelve days of reports, in which findings come, close and come back."""
    for number in range(12):
        on = FIRST + timedelta(days=number)
        for kind in ("scan_rdp", "scan_snmp"):
            seen = [address for address in range(1, 9) if (number + address) % 9 < 3]
            rows = [row(kind, address=f"198.18.0.{a}", timestamp=f"{on} 04:00:00") for a in seen]
            rows.append(row(kind, address=OTHERS, timestamp=f"{on} 05:00:00"))
            path = write(tmp_path, rows, report=kind, on=str(on))
            observation_import(actor=cast.job, operator=cast.samvakt, paths=[path])
    return cast


def attribute(sector):
    return observation_attribute(actor=sector.job, operator=sector.samvakt)


def told():
    """Return the findings and what happened to them; machines' events are written anew."""
    events = FindingEvent.unscoped.order_by("finding", "at", "kind")
    fields = ("finding", "at", "kind", "by", "answer_kind", "note")
    return list(Finding.unscoped.order_by("pk").values()), list(events.values_list(*fields))


def test_with_an_unchanged_register_nothing_is_done(sector):
    before = told()
    assert attribute(sector)["batches"] == 0
    assert told() == before


def test_attributed_anew_and_back_again_every_finding_is_as_it_was(sector):
    before = told()
    elsewhere = make_resource(sector.elvdal, "prefix", "192.0.2.0/24")
    for _time in range(2):
        said = attribute(sector)
        assert said["batches"] == 24
        assert said["findings"] == {"new": 0, "closed": 0, "removed": 0}
        assert told() == before
        if elsewhere.withdrawn_on is None:
            resource_withdraw(actor=sector.astrid, resource=elsewhere, on=TODAY)


def test_what_was_claimed_by_two_and_is_confirmed_for_one_makes_findings_that_are_counted(sector):
    """As in the upgrade that made the earlier of two claims to the same the one that counts."""
    before = Finding.unscoped.count()
    claimed = [
        Resource.unscoped.create(organisation=each, kind="prefix", value="203.0.113.0/28")
        for each in (sector.elvdal, sector.fjellvik)
    ]
    assert attribute(sector)["findings"] == {"new": 0, "closed": 0, "removed": 0}
    claimed[0].confirm(kind="before", ground="", by="", at=NOON)
    claimed[0].save()
    assert attribute(sector)["findings"]["new"] == 2
    assert Finding.unscoped.count() == before + 2
    assert set(Finding.unscoped.filter(subject=OTHERS).values_list("organisation", flat=True)) == {
        sector.elvdal.pk
    }
    assert attribute(sector)["batches"] == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only there are indexes made afterwards")
def test_many_findings_that_come_by_it_leave_every_index_in_place(
    cast, home, tmp_path, monkeypatch
):
    monkeypatch.setattr(bulk, "LARGE", 1)
    path = write(tmp_path, [row(address=f"203.0.113.{number}") for number in range(9)])
    observation_import(actor=cast.job, operator=cast.samvakt, paths=[path])
    make_resource(cast.elvdal, "prefix", "203.0.113.0/24")
    assert attribute(cast)["findings"]["new"] == 9
    with connection.cursor() as cursor:
        cursor.execute("select name from sqlite_master where type = 'index'")
        assert {name for (name,) in cursor.fetchall()} >= bulk.LATE_INDEXES
