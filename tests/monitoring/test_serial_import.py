"""The import in one thread and the one with threads come to the same, file by file, row by row."""

from __future__ import annotations

import gzip
import random
import shutil
import threading
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command

from samsyn.findings.fold import episodes_path
from samsyn.findings.models import Finding, FindingEvent, FoldedReport
from samsyn.findings.services import finding_answer
from samsyn.kernel.errors import KeptDamaged
from samsyn.monitoring import files
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import (
    inbox_collect,
    observation_attribute,
    observation_import,
    store_rebuild,
)
from tests.cast import make_resource
from tests.monitoring.reports import row, write

SEED = 20261201
FIRST = date(2026, 3, 1)
KINDS = ("scan_rdp", "scan_ssh", "event4_sinkhole", "scan6_ssh", "compromised_account")
OURS = ("id", "received_at", "folded_at", "finding_id")  # numbers and times of the run itself


def take(cast, paths, **given):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths, **given)


def subject(kind: str, number: int) -> dict[str, str]:
    """Return whom a row is about: somebody's, another's, nobody's."""
    if kind == "scan6_ssh":
        return {"address": f"2001:db8:{100 + number % 2}::{number:x}"}
    if kind == "compromised_account":
        domain = ("fjellvik.example", "nobody.example")[number % 2]
        return {"account": f"person{number}@{domain}"}
    return {"address": f"198.18.{(0, 4, 5, 99)[number % 4]}.{number}"}


def one_report(folder: Path, chance: random.Random, kind: str, number: int, stream: str) -> Path:
    """Write the report of a day; one in four is empty, one in five has damaged rows."""
    on = FIRST + timedelta(days=number)
    seen = [n for n in range(1, 25) if chance.random() < 0.35] if chance.random() < 0.75 else []
    rows = [
        row(
            kind,
            port=chance.choice(["22", "3389", "443"]),
            severity=chance.choice(["", "low", "critical"]),
            host=chance.choice(["", f"h{n}.fjellvik.example"]),
            timestamp=f"{on} 0{chance.randrange(10)}:00:00",
            **subject(kind, n),
        )
        for n in seen
    ]
    path = write(folder, rows, report=kind, on=str(on), stream=stream)
    if seen and chance.random() < 0.2:
        harm = chance.choice([b'"cut off', b"one,two\n", b"\xff\x00,\n", b'"not a time","x"\n'])
        path.write_bytes(path.read_bytes() + harm)
    return path


def packed(folder: Path, chance: random.Random, paths: list[Path]) -> list[Path]:
    """Put some of the files into an archive, pack one, and copy one under another name."""
    some = chance.sample(paths, len(paths) // 4)
    with zipfile.ZipFile(folder / f"{chance.randrange(10**6)}.zip", "w") as archive:
        for path in some:
            archive.write(path, path.name)
    for path in some[1:]:  # the first comes loose as well
        path.unlink()
    left = [path for path in paths if path.exists()]
    with gzip.open(folder / f"{left[0].name}.gz", "wb") as file:
        file.write(left[0].read_bytes())
    left[0].unlink()
    other = left[1].name.replace(".csv", "-again.csv")
    shutil.copy(left[1], folder / other)
    (folder / f"{FIRST}-no_such_report-test.csv").write_text("timestamp,ip\n")
    (folder / "cut.zip").write_bytes(b"PK\x03\x04 cut off")
    return sorted(folder.iterdir())


def deliveries(folder: Path, seed: int) -> list[list[Path]]:
    """Write two deliveries; in the second some days are late."""
    chance = random.Random(seed)
    made: dict[bool, list[Path]] = {False: [], True: []}
    for is_second in made:
        (folder / f"{is_second}").mkdir(parents=True)
    for kind in KINDS:
        for stream in ("a", "b"):
            for number in chance.sample(range(9), 6):
                is_second = number > 5 or chance.random() < 0.2
                place = folder / f"{is_second}"
                made[is_second].append(one_report(place, chance, kind, number, stream))
    return [packed(folder / f"{which}", chance, paths) for which, paths in made.items()]


def history(cast, claim, given: list[list[Path]]) -> list:
    """Import both deliveries, with an answer and another register between; and the first again."""
    outcomes = [take(cast, given[0])]
    first = Finding.unscoped.filter(report="scan_rdp").order_by("subject", "port").first()
    finding_answer(actor=cast.ingvild, finding=first, answer="fixed", at=noon(5))
    Finding.unscoped.filter(report="scan_ssh").update(told_at=noon(4))
    type(claim).unscoped.filter(pk=claim.pk).update(state="confirmed")
    outcomes += [take(cast, given[1]), take(cast, given[0])]
    outcomes.append(observation_attribute(actor=cast.astrid, operator=cast.samvakt))
    type(claim).unscoped.filter(pk=claim.pk).update(state="requested")
    for outcome in outcomes:
        outcome.get("refused", []).sort(key=str)
    return outcomes


def noon(number: int) -> datetime:
    return datetime(2026, 3, number, 12, tzinfo=UTC)


def without_ours(rows) -> Counter:
    return Counter(str({k: v for k, v in line.items() if k not in OURS}) for line in rows)


def installation(home: Path) -> dict[str, object]:
    """Return all that database and disk hold of the imports, without numbers given on the way."""
    keys = {f.pk: (f.organisation_id, f.report, f.subject, f.port) for f in Finding.unscoped.all()}
    moved = Counter(pk for pk in FindingEvent.unscoped.filter(kind="moved").values_list("finding"))
    findings = [line | {"moved": moved[line["id"],]} for line in Finding.unscoped.values()]
    for line in findings:  # what moved is closed when that is found
        line["state_since"] = None if line["moved"] else line["state_since"]
    events = [
        line | {"of": keys[line["finding_id"]], "at": line["kind"] != "moved" and line["at"]}
        for line in FindingEvent.unscoped.values()
    ]
    return {
        "findings": without_ours(findings),
        "events": without_ours(events),
        "batches": without_ours(Batch.unscoped.values()),
        "folded": Counter(FoldedReport.objects.values_list("report", "latest_on", "has_port")),
        "episodes": {f.report: episodes(f, keys) for f in FoldedReport.objects.all()},
        "store": stored(home),
        "received": sorted(
            str(p.relative_to(home)) for p in (home / "received").rglob("*") if p.is_file()
        ),
        "left over": sorted((home / "store/.work").iterdir()),
    }


def episodes(folded: FoldedReport, keys: dict) -> Counter:
    """Return the episodes of a report, each under the finding that the database has for it."""
    found = duckdb.sql(f"select * from read_parquet('{episodes_path(folded.episodes)}')")
    lines = [dict(zip(found.columns, line, strict=True)) for line in found.fetchall()]
    is_moved = {line["finding_id"] for line in lines if line["is_moved"]}
    for line in lines:
        line["of"] = keys[line["finding_id"]]
        if line["finding_id"] in is_moved and line["is_moved"]:
            line["closed_on"] = None  # the day of the run
    return without_ours(lines)


def stored(home: Path) -> dict[str, Counter]:
    """Return the rows of every file of the store, by its place."""
    files = {}
    for path in (home / "store").rglob("*.parquet"):
        if path.parent.name != "finding_episodes":
            rows = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning=false)")
            files[str(path.relative_to(home))] = Counter(map(str, rows.fetchall()))
    # Whether an empty batch has an empty file depends on how many were read together.
    return {name: rows for name, rows in files.items() if rows}


def forget() -> None:
    for rows in (FoldedReport.objects, Finding.unscoped, Batch.unscoped):
        rows.all().delete()


@pytest.mark.parametrize(
    "seed", [SEED, *(pytest.param(SEED + n, marks=pytest.mark.slow) for n in range(1, 4))]
)
def test_both_ways_come_to_the_same(cast, home, tmp_path, settings, seed):
    given = deliveries(tmp_path / "given", seed)
    claim = make_resource(cast.elvdal, "prefix", "198.18.0.8/29", state="requested")
    came = {}
    for is_serial in (False, True):
        settings.SAMSYN_HOME = tmp_path / f"home-{is_serial}"
        settings.IS_IMPORT_SERIAL = is_serial
        outcomes = history(cast, claim, given)
        came[is_serial] = installation(settings.SAMSYN_HOME) | {"outcomes": outcomes}
        forget()
    for part in came[True]:
        assert came[True][part] == came[False][part], (part, seed)
    assert_that_much_happened(came[True])


def assert_that_much_happened(came: dict) -> None:
    """Two ways that both do nothing would agree as well."""
    first, second, again, _attributed = came["outcomes"]
    assert first["findings"]["new"] > 50
    assert first["duplicates"]
    assert first["rejected"] + second["rejected"]
    assert len(first["refused"]) == 2
    assert second["findings"]["reopened"] + second["findings"]["closed"]
    assert again["batches"] == 0
    assert again["known"]
    assert len(came["episodes"]) == len(KINDS)


@pytest.fixture
def no_threads(monkeypatch):
    def start(_thread):
        raise AssertionError("a thread was started")

    monkeypatch.setattr(threading.Thread, "start", start)


def test_a_serial_import_starts_no_thread(cast, home, tmp_path, no_threads):
    rows = [row(address=f"198.18.0.{n % 250}", port=str(1000 + n)) for n in range(2_500)]
    paths = [write(tmp_path, rows), write(tmp_path, rows, report="scan_ssh")]
    with pytest.raises(AssertionError, match="a thread"):
        take(cast, paths)
    call_command("observation_import", *map(str, paths), "--serial")
    assert Finding.unscoped.count() == 5_000


def test_the_setting_holds_for_whatever_imports(cast, home, settings, monkeypatch, no_threads):
    settings.IS_IMPORT_SERIAL = True
    monkeypatch.setattr(files, "SETTLE_SECONDS", -1)
    write(home / "inbox", [row(address="198.18.0.7")])
    assert inbox_collect(actor=cast.astrid, operator=cast.samvakt)["batches"] == 1
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    assert observation_attribute(actor=cast.astrid, operator=cast.samvakt)["batches"] == 1
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt], is_anew=True)
    assert Finding.unscoped.get().organisation == cast.elvdal


def test_a_serial_import_stops_at_a_store_that_lacks_a_file(cast, home, tmp_path):
    take(cast, [write(tmp_path, [row(address="198.18.0.7")])], is_serial=True)
    kept = {path.name for path in (home / "store/finding_episodes").glob("*")}
    (home / "store/finding_episodes" / kept.pop()).unlink()
    later = write(tmp_path, [row(address="198.18.0.8")], on="2026-03-03")
    with pytest.raises(KeptDamaged):
        take(cast, [later], is_serial=True)
    assert Finding.unscoped.get().times_seen == 1
