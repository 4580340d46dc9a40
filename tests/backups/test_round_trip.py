"""A backup made while an import runs, restored elsewhere, is a whole installation."""

from __future__ import annotations

import json
import shutil
import stat
import time

import pytest

from tests.backups.places import drop_database, make_place

KEPT = ("findings", "events", "folded")


@pytest.fixture(scope="module")
def place(tmp_path_factory, empty_database):
    made = make_place(tmp_path_factory.mktemp("first") / "home")
    made.begin(empty_database)
    made.act("build", made.home.with_name("reports"))
    yield made
    drop_database(made)


@pytest.fixture(scope="module")
def as_built(place):
    """What the installation said when it was built, a backup of it, and what was said of that."""
    return place.tell(), *place.back_up(place.home.with_name("backups"))


@pytest.fixture
def elsewhere(tmp_path):
    made = make_place(tmp_path / "elsewhere")
    yield made
    drop_database(made)


@pytest.mark.slow
def test_restored_and_rebuilt_it_is_as_it_was(place, as_built, elsewhere, tmp_path):
    before, *_backup = as_built
    importing = place.start("import", place.home.with_name("reports"))
    while not (place.home / "begun").exists():
        assert importing.poll() is None
        time.sleep(0.05)
    backup, _said = place.back_up(tmp_path / "backups")
    importing.communicate(timeout=300)
    assert importing.returncode == 0
    after = place.tell()

    restored = elsewhere.samsyn("restore", backup)
    assert restored.returncode == 0, restored.stderr
    refused = elsewhere.samsyn("observation_import", place.home.with_name("reports"))
    assert "missing in the analytical store" in refused.stderr
    rebuilt = elsewhere.samsyn("store_rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    found = elsewhere.tell()
    folded = {row["report"]: row["episodes"] for row in found["folded"]}
    assert len(found["findings"]) >= len(before["findings"]) > 0
    assert list(found["batches"]) == after["batches"][: len(found["batches"])]
    assert len(folded) == 3
    assert elsewhere.samsyn("trail_verify").returncode == 0
    assert answers(found) == answers(before) != []

    # The import that was under way goes on where the backup ends.
    again = elsewhere.samsyn("observation_import", place.home.with_name("reports"))
    assert again.returncode == 0, again.stderr
    whole = elsewhere.tell()
    assert timeless(whole["findings"]) == timeless(after["findings"])
    assert timeless(whole["batches"]) == timeless(after["batches"])


@pytest.mark.slow
def test_without_an_import_every_row_and_file_is_as_it_was(as_built, elsewhere):
    before, backup, said = as_built
    assert "keep it as secret" in said
    assert elsewhere.samsyn("restore", backup).returncode == 0
    assert elsewhere.samsyn("store_rebuild").returncode == 0
    assert elsewhere.tell() == before
    assert (elsewhere.home / "secret_key").read_text() == "a secret of the test"
    for path in (*backup.rglob("*"), elsewhere.home / "secret_key"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    again = elsewhere.samsyn("restore", backup)
    assert again.returncode == 65
    assert "is not empty" in again.stderr


def answers(said):
    kept = ("id", "answer_kind", "answered_at", "told_at", "told_reopened")
    return [[row[name] for name in kept] for row in said["findings"] if row["answer_kind"]]


def timeless(rows):
    """Return rows without what says when and in which turn this machine did something."""
    ours = {"received_at", "folded_at", "id"}
    return sorted(
        (json.dumps({k: v for k, v in row.items() if k not in ours}, sort_keys=True))
        for row in rows
    )


@pytest.mark.slow
@pytest.mark.once
def test_a_killed_backup_is_no_backup(place, tmp_path):
    said = place.act("kill_backups", tmp_path / "backups", 5)
    assert said == "as it should be"


@pytest.mark.slow
@pytest.mark.once
def test_a_killed_restore_is_no_installation(as_built, tmp_path):
    _before, backup, _said = as_built
    copy = make_place(tmp_path / "copy" / "home")
    copy.home.mkdir(parents=True)
    if copy.url:
        pytest.skip("the restore of PostgreSQL is one transaction")
    assert copy.act("kill_restores", backup, 4) == "as it should be"
    cut_off = copy.home.with_name("restored")
    assert (cut_off / "restore_unfinished").exists()
    copy.home = cut_off
    for command in (["doctor"], ["restore", backup]):
        done = copy.samsyn(*command)
        assert done.returncode != 0
        assert "was cut off" in done.stderr


@pytest.mark.slow
@pytest.mark.once
def test_a_killed_rebuild_is_no_store(place, tmp_path):
    if place.url:
        pytest.skip("the store is the same whichever database there is")
    shutil.copytree(place.home, tmp_path / "home")
    copy = make_place(tmp_path / "home")
    assert copy.act("kill_rebuilds", 3) == "as it should be"
