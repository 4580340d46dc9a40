"""Sends what a fold found to the database, in the caller's transaction.

PostgreSQL takes a file by COPY, where row policies let it, and else rows as JSON: the
application's role makes no temporary tables, whose names could hide others. SQLite takes
many rows with each statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from samsyn.access.rows import has_policies
from samsyn.analytics.engine import ScratchDatabase, literal
from samsyn.findings.loading import ROWS_AT_ONCE, Outgoing, insert_statement, update_statement
from samsyn.findings.models import Finding

JSON_AT_ONCE = 5_000
KINDS = """
select attname, format_type(atttypid, atttypmod) from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
FINDINGS = Finding._meta.db_table


class Sender:
    """Sends rows of a scratch database, and gives numbers to new findings."""

    def __init__(self, db: ScratchDatabase) -> None:
        self.is_indexed_later = False  # see ``bulk.index_later``
        self._db = db
        self._database = connections[DEFAULT_DB_ALIAS]
        self._next_number = 0

    def insert(
        self, table: str, rows: Outgoing, *, before: Callable[[Any], None] | None = None
    ) -> None:
        """Add rows to a table; ``before`` is called with SQLite's connection when it is time."""
        self._send(
            rows, partial(self._insert_by_copy, table), insert_statement(table, rows), before
        )

    def update(self, table: str, rows: Outgoing) -> None:
        """Write rows over those with the same ``id``."""
        self._send(rows, partial(self._update_by_json, table), update_statement(table, rows), None)

    def reserve_numbers(self, wanted: int) -> int:
        """Return the first of so many numbers for findings, never given before."""
        if self._database.vendor == "postgresql":
            return _reserved(self._database, wanted)
        if not self._next_number:
            with self._database.cursor() as cursor:
                cursor.execute("select seq from sqlite_sequence where name = %s", [FINDINGS])
                used = cursor.fetchone()
            self._next_number = (int(used[0]) if used else 0) + 1
        self._next_number += wanted
        return self._next_number - wanted

    def _send(
        self,
        rows: Outgoing,
        by_copy: Callable[[Outgoing], None],
        statement: Callable[[int], str],
        before: Callable[[Any], None] | None,
    ) -> None:
        if rows.rows and self._database.vendor == "sqlite":
            self._database.ensure_connection()
            _execute_many(self._db, self._database, rows, statement, before)
        elif rows.rows:
            by_copy(rows)
        self._db.run(f"drop table {rows.table}")

    def _insert_by_copy(self, table: str, rows: Outgoing) -> None:
        listed = ", ".join(f'"{name}"' for name in rows.names)
        if not has_policies(self._database):
            self._copy(f"{table} ({listed})", rows.chosen(rows.names))
            return
        # PostgreSQL copies into no table that has row policies for the role.
        insert = f"insert into {table} ({listed}) select {self._typed(table, rows.names)}"
        self._by_json(rows, rows.names, insert)

    def _update_by_json(self, table: str, rows: Outgoing) -> None:
        columns = [name for name in rows.names if name != "id"]
        kinds = self._kinds(table)
        assignments = ", ".join(f'"{each}" = given."{each}"::{kinds[each]}' for each in columns)
        self._by_json(
            rows,
            [*columns, "id"],
            f"update {table} f set {assignments}",
            where="where given.id::bigint = f.id",
        )

    def _by_json(self, rows: Outgoing, names: list[str], act: str, *, where: str = "") -> None:
        """Send rows as text in JSON, many with each statement."""
        fields = ", ".join(f'"{name}" text' for name in names)
        sql = f"{act} from json_to_recordset(%s::json) as given({fields}) {where}"
        objects = f"select to_json(given)::varchar from ({rows.chosen(names)}) given"
        with self._database.cursor() as cursor:
            for some in self._db.stream(objects, most=JSON_AT_ONCE):
                cursor.execute(sql, [f"[{','.join(text for (text,) in some)}]"])

    def _typed(self, table: str, names: list[str]) -> str:
        kinds = self._kinds(table)
        return ", ".join(f'given."{name}"::{kinds[name]}' for name in names)

    def _kinds(self, table: str) -> dict[str, str]:
        """Return of which type PostgreSQL keeps each column."""
        with self._database.cursor() as cursor:
            cursor.execute(KINDS, [table])
            return dict(cursor.fetchall())

    def _copy(self, target: str, rows: str) -> None:
        path = self._db.scratch("csv")
        self._db.run(f"copy ({rows}) to {literal(path)} (format csv, header false, nullstr '\\N')")
        statement = f"copy {target} from stdin (format csv, null '\\N')"
        with (
            self._database.wrap_database_errors,
            self._database.cursor() as cursor,
            path.open("rb") as file,
            cursor.copy(statement) as copy,
        ):
            while piece := file.read(1 << 16):
                copy.write(piece)
        path.unlink()


def _execute_many(
    db: ScratchDatabase,
    database: Any,
    rows: Outgoing,
    statement: Callable[[int], str],
    before: Callable[[Any], None] | None,
) -> None:
    """Send the columns that vary to SQLite, many rows with each statement.

    It goes past the cursor of Django, which would look for marks to replace in each.
    """
    sqlite = database.connection
    most = sqlite.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(rows.varying)
    many = min(ROWS_AT_ONCE, most)
    full = statement(many)
    with database.wrap_database_errors, _checked_before(sqlite):
        if before:
            before(sqlite)
        for some in db.stream(rows.chosen(rows.varying), most=many):
            sql = full if len(some) == many else statement(len(some))
            sqlite.execute(sql, tuple(chain.from_iterable(some)))


@contextmanager
def _checked_before(sqlite: Any) -> Iterator[None]:
    """Spare SQLite the checks of each row: what we send was made by our own SQL.

    PostgreSQL makes them all the same, and both are tested. Unique and foreign keys are
    not among them: those always hold.
    """
    sqlite.execute("pragma ignore_check_constraints = on")
    try:
        yield
    finally:
        sqlite.execute("pragma ignore_check_constraints = off")


def _reserved(database: Any, wanted: int) -> int:
    with database.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, 'id')", [FINDINGS])
        sequence = cursor.fetchone()[0]
        cursor.execute("select nextval(%s)", [sequence])
        first = int(cursor.fetchone()[0])
        cursor.execute("select setval(%s, %s)", [sequence, first + wanted - 1])
    return first
