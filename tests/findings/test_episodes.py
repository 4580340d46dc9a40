"""Episodes in the store: the file that the database names, and folding that is said anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from samsyn.analytics.engine import scratch_database
from samsyn.findings.fold import (
    EPISODES,
    Folded,
    episodes_path,
    require_episodes,
    sweep,
)
from samsyn.findings.leaving import Left
from samsyn.findings.models import Finding, FindingEvent, FoldedReport
from samsyn.findings.services import finding_answer
from samsyn.kernel.errors import Conflict, KeptDamaged
from samsyn.monitoring.services import store_rebuild
from tests.findings.test_fold import moment, report, take

OLD = 1_000_000_000.0


def named():
    return episodes_path(FoldedReport.objects.get(report="scan_rdp").episodes)


def aged(path, at):
    os.utime(path, (at, at))
    return path


def test_what_several_folds_made_is_added():
    first, second = Folded(1, 2, 3, 4, Left()), Folded(10, 20, 30, 40, Left())
    assert first + second == Folded(11, 22, 33, 44, Left() + Left())


def test_nothing_is_folded_while_a_file_of_episodes_is_missing(cast, home, tmp_path):
    require_episodes()
    take(cast, report(tmp_path, 1, "7"))
    require_episodes()
    named().unlink()
    with pytest.raises(KeptDamaged):
        require_episodes()


def test_each_fold_names_a_new_file_and_says_what_it_holds(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    first, folded = named(), FoldedReport.objects.get()
    assert first.name.startswith("scan_rdp-")
    take(cast, report(tmp_path, 2, "7 8"))
    again = FoldedReport.objects.get()
    assert named() != first
    assert again.latest_on > folded.latest_on
    assert again.folded_at > folded.folded_at
    with scratch_database() as db:
        rows = db.rows(f"select finding_id, times from read_parquet('{named()}') order by times")
    assert {pk for pk, _times in rows} == set(Finding.unscoped.values_list("pk", flat=True))
    assert [times for _pk, times in rows] == [1, 2]


def test_only_old_files_that_no_report_names_are_removed(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    kept = aged(named(), OLD)
    gone = [aged(shutil.copy(kept, EPISODES.folder / f"old-{n}.parquet"), OLD) for n in range(3)]
    young = aged(shutil.copy(kept, EPISODES.folder / "young.parquet"), OLD + 10)
    other = EPISODES.folder / "notes.txt"
    other.write_text("x")
    aged(other, OLD)
    assert sweep(before=OLD) == 0  # as old as that is not older
    assert sweep(before=OLD + 10) == 3
    assert not any(Path(path).exists() for path in gone)
    assert all(Path(path).exists() for path in (kept, young, other))
    assert sweep(before=OLD + 10) == 0


# What people said of being fixed.


@pytest.mark.parametrize(
    ("kept", "reopened"),
    [
        ({"kind": "answered", "answer_kind": "fixed"}, 1),
        ({"kind": "answered", "answer_kind": "planned"}, 0),
        ({"kind": "acknowledged", "answer_kind": "fixed"}, 0),
    ],
)
def test_only_an_answer_that_it_is_fixed_makes_the_next_sighting_another_life(
    cast, home, tmp_path, kept, reopened
):
    take(cast, report(tmp_path, 1, "7"))
    finding_answer(actor=cast.jonas, finding=Finding.unscoped.get(), answer="fixed", at=moment(2))
    FindingEvent.unscoped.update(**kept)
    assert take(cast, report(tmp_path, 3, "7"))["reopened"] == reopened


def test_an_answer_about_another_report_says_nothing_of_this_one(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 1, "7", report="scan_ssh"))
    other = Finding.unscoped.get(report="scan_ssh")
    finding_answer(actor=cast.jonas, finding=other, answer="fixed", at=moment(2))
    assert take(cast, report(tmp_path, 3, "7"))["reopened"] == 0


# Folding again what is there.


def test_episodes_are_made_again_as_they_were_and_the_database_stays(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), *(report(tmp_path, n) for n in (2, 3, 4)))
    take(cast, report(tmp_path, 5, "7 8"))
    before = list(Finding.unscoped.order_by("pk").values())
    with scratch_database() as db:
        rows = db.rows(f"select * from read_parquet('{named()}') order by all")
    shutil.rmtree(home / "store")
    call_command("store_rebuild")
    with scratch_database() as db:
        assert db.rows(f"select * from read_parquet('{named()}') order by all") == rows
    assert list(Finding.unscoped.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "changed",
    [{"state": "open", "reopened_count": 0}, {"times_seen": 9}, {"subject": "198.18.0.9"}],
)
def test_what_does_not_follow_from_the_received_files_is_said_and_nothing_written(
    cast, home, tmp_path, changed
):
    take(cast, report(tmp_path, 1, "7"), *(report(tmp_path, n) for n in (2, 3, 4)))
    take(cast, report(tmp_path, 5, "7"))
    Finding.unscoped.update(**changed)
    shutil.rmtree(home / "store")
    with pytest.raises(Conflict, match="do not follow from the received files"):
        store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    assert not named().exists()
