"""What somebody has used of a finding stays when its observations become another's."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import models

from samsyn.access.pointers import POINTING
from samsyn.actions.services import action_propose
from samsyn.assets.models import Resource
from samsyn.audit.models import Entry
from samsyn.documents.services import document_attach
from samsyn.findings.leaving import LEFT
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.services import finding_acknowledge, finding_answer
from samsyn.kernel.refs import pointed_to, ref_of
from samsyn.monitoring.services import observation_attribute, observation_import
from tests.cast import NOON, make_document, make_resource
from tests.monitoring.reports import row, write

DAY = date(2026, 3, 2)
USED, OTHER = "198.18.0.7", "198.18.0.8"


@pytest.fixture
def taken(cast, home, tmp_path):
    """Two findings of Fjellvik's, whose range is about to be confirmed for Elvdal."""
    rows = [row(address=address, timestamp=f"{DAY} 04:00:00") for address in (USED, OTHER)]
    path = write(tmp_path, rows, on=str(DAY))
    observation_import(actor=cast.job, operator=cast.samvakt, paths=[path])
    assert Finding.unscoped.filter(organisation=cast.fjellvik).count() == 2
    return cast


def give_away(cast):
    claim = Resource(organisation=cast.elvdal, kind="prefix", value="198.18.0.0/28")
    claim.confirm(kind="before", ground="", by="", at=NOON)
    claim.save()
    done = observation_attribute(actor=cast.job, operator=cast.samvakt)["findings"]
    return claim, done


def take_back(cast, claim):
    claim.delete()
    return observation_attribute(actor=cast.job, operator=cast.samvakt)["findings"]


def evidence(cast, finding):
    document = make_document(cast.fjellvik)
    document_attach(actor=cast.ingvild, document=document, thing=finding)


def action(cast, finding):
    action_propose(
        actor=cast.ingvild,
        organisation=cast.fjellvik,
        title="Close the port",
        thing=finding,
        now=NOON,
    )


USES = {
    "told": lambda _cast, f: Finding.unscoped.filter(pk=f.pk).update(told_at=NOON),
    "acknowledged": lambda cast, f: finding_acknowledge(actor=cast.ingvild, finding=f, at=NOON),
    "answered": lambda cast, f: finding_answer(
        actor=cast.ingvild, finding=f, answer="fixed", at=NOON
    ),
    "evidence": evidence,
    "action": action,
}


@pytest.mark.parametrize("use", USES)
def test_a_finding_that_anybody_has_used_stays_closed_with_its_number(taken, use):
    finding = Finding.unscoped.get(organisation=taken.fjellvik, subject=USED)
    USES[use](taken, finding)
    _claim, done = give_away(taken)
    left = Finding.unscoped.get(pk=finding.pk)
    assert left.state == "closed"
    assert list(FindingEvent.unscoped.filter(finding=left).values_list("kind", flat=True))[-1] == (
        "moved"
    )
    assert not Finding.unscoped.filter(organisation=taken.fjellvik, subject=OTHER).exists()
    assert done == {"new": 2, "closed": 1, "removed": 1}


def test_what_reports_said_of_one_that_stays_is_kept_and_said_once(taken, tmp_path):
    for day in (3, 4, 5):  # not in the report any more: closed
        on = date(2026, 3, day)
        rows = [row(address="203.0.113.9", timestamp=f"{on} 04:00:00")]
        path = write(tmp_path, rows, on=str(on))
        observation_import(actor=taken.job, operator=taken.samvakt, paths=[path])
    finding = Finding.unscoped.get(organisation=taken.fjellvik, subject=USED)
    assert finding.state == "closed"
    evidence(taken, finding)
    before = list(FindingEvent.unscoped.filter(finding=finding).values_list("kind", "at"))
    assert [kind for kind, _at in before] == ["closed"]
    claim, _done = give_away(taken)

    def lines():
        found = FindingEvent.unscoped.filter(finding=finding).order_by("at", "pk")
        return list(found.values_list("kind", "at"))

    assert lines()[:-1] == before
    assert [kind for kind, _at in lines()] == ["closed", "moved"]
    make_resource(taken.elvdal, "prefix", "192.0.2.0/24")
    observation_attribute(actor=taken.job, operator=taken.samvakt)
    assert [kind for kind, _at in lines()] == ["closed", "moved"]
    take_back(taken, claim)
    assert sorted(kind for kind, _at in lines()) == ["closed", "moved"]


def test_who_had_the_findings_reads_in_the_change_log_that_they_left(taken, client):
    finding_acknowledge(
        actor=taken.ingvild,
        finding=Finding.unscoped.get(organisation=taken.fjellvik, subject=USED),
        at=NOON,
    )
    give_away(taken)
    entry = Entry.objects.get(action=LEFT)
    assert entry.organisation_id == taken.fjellvik.pk
    assert entry.changes == {"closed": 1, "removed": 1}
    page = client.be(taken.people["ingvild"]).get("/change-log/").content.decode()
    assert "Findings became another" in page
    assert "1 is closed and stays; 1 that nobody had used is gone" in page


def test_what_comes_back_has_its_number_and_what_was_said_of_it(taken):
    finding = Finding.unscoped.get(organisation=taken.fjellvik, subject=USED)
    finding_acknowledge(actor=taken.ingvild, finding=finding, at=NOON)
    claim, _done = give_away(taken)
    take_back(taken, claim)
    again = Finding.unscoped.get(organisation=taken.fjellvik, subject=USED)
    assert again.pk == finding.pk
    assert again.state in {"open", "acknowledged"}
    kinds = set(FindingEvent.unscoped.filter(finding=again).values_list("kind", flat=True))
    assert {"acknowledged", "moved"} <= kinds


def test_every_model_that_points_to_things_of_any_room_says_so():
    """What it points to would otherwise be removed as if nothing hung on it."""
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model.__module__.startswith("samsyn.")
        and isinstance(field, models.PositiveBigIntegerField)
        and field.name in {"object_id", "source_id"}
    }
    assert found == POINTING


def test_a_pointer_says_what_it_points_to(taken):
    first, second = Finding.unscoped.filter(organisation=taken.fjellvik).order_by("pk")
    evidence(taken, first)
    assert pointed_to(ref_of(first).kind, [first.pk, second.pk]) == {first.pk}
