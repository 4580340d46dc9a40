"""A store made anew from the received files is the one there was, and findings stay as they are."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime

import duckdb
import pytest
from django.core.management import call_command

from samsyn.findings.models import Finding, FindingEvent, FoldedReport
from samsyn.findings.services import finding_acknowledge, finding_answer
from samsyn.kernel.errors import Conflict, KeptDamaged
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import observation_attribute, observation_import, store_rebuild
from tests.cast import make_resource
from tests.monitoring.reports import row, write

pytestmark = pytest.mark.once  # the store is in files


def take(cast, *paths):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)


def reports(folder, numbers, kinds=("scan_rdp", "scan_ssh")):
    """Write the reports of some days, in which findings come, go and come back."""
    paths = []
    for number in numbers:
        on = date(2026, 3, number)
        for kind in kinds:
            seen = [a for a in range(1, 12) if number <= 1 + a % 6 or (a % 3, number) == (0, 7)]
            rows = [row(kind, address=f"198.18.0.{a}", timestamp=f"{on} 0{n % 9}:00:00", port="22")
                    for n, a in enumerate(seen)]  # fmt: skip
            paths.append(write(folder, rows, report=kind, on=str(on)))
    return paths


def everything():
    return (
        list(Finding.unscoped.order_by("pk").values()),
        list(FindingEvent.unscoped.order_by("pk").values()),
        list(FoldedReport.objects.order_by("pk").values()),
        list(Batch.unscoped.order_by("pk").values()),
    )


def store(home):
    """Return the rows of every file of the store, by its place."""
    found, named = {}, set(FoldedReport.objects.values_list("episodes", flat=True))
    for path in sorted((home / "store").rglob("*.parquet")):
        if path.parent.name == "finding_episodes" and path.name not in named:
            continue  # of an earlier import; swept later
        rows = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning=false)")
        found[str(path.relative_to(home))] = sorted(map(str, rows.fetchall()))
    # Whether an empty batch has an empty file depends on how many were read together.
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture
def history(cast, home, tmp_path):
    """Reports plain, damaged and packed; answers; a register that changed between."""
    folder = tmp_path / "reports"
    folder.mkdir()
    first = reports(folder, [1, 2])
    first[0].write_bytes(first[0].read_bytes() + b'"cut off')
    take(cast, *first)
    one, other, third = Finding.unscoped.order_by("pk")[:3]
    finding_acknowledge(actor=cast.ingvild, finding=one, at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    finding_answer(
        actor=cast.jonas, finding=other, answer="fixed", at=datetime(2026, 3, 2, 13, tzinfo=UTC)
    )
    told = datetime(2026, 3, 2, 15, tzinfo=UTC)
    Finding.unscoped.filter(pk=third.pk).update(told_at=told, told_reopened=0)
    make_resource(cast.elvdal, "prefix", "198.18.0.9/32")
    packed = folder / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in reports(folder, [3, 4, 5]):
            archive.write(path, path.name)
    take(cast, packed)
    take(cast, *reports(folder, [6, 7]))
    return folder


def test_the_store_and_findings_are_as_before(cast, home, history):
    before, stored = everything(), store(home)
    assert Batch.unscoped.values("claims").distinct().count() == 2
    shutil.rmtree(home / "store")
    with pytest.raises(KeptDamaged):
        take(cast, *reports(history, [8]))
    call_command("store_rebuild")
    assert store(home) == stored
    assert everything() == before
    assert take(cast, *reports(history, [8]))["batches"] == 2


def test_findings_that_moved_are_rebuilt_too(cast, home, history):
    Finding.unscoped.update(told_at=datetime(2026, 3, 2, 15, tzinfo=UTC))
    make_resource(cast.elvdal, "prefix", "198.18.0.6/32")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert FindingEvent.unscoped.filter(kind="moved").exists()
    before, stored = everything(), store(home)
    shutil.rmtree(home / "store")
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    assert store(home) == stored
    assert everything() == before


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_received_file_that_is_not_as_it_came_stops_it(cast, home, history, harm):
    kept = Batch.unscoped.filter(kept_as__endswith=".csv").first().kept_path
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes().replace(b"198.18.0.3", b"198.18.0.4"))
    if harm == "missing":
        kept.unlink()
    before = everything()
    shutil.rmtree(home / "store")
    with pytest.raises(KeptDamaged, match=harm):
        store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    assert everything() == before


def test_what_is_read_otherwise_now_is_refused_until_it_is_accepted(cast, home, history):
    before = everything()
    Batch.unscoped.filter(report="scan_ssh", report_on="2026-03-01").update(observations=99)
    with pytest.raises(Conflict, match="--anew"):
        store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt], is_anew=True)
    unmoved = {f["id"] for f in before[0] if f["subject"] != "198.18.0.9"}
    assert unmoved <= {f["id"] for f in everything()[0]}
    assert Batch.unscoped.values("claims").distinct().count() == 1
    assert Batch.unscoped.get(report="scan_ssh", report_on="2026-03-01").observations < 99


def test_a_finding_that_does_not_follow_is_not_covered_up(cast, home, history):
    Finding.unscoped.filter(pk=Finding.unscoped.first().pk).update(times_seen=77)
    with pytest.raises(Conflict, match="do not follow"):
        store_rebuild(actor=cast.astrid, operators=[cast.samvakt])


def test_a_register_that_was_not_kept_is_asked_for(cast, home, history):
    shutil.rmtree(home / "received" / "registers")
    with pytest.raises(KeptDamaged, match="register"):
        store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
