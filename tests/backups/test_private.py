"""What a backup writes is for its owner alone, and never inside what it copies."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime

import pytest

from samsyn.backups import writing
from samsyn.backups.private import pieces_of, write_file
from samsyn.backups.writing import backup_write
from samsyn.kernel.errors import RuleViolation

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_nobody_else_may_read_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_file(tmp_path, "received/ab/file", [b"x"])
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in sorted(tmp_path.rglob("*"))]
    assert modes == [0o700, 0o700, 0o600]


def test_a_file_that_is_there_is_not_written_over_and_a_link_not_followed(tmp_path):
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for name in ("target", "link"):
        with pytest.raises(FileExistsError):
            write_file(tmp_path, name, [b"x"])
    with pytest.raises(OSError, match="symbolic"):
        next(pieces_of(tmp_path / "link"))
    assert (tmp_path / "target").read_bytes() == b"mine"


@pytest.mark.parametrize("inside", ["", "backups", "files/backups"])
def test_a_place_inside_the_home_is_refused(home, inside):
    with pytest.raises(RuleViolation, match="not kept inside"):
        backup_write(into=home / inside, now=NOW, with_keys=True, say=str)
    assert not (home / "backups").exists()


def test_a_full_disk_is_said_before_anything_is_written(home, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(writing, "SPARE_BYTES", 1 << 60)
    into = tmp_path_factory.mktemp("full")
    with pytest.raises(RuleViolation, match="no room"):
        backup_write(into=into, now=NOW, with_keys=True, say=str)
    assert list(into.iterdir()) == []
