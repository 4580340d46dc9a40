"""What a report saw comes with its import, and each day and row of a finding can be looked at."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.analytics.engine import literal, reading
from samsyn.findings.models import Finding
from samsyn.monitoring.datasets import OBSERVATIONS
from samsyn.monitoring.evidence import PARTED_BY, VALUE_MAX, evidence_columns, kinds_of_report
from samsyn.monitoring.selectors import ObservationFilter, observation_list
from samsyn.monitoring.services import observation_attribute, observation_import
from samsyn.monitoring.sighted import sightings_of
from tests.cast import make_finding, make_resource
from tests.monitoring.reports import row, write

UNTIL = date(2026, 3, 10)


def take(cast, *paths, **given):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths, **given)


def exchange(**parts):
    return row(report="scan_exchange", address="198.18.0.7", port="443", **parts)


def test_the_finding_says_what_its_latest_observation_saw(cast, home, tmp_path):
    for on, tag, name in (("2026-03-01", "exchange", "OLD"), ("2026-03-02", "webshell", "MAIL01")):
        seen = exchange(tag=f"{tag};cve-2025-53786", servername=name, timestamp=f"{on} 04:05:06")
        take(cast, write(tmp_path, [seen], report="scan_exchange", on=on))
    detail = Finding.unscoped.get().detail
    assert detail["cves"] == ["CVE-2025-53786"]
    assert detail["tags"] == ["webshell"]
    assert detail["seen"] == ["servername=MAIL01"]


@pytest.mark.parametrize("tag", ["exchange,webshell", "exchange; webshell", "exchange webshell"])
def test_tags_may_be_parted_otherwise(cast, home, tmp_path, tag):
    take(cast, write(tmp_path, [exchange(tag=tag)], report="scan_exchange"))
    assert Finding.unscoped.get().detail["tags"] == ["exchange", "webshell"]


def test_a_value_is_cut_and_cannot_pose_as_another(cast, home, tmp_path):
    name = f"A{PARTED_BY}url=https://evil.example " + "x" * 300
    take(cast, write(tmp_path, [exchange(servername=name)], report="scan_exchange"))
    (told,) = Finding.unscoped.get().detail["seen"]
    assert told.startswith("servername=A url=https://evil.example xxx")
    assert len(told) == len("servername=") + VALUE_MAX


def test_what_was_seen_is_there_when_history_is_attributed_anew(cast, home, tmp_path):
    other = row(report="scan_exchange", address="203.0.113.9", servername="MAIL09", tag="webshell")
    take(cast, write(tmp_path, [other], report="scan_exchange"))
    assert Finding.unscoped.count() == 0
    make_resource(cast.fjellvik, "prefix", "203.0.113.0/24")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert Finding.unscoped.get().detail["seen"] == ["servername=MAIL09"]


def test_a_store_of_an_earlier_version_has_no_evidence_and_can_be_read(cast, home, tmp_path):
    take(cast, write(tmp_path, [exchange(servername="MAIL01")], report="scan_exchange"))
    (kept,) = OBSERVATIONS.folder.rglob("*.parquet")
    with reading() as db:
        old = tmp_path / "old.parquet"
        db.run(
            f"copy (select * exclude (tags, evidence) from read_parquet({literal(kept)})) "
            f"to {literal(old)} (format parquet)"
        )
    old.replace(kept)
    (found,) = observation_list(actor=cast.astrid, wanted=ObservationFilter(), with_raw=False)
    assert (found["tags"], found["evidence"]) == (None, None)


def days_seen(found):
    return {day.on.day: day.look for day in found.days if day.look != "none"}


def test_each_day_says_whether_it_was_seen_or_the_report_came_without_it(cast, home, tmp_path):
    other = row(report="scan_exchange", address="198.18.0.9", port="443")
    for day, seen in ((1, exchange()), (2, other), (4, exchange())):
        take(cast, write(tmp_path, [seen], report="scan_exchange", on=f"2026-03-0{day}"))
    finding = Finding.unscoped.get(subject="198.18.0.7")
    found = sightings_of(actor=cast.astrid, finding=finding, until=UNTIL)
    assert days_seen(found) == {1: "seen", 2: "gone", 4: "seen"}
    assert len(found.days) == 60
    assert [each["source_ip"] for each in found.rows] == ["198.18.0.7"] * 2


def test_another_port_of_the_same_address_is_another_finding(cast, home, tmp_path):
    other = {**exchange(), "port": "8443"}
    take(cast, write(tmp_path, [exchange(), other], report="scan_exchange"))
    for finding in Finding.unscoped.all():
        found = sightings_of(actor=cast.astrid, finding=finding, until=UNTIL)
        assert [each["source_port"] for each in found.rows] == [finding.port]


def test_the_page_and_the_rows_as_received(cast, home, tmp_path, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: UNTIL)
    take(cast, write(tmp_path, [exchange(servername="=1+1")], report="scan_exchange"))
    finding = Finding.unscoped.get()
    client.be(cast.people["ingvild"])
    page = client.get(f"/feeds/finding/{finding.pk}/").content.decode()
    assert "Seen on 1 of the 1 day on which the report came" in page
    rows = client.get(f"/feeds/finding/{finding.pk}/csv/").content.decode("utf-8-sig")
    header, first = rows.splitlines()
    assert header.startswith("timestamp,severity,ip,")
    assert "198.18.0.7" in first
    assert "'=1+1" in first


@pytest.mark.parametrize("ending", ["", "csv/"])
def test_a_stranger_sees_no_observations(cast, client, ending):
    finding = make_finding(cast.fjellvik)
    client.be(cast.people["sigrid"])
    assert client.get(f"/feeds/finding/{finding.pk}/{ending}").status_code == 404


def test_every_report_with_telling_columns_tells_some_and_never_a_secret():
    for report, facts in kinds_of_report().items():
        assert len(facts["evidence"]) <= 8
        assert not {"password", "badsecret_secret", "username_password"} & set(facts["evidence"])
        assert not set(facts["evidence"]) & set(facts["layout"].values()), report
    assert evidence_columns("scan_exchange", kinds_of_report()["scan_exchange"])
