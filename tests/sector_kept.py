"""The cast's rows, kept from the first time that a run has made them.

Thousands of tests begin with the same sector. Making it takes sixty queries, mostly to rebuild the
lineage; writing its rows takes one for each table.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from samsyn.access.models import Membership, Person
from samsyn.assets.models import Resource
from samsyn.organisations.models import Agreement, Assignment, Contact, Lineage, Organisation
from tests.cast import Cast, make_cast

# What make_cast writes, each after what it points to.
MODELS: tuple[type[models.Model], ...] = (
    Organisation,
    Lineage,
    Person,
    Membership,
    Assignment,
    Agreement,
    Contact,
    Resource,
)


@dataclass(frozen=True, slots=True)
class KeptCast:
    """A sector that can be written again.

    Args:
        cast: the sector and its people, pickled: each test changes objects of its own.
        rows: for each table, the statement that writes a row, and the rows.

    """

    cast: bytes
    rows: list[tuple[str, list[Any]]]

    def written(self) -> Cast:
        """Return the sector with its rows in the database."""
        if any(model._base_manager.exists() for model in (Organisation, Person)):
            return make_cast()  # its keys may be taken
        with connection.cursor() as cursor:
            for statement, rows in self.rows:
                cursor.executemany(statement, rows)
        found: Cast = pickle.loads(self.cast)  # noqa: S301  our own, of this process
        return found


def kept_cast() -> KeptCast:
    """Make the sector, keep it, and leave the database as it was."""
    with transaction.atomic():
        cast = make_cast()
        kept = KeptCast(pickle.dumps(cast), [_rows_of(model) for model in MODELS])
        transaction.set_rollback(True)
    return kept


def _rows_of(model: type[models.Model]) -> tuple[str, list[Any]]:
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"select {names} from {table} order by 1")
        rows = cursor.fetchall()
    places = ", ".join(["%s"] * len(columns))
    return f"insert into {table} ({names}) values ({places})", rows
