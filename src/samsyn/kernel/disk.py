"""Settles what was written on the disk; tells what an error of the disk or the database means."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
UNWRITABLE = frozenset({errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM})
# What SQLite, PostgreSQL (by its code) and DuckDB say; each wraps the system's own error.
_TEXTS = (
    "database or disk is full",
    "disk i/o error",
    "attempt to write a readonly database",
    "no space left on device",
    "disk quota exceeded",
    "file too large",
    "read-only file system",
)
_STATES = frozenset({"53100", "25006", "58030"})  # disk full, read only, I/O error
_ENGINES = ("django.db", "sqlite3", "psycopg", "duckdb", "_duckdb")
_LOCKED = "database is locked"
_DENIED = "42501"  # PostgreSQL: the role may not use a table
_OURS = ("no such table", "no such column", "syntax error")  # SQLite says it in the same class
_DEPTH = 10


def settle(path: Path) -> None:
    """Return when a file, or the names in a folder, would outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_disk_failure(error: BaseException | None) -> bool:
    """Return whether an error, or one that it came from, is of the disk."""
    return any(_is_of_disk(each) for each in _chain(error))


def is_locked(error: BaseException | None) -> bool:
    """Return whether SQLite waited in vain for another writer."""
    return any(_is_of_engine(each) and _LOCKED in str(each) for each in _chain(error))


def is_denied(error: BaseException | None) -> bool:
    """Return whether PostgreSQL refuses the role that is used."""
    return any(getattr(each, "sqlstate", None) == _DENIED for each in _chain(error))


def is_away(error: BaseException | None) -> bool:
    """Return whether the database does not answer, or not to the role that is used."""
    return is_denied(error) or any(_is_of_connection(each) for each in _chain(error))


def _is_of_connection(error: BaseException) -> bool:
    if type(error).__name__ != "OperationalError" or not _is_of_engine(error):
        return False
    return not any(text in str(error) for text in _OURS)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _depth in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _is_of_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL | UNWRITABLE
    if getattr(error, "sqlstate", None) in _STATES:
        return True
    return _is_of_engine(error) and any(text in str(error).lower() for text in _TEXTS)


def _is_of_engine(error: BaseException) -> bool:
    return type(error).__module__.startswith(_ENGINES)
