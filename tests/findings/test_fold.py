"""From sightings to findings: opening, closing, reopening, in any order of arrival."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from samsyn.access.actor import job_actor
from samsyn.analytics.engine import scratch_database
from samsyn.findings import fold as folding
from samsyn.findings.measures import open_over_time
from samsyn.findings.models import Finding, FindingEvent, FoldedReport, Severity
from samsyn.findings.selectors import (
    episodes_in,
    finding_history,
    findings_version,
    folded_at,
)
from samsyn.findings.sending import Sender
from samsyn.findings.services import finding_acknowledge, finding_answer
from samsyn.kernel.errors import KeptDamaged
from samsyn.monitoring import stored
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import observation_attribute, observation_import
from tests.cast import make_resource
from tests.monitoring.reports import row, write

FIRST = date(2026, 3, 1)
SEED = 20260301


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def moment(number: int) -> datetime:
    return datetime(2026, 3, number, 12, tzinfo=UTC)


def report(folder, number: int, addresses="", *, report="scan_rdp", stream="test", **parts: str):
    """Write the report of a day: one row for each last part of an address in 198.18.0.0/24."""
    stamp = f"{day(number)} 04:00:00"
    rows = [
        row(report, address=f"198.18.0.{a}", port="3389", timestamp=stamp, **parts)
        for a in addresses.split()
    ]
    return write(folder, rows, report=report, on=str(day(number)), stream=stream)


def take(cast, *paths):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)["findings"]


def picture() -> list[tuple]:
    """Everything that the fold says, without numbers."""
    findings = [
        (f.organisation.name, f.report, f.subject, f.port, f.state, f.state_since, f.reopened_count,
         f.first_seen_at, f.last_seen_at, f.times_seen, f.last_reported_on, f.severity,
         f.host_name, f.stream)
        for f in Finding.unscoped.select_related("organisation")
    ]  # fmt: skip
    events = [
        (e.finding.subject, e.finding.report, e.at, e.kind)
        for e in FindingEvent.unscoped.select_related("finding")
    ]
    return [sorted(findings), sorted(events)]


def test_seen_again_is_the_same_finding(cast, home, tmp_path):
    assert take(cast, report(tmp_path, 1, "7"))["new"] == 1
    done = take(cast, report(tmp_path, 2, "7 8"))
    assert (done["new"], done["seen_again"], done["reopened"]) == (1, 1, 0)
    finding = Finding.unscoped.get(subject="198.18.0.7")
    assert (finding.times_seen, finding.last_reported_on, finding.state) == (2, day(2), "open")
    assert finding.first_seen_at.date() == day(1)


def test_it_closes_when_three_reports_came_without_it(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 2), report(tmp_path, 3))
    assert Finding.unscoped.get().state == "open"
    assert take(cast, report(tmp_path, 4))["closed"] == 1
    finding = Finding.unscoped.get()
    assert (finding.state, finding.state_since.date()) == ("closed", day(4))
    lines = finding_history(actor=cast.astrid, finding=finding)
    assert [(line.kind, line.at.date()) for line in lines] == [
        ("opened", day(1)), ("closed", day(4)),
    ]  # fmt: skip


def test_days_without_a_report_close_nothing(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 20))
    assert Finding.unscoped.get().state == "open"


def test_another_kind_of_report_closes_nothing(cast, home, tmp_path):
    take(
        cast,
        report(tmp_path, 1, "7"),
        *[report(tmp_path, n, report="scan_ssh") for n in range(2, 9)],
    )
    assert Finding.unscoped.get().state == "open"


def test_another_stream_closes_nothing(cast, home, tmp_path):
    take(
        cast, report(tmp_path, 1, "7"), *[report(tmp_path, n, stream="other") for n in range(2, 9)]
    )
    assert Finding.unscoped.get().state == "open"


def test_seen_after_closing_reopens(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), *[report(tmp_path, n) for n in range(2, 6)])
    done = take(cast, report(tmp_path, 6, "7"))
    assert (done["new"], done["seen_again"], done["reopened"]) == (0, 0, 1)
    finding = Finding.unscoped.get()
    assert (finding.state, finding.reopened_count, finding.state_since.date()) == (
        "reopened",
        1,
        day(6),
    )
    lines = finding_history(actor=cast.astrid, finding=finding)
    assert [line.kind for line in lines] == ["opened", "closed", "reopened"]


def test_missing_twice_is_not_closed(cast, home, tmp_path):
    take(
        cast,
        report(tmp_path, 1, "7"),
        report(tmp_path, 2),
        report(tmp_path, 3),
        report(tmp_path, 4, "7"),
    )
    finding = Finding.unscoped.get()
    assert (finding.state, finding.reopened_count) == ("open", 0)


def test_fixed_is_a_claim_that_a_later_report_refutes(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    finding_answer(actor=cast.jonas, finding=Finding.unscoped.get(), answer="fixed", at=moment(2))
    take(cast, report(tmp_path, 2, "7"))
    assert Finding.unscoped.get().state == "fixed"  # that day's report may be from before
    done = take(cast, report(tmp_path, 3, "7"))
    assert done["reopened"] == 1
    finding = Finding.unscoped.get()
    assert (finding.state, finding.reopened_count) == ("reopened", 1)


def test_fixed_is_confirmed_by_three_reports_without_it(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    finding_answer(actor=cast.jonas, finding=Finding.unscoped.get(), answer="fixed", at=moment(1))
    take(cast, report(tmp_path, 2), report(tmp_path, 3), report(tmp_path, 4))
    assert Finding.unscoped.get().state == "closed"


def test_acknowledged_stays_when_seen_again(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    finding_acknowledge(actor=cast.ingvild, finding=Finding.unscoped.get(), at=moment(1))
    take(cast, report(tmp_path, 2, "7"))
    finding = Finding.unscoped.get()
    assert (finding.state, finding.times_seen) == ("acknowledged", 2)


def test_a_late_report_leaves_alone_what_people_said(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 3, "7"))
    finding_acknowledge(actor=cast.ingvild, finding=Finding.unscoped.get(), at=moment(4))
    number = Finding.unscoped.get().pk
    take(cast, report(tmp_path, 2, "7 8"))
    finding = Finding.unscoped.get(subject="198.18.0.7")
    assert (finding.state, finding.times_seen, finding.pk) == ("acknowledged", 3, number)


def random_reports(folder, chance: random.Random) -> list:
    paths = []
    for number in range(1, 10):
        for kind in ("scan_rdp", "scan_ssh"):
            for stream in ("a", "b"):
                if chance.random() < 0.7:
                    seen = " ".join(str(a) for a in range(1, 9) if chance.random() < 0.25)
                    host = chance.choice(["", "x.fjellvik.example"])
                    paths.append(
                        report(folder, number, seen, report=kind, stream=stream, host=host)
                    )
    return paths


@pytest.mark.parametrize("seed", [SEED, pytest.param(SEED + 1, marks=pytest.mark.slow)])
def test_the_order_of_arrival_does_not_matter(cast, home, tmp_path, seed):
    chance = random.Random(seed)
    paths = random_reports(tmp_path, chance)
    take(cast, *paths)
    at_once = picture()
    forget()
    for path in paths:
        take(cast, path)
    assert picture() == at_once
    forget()
    chance.shuffle(paths)
    for start in range(0, len(paths), 5):
        take(cast, *paths[start : start + 5])
    assert picture() == at_once


@pytest.mark.slow
def test_the_short_way_says_the_same_as_the_long_one(cast, home, tmp_path, monkeypatch):
    paths = random_reports(tmp_path, random.Random(SEED))
    days = {}
    for path in paths:
        days.setdefault(path.name[:10], []).append(path)
    one_stream = [[p for p in of_day if p.name.endswith("-a.csv")] for of_day in days.values()]
    for of_day in filter(None, one_stream):
        take(cast, *of_day)
    short = picture()
    forget()
    monkeypatch.setattr(folding, "_is_simple", lambda _db: False)
    for of_day in filter(None, one_stream):
        take(cast, *of_day)
    assert picture() == short


def forget() -> None:
    FoldedReport.objects.all().delete()
    Finding.unscoped.all().delete()
    Batch.unscoped.all().delete()


def test_findings_follow_when_a_resource_changes_hands(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 2, "7 8"))
    assert set(Finding.unscoped.values_list("organisation__name", flat=True)) == {"Fjellvik"}
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    done = observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert done["batches"] == 2
    found = Finding.unscoped.order_by("subject").values_list(
        "organisation__name", "subject", "times_seen"
    )
    assert list(found) == [("Elvdal", "198.18.0.7", 2), ("Fjellvik", "198.18.0.8", 1)]
    assert observation_attribute(actor=cast.astrid, operator=cast.samvakt)["batches"] == 0


def test_a_finding_somebody_was_told_of_stays_as_closed(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    Finding.unscoped.update(told_at=moment(1))
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    old, new = Finding.unscoped.order_by("organisation__name")[::-1]
    assert (old.state, new.state, new.told_at) == ("closed", "open", None)
    lines = finding_history(actor=cast.astrid, finding=old)
    assert [line.kind for line in lines] == ["opened", "moved"]
    take(cast, report(tmp_path, 2, "7"))
    assert Finding.unscoped.get(organisation=cast.elvdal).times_seen == 2


def test_a_finding_that_comes_back_to_its_owner_reopens(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    Finding.unscoped.update(told_at=moment(1))
    claim = make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    claim.delete()
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    finding = Finding.unscoped.get(organisation=cast.fjellvik)
    assert (finding.state, finding.times_seen) == ("open", 1)
    assert not Finding.unscoped.filter(organisation=cast.elvdal).exists()


def test_lost_episodes_stop_an_import(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    for path in folding.EPISODES.folder.glob("*.parquet"):
        path.unlink()
    with pytest.raises(KeptDamaged):
        take(cast, report(tmp_path, 2, "7"))
    assert Finding.unscoped.get().times_seen == 1


def test_trends_come_from_the_episodes(cast, home, tmp_path):
    take(
        cast,
        report(tmp_path, 1, "7 8"),
        report(tmp_path, 2, "8"),
        *[report(tmp_path, n, "8") for n in (3, 4, 5)],
    )
    files = [(f.report, folding.episodes_path(f.episodes)) for f in FoldedReport.objects.all()]
    counted = open_over_time(
        actor=cast.jonas, files=files, since=day(1), until=day(5), by="severity"
    )
    assert counted.days == tuple(day(n) for n in range(1, 6))
    assert counted.together() == counted.together(cast.fjellvik.pk) == {"3": [2, 2, 2, 1, 1]}
    assert counted.together(cast.elvdal.pk) == {}
    seen = open_over_time(actor=cast.sigrid, files=files, since=day(1), until=day(5), by="severity")
    assert seen.together() == {}
    closed = [e for e in episodes_in(actor=cast.jonas, since=day(1), until=day(5)) if e.closed_on]
    assert [(e.opened_on, e.closed_on) for e in closed] == [(day(1), day(4))]


def test_what_changes_about_a_finding_is_written(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7", severity="low", host="old.example"))
    take(
        cast, report(tmp_path, 2, "7", severity="critical", host="new.example", tag="cve-2024-0001")
    )
    finding = Finding.unscoped.get()
    assert (finding.severity, finding.host_name) == (Severity.CRITICAL, "new.example")
    assert finding.detail["cves"] == ["CVE-2024-0001"]


def test_hostile_words_are_only_words(cast, home, tmp_path):
    words = "'; drop table findings_finding; -- %s %(x)s"
    account = f"{words}@fjellvik.example"
    take(
        cast,
        write(
            tmp_path, [row("compromised_account", account=account)], report="compromised_account"
        ),
    )
    assert Finding.unscoped.get().subject == account
    rows = [row("event4_sinkhole", address="198.18.0.7", vendor=words, product="%s")]
    take(cast, write(tmp_path, rows, report="event4_sinkhole"))
    assert Finding.unscoped.get(subject="198.18.0.7").detail["vendor"] == words


def test_numbers_are_never_given_twice(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7 8"))
    highest = max(Finding.unscoped.values_list("pk", flat=True))
    Finding.unscoped.get(pk=highest).delete()
    take(cast, report(tmp_path, 2, "9", report="scan_ssh"))
    assert Finding.unscoped.get(subject="198.18.0.9").pk > highest


def test_folding_is_inside_the_callers_transaction(cast, home, tmp_path):
    with scratch_database() as db, transaction.atomic():
        sender = Sender(db)
        stored.new_sightings(db, "sightings")
        stored.give_named(db, "scan_rdp")
        days = [folding.ReportDay("test", day(1))]
        done = folding.fold_report(
            db, sender, report="scan_rdp", days=days, close_after=3, is_full=False
        )
        transaction.set_rollback(True)
    assert done == folding.Folded()
    assert job_actor("test").is_system
    assert not FoldedReport.objects.exists()


def test_every_import_is_seen_by_whoever_keeps_what_was_shown(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    before = findings_version(), folded_at()
    take(cast, report(tmp_path, 2, "7 8"))
    assert findings_version() != before[0]
    assert folded_at() > before[1]
