"""The database of a backup: copied while it is in use, looked at, and put back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings

from samsyn.access.database_roles import MAY_ALTER, owner_needed
from samsyn.backups.private import open_new
from samsyn.kernel.disk import settle
from samsyn.kernel.errors import RuleViolation
from samsyn.settings import environment as env

Rows = Callable[[str], Sequence[tuple[Any, ...]]]
PROGRAMS = Path("/usr/lib/postgresql")  # where Debian and Ubuntu keep each version's programs


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """What a database says of itself and of the files that it names.

    ``received`` and ``evidence`` are SHA-256 digests; a received file has its path too.
    """

    server: str
    trail: tuple[int, str]
    migrations: list[str]
    received: dict[str, str]
    evidence: set[str]
    editions: set[str]


def listing(rows: Rows, server: str) -> DatabaseContents:
    """Return what a database lists, in plain SQL: Django may not know the copy."""
    trail = rows("select number, hash from audit_entry order by number desc limit 1")
    moved = rows("select app, name from django_migrations order by 1, 2")
    return DatabaseContents(
        server=server,
        trail=(int(trail[0][0]), str(trail[0][1])) if trail else (0, ""),
        migrations=[f"{app}.{name}" for app, name in moved],
        received={
            f"received/{path}": sha256
            for path, sha256 in rows("select distinct kept_as, sha256 from monitoring_batch")
            if path
        },
        evidence={d for (d,) in rows("select distinct sha256 from documents_documentversion")},
        editions={
            f"store/editions/{name}"
            for (name,) in rows("select distinct frozen from situation_edition")
            if name
        },
    )


def is_sqlite() -> bool:
    """Return whether the installation keeps its database in SQLite."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def sqlite_copy(source: Path, target: Path) -> DatabaseContents:
    """Copy a SQLite database that may be in use; return what the copy lists.

    The whole copy is of one moment, and nobody who writes has to wait.

    Raises:
        RuleViolation: the database cannot be read, or what was copied is damaged.

    """
    os.close(open_new(target))
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            copy.execute("pragma journal_mode = delete")  # one file, without a log beside it
    except sqlite3.DatabaseError as error:
        raise RuleViolation(f"The database {source} could not be copied: {error}.") from error
    settle(target)
    return sqlite_listing(target)


def sqlite_listing(path: Path) -> DatabaseContents:
    """Open a copy, prove that it is whole, and return what it lists.

    Raises:
        RuleViolation: it is damaged.

    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as copy:
            answer = copy.execute("pragma integrity_check(1)").fetchone()[0]
            if answer != "ok":
                raise RuleViolation(f"The copy of the database is damaged: {answer}")
            return listing(lambda sql: copy.execute(sql).fetchall(), sqlite3.sqlite_version)
    except sqlite3.DatabaseError as error:
        raise RuleViolation(f"The copy of the database is damaged: {error}") from error


def postgresql_url() -> str:
    """Return the address of the database, by its owner's role where there is one of its own.

    The role that serves pages may not see every row.
    """
    return str(env.DATABASE_OWNER_URL.value() or env.DATABASE_URL.value())


def postgresql_dump(target: Path) -> DatabaseContents:
    """Dump a PostgreSQL database in the custom format; return what it listed at that moment.

    Raises:
        RuleViolation: the role is not the tables' owner; pg_dump is missing, older than the
            server, or failed.

    """
    with _connected() as link:
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        link.read_only = True
        _require_owner(link)
        program = program_for("pg_dump", link.info.server_version // 10_000)
        snapshot = link.execute("select pg_export_snapshot()").fetchone()
        found = listing(lambda sql: link.execute(sql).fetchall(), _version(link))
        handle = open_new(target)
        with os.fdopen(handle, "wb") as file:
            arguments = ["--format=custom", f"--snapshot={snapshot[0] if snapshot else ''}"]
            _run([program, *arguments], stdout=file)
            os.fsync(file.fileno())
    postgresql_check(target)
    return found


def postgresql_check(dump: Path) -> None:
    """Read a dump from beginning to end.

    Raises:
        RuleViolation: it is damaged, or pg_restore is missing.

    """
    _run([program_for("pg_restore", 0), "--file=/dev/null", str(dump)], stdout=subprocess.DEVNULL)


def postgresql_require_empty() -> None:
    """Raise unless the database that the settings name holds nothing.

    Raises:
        RuleViolation: it has tables already, does not answer, or its role cannot make any.

    """
    with _connected() as link:
        _require_owner(link)
        program_for("pg_restore", link.info.server_version // 10_000)
        there = link.execute(
            "select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname not in ('pg_catalog', 'information_schema') "
            "and n.nspname not like 'pg_toast%' limit 1"
        ).fetchone()
    if there:
        raise RuleViolation(
            "The database is not empty. A backup is restored into an empty database only; "
            "make a new one and name it in SAMSYN_DATABASE_URL."
        )


def postgresql_restore(dump: Path) -> tuple[int, str]:
    """Put a dump into the empty database, all or nothing; return the end of its trail.

    Raises:
        RuleViolation: pg_restore failed; the database is as empty as before.

    """
    parts = urlsplit(postgresql_url())
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"]
    _run(
        [program_for("pg_restore", 0), *arguments, f"--dbname={parts.path.lstrip('/')}", str(dump)],
        stdout=subprocess.DEVNULL,
    )
    with _connected() as link:
        return listing(lambda sql: link.execute(sql).fetchall(), _version(link)).trail


@contextmanager
def _connected() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    try:
        link = psycopg.connect(postgresql_url())
    except psycopg.OperationalError as error:
        raise RuleViolation("The database does not answer: see SAMSYN_DATABASE_URL.") from error
    with link:
        yield link


def _require_owner(link: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Say which role is needed, before pg_dump or pg_restore fails in words of its own."""
    role, may_alter = link.execute(MAY_ALTER).fetchone() or ("", False)
    if not may_alter:
        raise RuleViolation(owner_needed(role))


def program_for(name: str, server: int) -> str:
    """Return one of PostgreSQL's programs that is at least as new as the server.

    Args:
        name: pg_dump or pg_restore.
        server: the server's version, as 15; 0 takes any.

    Raises:
        RuleViolation: it is missing, or all that are there are older.

    """
    found = [shutil.which(name), *(str(path) for path in PROGRAMS.glob(f"*/bin/{name}"))]
    versions = {path: program_version(path) for path in found if path}
    if not versions:
        raise RuleViolation(
            f"{name} is missing. Install PostgreSQL's client programs (postgresql-client)."
        )
    newest = max(versions, key=lambda path: versions[path])
    if versions[newest] < server:
        raise RuleViolation(
            f"{name} is version {versions[newest]} and the server is {server}. "
            f"Install the client programs of version {server} (postgresql-client-{server})."
        )
    return newest


def program_version(path: str) -> int:
    """Return the version that a program of PostgreSQL says it is, as 15; 0 if it says nothing."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  a program of PostgreSQL
    match = re.search(r"\) (\d+)", said.stdout)
    return int(match[1]) if match else 0


def _run(command: Sequence[str], *, stdout: Any) -> None:
    parts = urlsplit(postgresql_url())
    surroundings = (
        os.environ
        | {  # not among the arguments, where every user of the machine sees it
            "PGHOST": parts.hostname or "",
            "PGPORT": str(parts.port or ""),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
            "PGDATABASE": parts.path.lstrip("/"),
        }
    )
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL
        command, env=surroundings, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        first = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise RuleViolation(f"{Path(command[0]).name} failed: {first[:300]}")


def _version(link: psycopg.Connection[Any]) -> str:
    number = link.info.server_version
    return f"{number // 10_000}.{number % 10_000}"
