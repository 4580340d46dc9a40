"""Kinds of report are read as their files come: an archive may hold more of any of them."""

from __future__ import annotations

import zipfile

import pytest

from samsyn.findings.models import Finding
from samsyn.monitoring import collect, reading
from samsyn.monitoring.models import Batch
from tests.findings.test_fold import forget, picture, report, take
from tests.monitoring.reports import row, write

KINDS = ("scan_rdp", "scan_ssh", "scan_vnc", "event4_sinkhole")


def files(folder):
    """Five kinds on two days: half of them in an archive, which is named like a report."""
    folder.mkdir()
    loose = [report(folder, 1, "7 8", report=kind) for kind in KINDS]
    packed = [report(folder, 2, "8 9", report=kind) for kind in (*KINDS[:2], "scan_telnet")]
    archive = folder / "2026-03-01-scan_rdp-all.csv"
    with zipfile.ZipFile(archive, "w") as made:
        for path in packed:
            made.write(path, path.name)
            path.unlink()
    return [*loose, archive]


def test_all_that_came_together_is_read_once_whatever_holds_it(cast, home, tmp_path):
    done = take(cast, *files(tmp_path / "together"))
    assert Batch.unscoped.count() == 7
    assert set(Finding.unscoped.values_list("report", flat=True)) == {*KINDS, "scan_telnet"}
    assert done["new"] == Finding.unscoped.count() == 2 * 3 + 2 * 2 + 2
    together = picture()
    assert take(cast, *files(tmp_path / "again"))["new"] == 0
    assert picture() == together


def test_a_file_that_cannot_be_kept_undoes_the_run(cast, home, tmp_path, monkeypatch):
    right = collect.keep

    def full(path, **given):
        if "scan_vnc" in path.name:
            raise OSError("no space left")
        return right(path, **given)

    monkeypatch.setattr(collect, "keep", full)
    with pytest.raises(OSError, match="no space"):
        take(cast, *files(tmp_path / "full"))
    assert not Batch.unscoped.exists()
    assert not Finding.unscoped.exists()
    monkeypatch.setattr(collect, "keep", right)
    write(tmp_path, [row(address="198.18.0.7")])
    assert take(cast, tmp_path)["new"]


def stored(home):
    """Return how many reports lie in the store."""
    return len(list((home / "store" / "observations").rglob("*.parquet")))


@pytest.mark.parametrize("most", [1, 2, 6])
def test_what_is_read_reaches_the_store_however_many_readers_there_are(
    cast, home, tmp_path, monkeypatch, most
):
    monkeypatch.setattr(collect, "READERS", most)
    take(cast, *files(tmp_path / "all"))
    assert stored(home) == 7
    late = [report(tmp_path, 1, "5", report=kind, stream="other") for kind in KINDS]
    assert take(cast, *late)["new"] == len(KINDS)  # all of these kinds are told anew
    assert stored(home) == 7 + len(KINDS)


def test_an_archive_may_bring_an_earlier_day_of_what_came_loose(cast, home, tmp_path):
    days = [[report(tmp_path, n, "7 8", report=kind) for kind in KINDS] for n in (1, 2)]
    archive = tmp_path / "2026-03-01-event4_sinkhole-all.csv"  # named as no archive is
    with zipfile.ZipFile(archive, "w") as made:
        for path in days[0]:
            made.write(path, path.name)
    take(cast, *days[1], archive)
    together = picture()
    assert {line[9] for line in together[0]} == {2}  # each has been seen on both days
    forget()
    for day in days:
        take(cast, *day)
    assert picture() == together


def test_what_cannot_be_stored_undoes_the_run(cast, home, tmp_path, monkeypatch):
    right = reading.store_chunk

    def full(db, reports, claims):
        if reports[0].name == "scan_vnc":
            raise OSError("no space left")
        right(db, reports, claims)

    monkeypatch.setattr(reading, "store_chunk", full)
    paths = files(tmp_path / "full")
    with pytest.raises(OSError, match="no space"):
        take(cast, *paths)
    assert not Batch.unscoped.exists()
    assert not Finding.unscoped.exists()
    monkeypatch.undo()
    assert take(cast, *paths)["new"] == 2 * 3 + 2 * 2 + 2
    assert stored(home) == 7


def test_a_register_that_cannot_be_read_ends_the_run_and_leaves_nothing(
    cast, home, tmp_path, monkeypatch
):
    """The reports that were being parsed meanwhile wait for it, and must not wait for ever."""

    def broken(_operator):
        raise ValueError("no register")

    monkeypatch.setattr(collect, "register", broken)
    paths = files(tmp_path / "all")
    for some in (paths[:1], paths):
        with pytest.raises(ValueError, match="no register"):
            take(cast, *some)
    assert not Batch.unscoped.exists()
    monkeypatch.undo()
    assert take(cast, *paths)["new"]
