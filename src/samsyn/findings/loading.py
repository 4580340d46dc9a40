"""What is on its way from a scratch database to the database, and the statements for SQLite.

SQLite takes two hundred rows with each statement, since what a statement costs by itself is
more than a row. ``sending`` sends them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from django.db import connection

from samsyn.analytics.engine import ScratchDatabase, literal

ROWS_AT_ONCE = 200
_MOMENT = re.compile(r"\$moment\{([^}]*)\}")
_tables = count(1)
_HARMLESS = re.compile(r"^[A-Za-z0-9_ .:+-]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Which rows of a table are to be sent, and which of its columns never change.

    A value that is the same in all rows is written into the statement: binding it half
    a million times costs more than everything else. ``twins`` names columns that have in
    every row what another has.
    """

    table: str
    rows: int
    varying: list[str]
    constant: dict[str, str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All columns."""
        return [*self.varying, *self.twins, *self.constant]

    def chosen(self, columns: Iterable[str]) -> str:
        """Return SQL for some columns of the rows."""
        return "select " + ", ".join(f'"{name}"' for name in columns) + f" from {self.table}"


def outgoing(
    db: ScratchDatabase, columns: Mapping[str, str], source: str, *, report: str = ""
) -> Outgoing:
    """Make a table of what is to be sent and say what is in it; who sends it drops it.

    The table is not a temporary one: another connection to the scratch database reads it.

    Args:
        db: where the source is.
        columns: the database's columns, and SQL for each; ``$moment{sql}`` is a moment as
            this database writes it, ``$report`` the report.
        source: the rest of the query, from ``from`` on.
        report: name of the report.

    """
    chosen = ", ".join(f'{value} as "{name}"' for name, value in columns.items())
    table = f"outgoing_{next(_tables)}"
    db.run(_filled(f"create table {table} as select {chosen} {source}", report))
    rows: int = db.rows(f"select count(*) from {table}")[0][0]
    if not rows:
        return Outgoing(table, 0, list(columns))
    constant = _constant(db, table, columns)
    varying = [name for name in columns if name not in constant]
    if not varying:  # a single row without a number: something must be left to be sent
        varying = [next(iter(columns))]
        constant.pop(varying[0])
    twins = _twins(db, table, varying) if rows > ROWS_AT_ONCE else {}
    return Outgoing(table, rows, [name for name in varying if name not in twins], constant, twins)


def _constant(db: ScratchDatabase, table: str, names: Iterable[str]) -> dict[str, str]:
    """Return the columns that are the same in all rows, as SQL literals.

    What the first rows have in common is a guess; one look at all rows checks it.
    """
    guessed = _alike(db, table, [name for name in names if name != "id"])
    if not guessed:
        return {}
    asked = ", ".join(
        f'bool_or("{name}" is distinct from {value})' for name, value in guessed.items()
    )
    differs = db.rows(f"select {asked} from {table}")[0]
    return {name: guessed[name] for name, other in zip(guessed, differs, strict=True) if not other}


def _alike(db: ScratchDatabase, table: str, names: Sequence[str]) -> dict[str, str]:
    """Return the columns that are the same in the first rows, as SQL literals."""
    if not names:
        return {}
    ends = ", ".join(f'min("{n}")::varchar, max("{n}")::varchar, count("{n}")' for n in names)
    some = f"(from {table} limit {ROWS_AT_ONCE})"
    rows, *found = db.rows(f"select count(*), {ends} from {some}")[0]
    alike = {}
    for name, least, most, present in zip(names, found[::3], found[1::3], found[2::3], strict=True):
        if present == 0:
            alike[name] = "null"
        elif least == most and present == rows and _HARMLESS.match(least):
            alike[name] = literal(least)
    return alike


def _twins(db: ScratchDatabase, table: str, varying: Sequence[str]) -> dict[str, str]:
    """Return the column that says the same as another in every row: a finding seen once."""
    first, last = "first_seen_at", "last_seen_at"
    if first not in varying or last not in varying:
        return {}
    differs = db.rows(f"select 1 from {table} where {first} <> {last} limit 1")
    return {} if differs else {last: first}


def insert_statement(table: str, rows: Outgoing) -> Callable[[int], str]:
    """Return what makes the SQL that adds so many rows to a table of SQLite.

    Only a twin says which value it means: SQLite looks through all that have a number.
    """
    listed = ", ".join(f'"{name}"' for name in rows.names)
    twins = [rows.varying.index(name) + 1 for name in rows.twins.values()]
    head = f"insert into {table} ({listed}) values "

    def row(first: int) -> str:
        meant = [f"?{first + place}" for place in twins]
        return ", ".join([*("?" for _ in rows.varying), *meant, *rows.constant.values()])

    width = len(rows.varying)
    return lambda many: head + ", ".join(f"({row(number * width)})" for number in range(many))


def update_statement(table: str, rows: Outgoing) -> Callable[[int], str]:
    """Return what makes the SQL that writes so many rows over those with the same ``id``."""
    place = {name: f"column{number}" for number, name in enumerate(rows.varying, start=1)}
    value = place | {name: place[twin] for name, twin in rows.twins.items()} | rows.constant
    assignments = ", ".join(f"{name} = {value[name]}" for name in rows.names if name != "id")
    row = "(" + ", ".join("?" for _ in rows.varying) + ")"

    def statement(many: int) -> str:
        given = ", ".join([row] * many)
        return f"update {table} set {assignments} from (values {given}) where id = {place['id']}"

    return statement


def _filled(sql: str, report: str) -> str:
    """Return the SQL with the report and with moments as this database writes them."""
    zone = "+00" if connection.vendor == "postgresql" else ""
    return _MOMENT.sub(
        lambda found: f"strftime(({found[1]})::timestamp, '%Y-%m-%d %H:%M:%S{zone}')",
        sql.replace("$report", literal(report)),
    )
