"""What is said when a database cannot be copied, or PostgreSQL's programs do not fit."""

from __future__ import annotations

import pytest

from samsyn.backups import databases
from samsyn.kernel.errors import RuleViolation


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Let only programs in an empty folder be found; return how to put one there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(databases, "PROGRAMS", tmp_path / "none")

    def put(version):
        path = tmp_path / "pg_dump"
        path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
        path.chmod(0o755)
        return str(path)

    return put


def test_a_missing_program_is_said(programs):
    with pytest.raises(RuleViolation, match="pg_dump is missing"):
        databases.program_for("pg_dump", 15)


@pytest.mark.parametrize("version", ["14.9", "9.6.24"])
def test_an_older_program_is_said(programs, version):
    programs(version)
    major = version.split(".")[0]
    with pytest.raises(RuleViolation, match=f"version {major} and the server is 15"):
        databases.program_for("pg_dump", 15)


@pytest.mark.parametrize("version", ["15.6 (Debian 15.6-0)", "17.0"])
def test_one_as_new_or_newer_is_taken(programs, version):
    there = programs(version)
    assert databases.program_for("pg_dump", 15) == there


def test_a_sqlite_database_that_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(RuleViolation, match="could not be copied: unable to open"):
        databases.sqlite_copy(tmp_path / "gone.sqlite3", tmp_path / "copy.sqlite3")
