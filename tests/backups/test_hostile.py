"""A backup that somebody has tampered with is refused before anything is touched."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.backups import databases, restoring, rules
from samsyn.backups.private import look_at, write_file
from samsyn.backups.restoring import backup_restore
from samsyn.backups.rules import KeptFile, Manifest, is_safe, is_too_old, manifest_read
from samsyn.kernel.errors import RuleViolation

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TABLES = """
create table audit_entry (number integer, hash text);
create table django_migrations (app text, name text);
create table monitoring_batch (kept_as text, sha256 text);
create table documents_documentversion (sha256 text);
create table situation_edition (frozen text);
insert into audit_entry values (7, 'abc');
"""


@pytest.fixture
def here(tmp_path, settings, monkeypatch):
    """Let the settings name an empty home with SQLite."""
    settings.SAMSYN_HOME = tmp_path / "home"
    monkeypatch.setattr(databases, "is_sqlite", lambda: True)
    return tmp_path / "home"


@pytest.fixture
def backup(tmp_path, here):
    root = tmp_path / "samsyn-1"
    root.mkdir()
    with sqlite3.connect(root / "database.sqlite3") as made:
        made.executescript(TABLES)
    made.close()
    write_file(root, "files/aa/bb/evidence", [b"minutes"])
    seal(root, manifest_of(root))
    return root


def manifest_of(root):
    paths = sorted(p for p in root.rglob("*") if p.is_file())
    return Manifest(
        made_at="2026-03-02T12:00:00+00:00", samsyn="0.1", vendor="sqlite", server="3",
        trail_number=7, trail_hash="abc", keys="none", keys_mark="", migrations=[],
        files=[look_at(root, str(p.relative_to(root))) for p in paths],
    )  # fmt: skip


def seal(root, manifest):
    (root / "manifest.json").write_text(rules.manifest_text(manifest))


def refused(backup, here, words):
    with pytest.raises(RuleViolation, match=words):
        backup_restore(backup=backup, say=str)
    assert not here.exists()


def test_an_honest_one_is_restored(backup, here):
    done = backup_restore(backup=backup, say=str)
    assert (here / "files/aa/bb/evidence").read_bytes() == b"minutes"
    assert databases.sqlite_listing(here / "samsyn.sqlite3").trail == (7, "abc")
    assert not (here / "restore_unfinished").exists()
    assert done.manifest.trail_number == 7


@pytest.mark.parametrize(
    "path",
    ["../outside", "files/../../outside", "/etc/passwd", "files//x", "files/./x", "store/x.parquet",
     "files/a\\..\\b", "files/\x00", "samsyn.sqlite3", "restore_unfinished", "files", "static/x.js",
     "database.dump", "files/" + "x" * 256, "_key"],
)  # fmt: skip
def test_a_path_outside_is_refused(backup, here, path):
    assert not is_safe(path)
    honest = manifest_of(backup)
    files = [f for f in honest.files if f.path != "manifest.json"]
    seal(backup, replace(honest, files=[*files, KeptFile(path, "0" * 64, 1)]))
    refused(backup, here, "manifest cannot be used")


@pytest.mark.parametrize("harm", ["altered", "cut off", "missing", "manifest", "no manifest"])
def test_a_file_that_differs_is_refused(backup, here, harm):
    path = backup / "files/aa/bb/evidence"
    if harm == "missing":
        path.unlink()
    elif harm == "manifest":
        path = backup / "manifest.json"
        path.write_text(path.read_text().replace('"trail_number": 7', '"trail_number": 8'))
    elif harm == "no manifest":
        (backup / "manifest.json").unlink()
    else:
        path.write_bytes(b"minutez" if harm == "altered" else b"minute")
    refused(backup, here, "differs|is missing|checksum|no finished backup")


def test_one_that_was_not_finished_is_refused_though_all_of_it_is_there(backup, here):
    left = backup.rename(backup.with_name(".samsyn-1.unfinished"))
    refused(left, here, "no finished backup")


@pytest.mark.parametrize("where", ["file", "folder", "pipe"])
def test_a_link_or_a_device_is_refused(backup, here, tmp_path, where):
    (tmp_path / "outside").mkdir()
    if where == "file":
        (backup / "files/aa/bb/evidence").unlink()
        (backup / "files/aa/bb/evidence").symlink_to("/etc/passwd")
    elif where == "folder":
        (backup / "packs").symlink_to(tmp_path / "outside")
    else:
        os.mkfifo(backup / "files/pipe")
    refused(backup, here, "link or a device")


def test_a_database_that_is_damaged_is_refused_though_its_digest_fits(backup, here):
    path = backup / "database.sqlite3"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    (backup / "manifest.json").unlink()
    seal(backup, manifest_of(backup))
    refused(backup, here, "database is damaged")


def test_another_trail_than_the_manifest_says_is_refused(backup, here):
    (backup / "manifest.json").unlink()
    seal(backup, replace(manifest_of(backup), trail_hash="other"))
    refused(backup, here, "trail")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "nonsense", '{"format": 2}', "[" * 100_000]
)
def test_a_manifest_of_another_form_is_refused(backup, here, text):
    (backup / "manifest.json").write_text(text)
    refused(backup, here, "manifest cannot be used")


def test_every_field_of_a_manifest_is_needed(backup):
    body = json.loads((backup / "manifest.json").read_text())
    for name in asdict(manifest_of(backup)):
        less = {key: value for key, value in body.items() if key not in {name, "checksum"}}
        with pytest.raises(ValueError, match="checksum"):
            manifest_read(json.dumps(less))


def test_a_backup_of_a_newer_release_is_refused(backup, here):
    (backup / "manifest.json").unlink()
    seal(backup, replace(manifest_of(backup), migrations=["audit.9999_later"]))
    refused(backup, here, "newer than this one")


def test_a_backup_of_the_other_database_is_refused(backup, here, monkeypatch):
    monkeypatch.setattr(databases, "is_sqlite", lambda: False)
    refused(backup, here, "of sqlite and the settings name postgresql")


@pytest.mark.parametrize("name", ["samsyn.sqlite3", "received", "restore_unfinished", "note.txt"])
def test_a_place_that_is_not_empty_is_refused_and_left_alone(backup, here, name):
    here.mkdir()
    (here / name).write_text("mine")
    with pytest.raises(RuleViolation, match="is not empty"):
        backup_restore(backup=backup, say=str)
    assert [p.name for p in here.iterdir()] == [name]
    assert (here / name).read_text() == "mine"


def test_a_full_disk_is_said_before_anything_is_touched(backup, here, monkeypatch):
    monkeypatch.setattr(restoring, "SPARE_BYTES", 1 << 60)
    refused(backup, here, "no room")


@pytest.mark.parametrize(("days", "old"), [(3, False), (2, False), (1, True)])
def test_how_old_is_too_old(days, old):
    made = datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert is_too_old(made, NOW, days) is old
    assert is_too_old(None, NOW, days)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
HONEST = asdict(
    Manifest(
        made_at="2026-03-02T12:00:00+00:00", samsyn="0.1", vendor="sqlite", server="3",
        trail_number=7, trail_hash="abc", keys="none", keys_mark="", migrations=["a.b"],
        files=[KeptFile("database.sqlite3", "0" * 64, 1), KeptFile("files/aa/x", "1" * 64, 2)],
    )
)  # fmt: skip


def sealed(body):
    body = {"format": rules.FORMAT, **body}
    return json.dumps({**body, "checksum": rules._checksum(body)})


@given(st.sampled_from(sorted(HONEST)), ANY)
def test_a_field_of_any_kind_is_taken_or_refused_in_a_sentence(name, value):
    try:
        read = manifest_read(sealed({**HONEST, name: value}))
    except ValueError:
        return
    assert type(getattr(read, name)) is type(HONEST[name])


@given(st.sampled_from(["path", "sha256", "size"]), ANY)
def test_a_file_of_any_kind_is_taken_or_refused_in_a_sentence(name, value):
    files = [HONEST["files"][0], {**HONEST["files"][1], name: value}]
    with suppress(ValueError):
        manifest_read(sealed({**HONEST, "files": files}))


@given(ANY)
def test_any_json_is_taken_or_refused_in_a_sentence(value):
    for text in (json.dumps(value), sealed(value) if isinstance(value, dict) else "{}"):
        with pytest.raises(ValueError, match=r"."):
            manifest_read(text)


@pytest.mark.parametrize("target", ["elsewhere", "."])
def test_a_key_that_is_a_link_is_refused_before_anything_is_written(backup, here, target):
    here.mkdir()
    (here / "secret_key").symlink_to(here.parent / target)
    with pytest.raises(RuleViolation, match="no plain file"):
        backup_restore(backup=backup, say=str)
    assert [path.name for path in here.iterdir()] == ["secret_key"]
