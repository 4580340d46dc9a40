"""Sends rows from a workbench to the database, as fast as each database takes them.

SQLite takes a hundred rows with each statement, since what a statement costs by itself is
more than a row; PostgreSQL takes a file by COPY, and changes rows from a temporary
table. Both stay inside the caller's transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, count, takewhile
from typing import Any

from django.db import connection

from samsyn.analytics.ahead import worked_ahead
from samsyn.analytics.engine import Workbench, literal

ROWS_AT_ONCE = 200
_MOMENT = re.compile(r"\$moment\{([^}]*)\}")
_HARMLESS = re.compile(r"^[A-Za-z0-9_ .:+-]*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the table ``outgoing`` of a workbench holds, and which columns never change in it.

    A value that is the same in all rows is written into the statement: binding it half
    a million times costs more than everything else. ``twins`` names columns that have in
    every row what another has.
    """

    rows: int
    varying: list[str]
    constant: dict[str, str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All columns."""
        return [*self.varying, *self.twins, *self.constant]


def outgoing(
    bench: Workbench, columns: Mapping[str, str], source: str, *, report: str = ""
) -> Outgoing:
    """Fill the table ``outgoing`` and say what is in it.

    Args:
        bench: where the source is.
        columns: the database's columns, and SQL for each; ``$moment{sql}`` is a moment as
            this database writes it, ``$report`` the report.
        source: the rest of the query, from ``from`` on.
        report: name of the report.

    """
    chosen = ", ".join(f'{value} as "{name}"' for name, value in columns.items())
    bench.run(_filled(f"create or replace temp table outgoing as select {chosen} {source}", report))
    rows: int = bench.rows("select count(*) from outgoing")[0][0]
    if not rows:
        return Outgoing(0, [])
    constant = _constant(bench, columns)
    varying = [name for name in columns if name not in constant]
    if not varying:  # a single row without a number: something must be left to be sent
        varying = [next(iter(columns))]
        constant.pop(varying[0])
    twins = _twins(bench, varying) if rows > ROWS_AT_ONCE else {}
    return Outgoing(rows, [name for name in varying if name not in twins], constant, twins)


def _constant(bench: Workbench, names: Iterable[str]) -> dict[str, str]:
    """Return the columns that are the same in all rows, as SQL literals.

    What the first rows have in common is a guess; one look at all rows checks it.
    """
    guessed = _alike(bench, [name for name in names if name != "id"])
    if not guessed:
        return {}
    asked = ", ".join(
        f'bool_or("{name}" is distinct from {value})' for name, value in guessed.items()
    )
    differs = bench.rows(f"select {asked} from outgoing")[0]
    return {name: guessed[name] for name, other in zip(guessed, differs, strict=True) if not other}


def _alike(bench: Workbench, names: Sequence[str]) -> dict[str, str]:
    """Return the columns that are the same in the first rows, as SQL literals."""
    if not names:
        return {}
    ends = ", ".join(f'min("{n}")::varchar, max("{n}")::varchar, count("{n}")' for n in names)
    some = f"(from outgoing limit {ROWS_AT_ONCE})"
    count, *found = bench.rows(f"select count(*), {ends} from {some}")[0]
    alike = {}
    for name, least, most, present in zip(names, found[::3], found[1::3], found[2::3], strict=True):
        if present == 0:
            alike[name] = "null"
        elif least == most and present == count and _HARMLESS.match(least):
            alike[name] = literal(least)
    return alike


def _twins(bench: Workbench, varying: Sequence[str]) -> dict[str, str]:
    """Return the column that says the same as another in every row: a finding seen once."""
    first, last = "first_seen_at", "last_seen_at"
    if first not in varying or last not in varying:
        return {}
    differs = bench.rows(f"select 1 from outgoing where {first} <> {last} limit 1")
    return {} if differs else {last: first}


def insert(bench: Workbench, table: str, rows: Outgoing) -> None:
    """Add the rows of ``outgoing`` to a table."""
    if not rows.rows:
        return
    listed = ", ".join(f'"{name}"' for name in rows.names)
    if connection.vendor == "postgresql":
        _copy(bench, f"{table} ({listed})", _chosen([*rows.varying, *rows.twins, *rows.constant]))
        return
    places = {name: f"?{{{place}}}" for place, name in enumerate(rows.varying)}
    values = [*places.values(), *(places[name] for name in rows.twins.values())]
    row = "(" + ", ".join([*values, *map(_braced, rows.constant.values())]) + ")"
    head = f"insert into {table} ({listed}) values "
    _execute_many(bench, rows.varying, lambda count: head + _repeated(row, rows.varying, count))


def update(bench: Workbench, table: str, rows: Outgoing) -> None:
    """Write the rows of ``outgoing`` over those with the same ``id``."""
    if not rows.rows:
        return
    if connection.vendor == "postgresql":
        _update_by_copy(bench, table, [name for name in rows.names if name != "id"])
        return
    place = {name: f"column{number}" for number, name in enumerate(rows.varying, start=1)}
    value = place | {name: place[twin] for name, twin in rows.twins.items()} | rows.constant
    assignments = ", ".join(f"{name} = {value[name]}" for name in rows.names if name != "id")
    row = "(" + ", ".join(f"?{{{number}}}" for number in range(len(rows.varying))) + ")"

    def statement(count: int) -> str:
        given = _repeated(row, rows.varying, count)
        return f"update {table} set {assignments} from (values {given}) where id = {place['id']}"

    _execute_many(bench, rows.varying, statement)


def _braced(value: str) -> str:
    return value.replace("{", "{{").replace("}", "}}")


def _repeated(row: str, varying: Sequence[str], count: int) -> str:
    """Return the places of so many rows, each numbered, so that a twin needs no own value."""
    width = len(varying)
    numbered = (
        row.format(*range(1 + number * width, 1 + (number + 1) * width)) for number in range(count)
    )
    return ", ".join(numbered)


def _execute_many(bench: Workbench, varying: Sequence[str], statement: Any) -> None:
    """Send the varying columns of ``outgoing``, many rows with each statement.

    It goes past the cursor of Django, which would look for marks to replace in each.
    """
    connection.ensure_connection()
    database = connection.connection
    most = database.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(varying)
    many = min(ROWS_AT_ONCE, most)
    full = statement(many)
    chunks = bench.stream(_chosen(varying), most=many)
    # While SQLite takes one chunk, a thread makes the rows of the next.
    ahead = worked_ahead(lambda _number: next(chunks, []), count(), workers=1)
    with _checked_before(), connection.wrap_database_errors, closing(ahead):
        for some in takewhile(bool, ahead):
            sql = full if len(some) == many else statement(len(some))
            database.execute(sql, tuple(chain.from_iterable(some)))


@contextmanager
def _checked_before() -> Iterator[None]:
    """Spare SQLite the checks of each row: what we send was made by our own SQL.

    PostgreSQL makes them all the same, and both are tested. Unique and foreign keys are
    not among them: those always hold.
    """
    database = connection.connection
    database.execute("pragma ignore_check_constraints = on")
    try:
        yield
    finally:
        database.execute("pragma ignore_check_constraints = off")


def _chosen(columns: Sequence[str]) -> str:
    return "select " + ", ".join(f'"{name}"' for name in columns) + " from outgoing"


def _update_by_copy(bench: Workbench, table: str, columns: Sequence[str]) -> None:
    names = ", ".join([*columns, "id"])
    assignments = ", ".join(f"{column} = given.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temp table given on commit drop as select {names} from {table} with no data"
        )
        _copy(bench, f"given ({names})", _chosen([*columns, "id"]))
        cursor.execute("analyze given")
        cursor.execute(f"update {table} f set {assignments} from given where given.id = f.id")
        cursor.execute("drop table given")


def _copy(bench: Workbench, target: str, rows: str) -> None:
    path = bench.scratch("csv")
    bench.run(f"copy ({rows}) to {literal(path)} (format csv, header false, nullstr '\\N')")
    statement = f"copy {target} from stdin (format csv, null '\\N')"
    with connection.cursor() as cursor, path.open("rb") as file, cursor.copy(statement) as copy:
        while piece := file.read(1 << 16):
            copy.write(piece)
    path.unlink()


def _filled(sql: str, report: str) -> str:
    """Return the SQL with the report and with moments as this database writes them."""
    zone = "+00" if connection.vendor == "postgresql" else ""
    return _MOMENT.sub(
        lambda found: f"strftime(({found[1]})::timestamp, '%Y-%m-%d %H:%M:%S{zone}')",
        sql.replace("$report", literal(report)),
    )
