"""Queries that are composed once and asked many times, each time with other values.

What Django does to compose a query takes ten times as long as the database takes to answer
it, and a page asks the same dozen of them every time. A ``CompiledQuery`` keeps the composed SQL;
rows become objects the way Django makes them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.utils import timezone

from samsyn.access.actor import Actor

Row = TypeVar("Row")
KEPT_MOST = 200  # ways in which one question is asked: for whom, and how many values


class Param(Expression):
    """A value that is given when the question is asked."""

    def __init__(self, name: str, position: int | None = None) -> None:
        super().__init__(output_field=Field())
        self.name, self.position = name, position

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the place of the value; the value itself comes later."""
        del compiler, connection
        return "%s", (self,)

    def value(self, given: dict[str, Any]) -> Any:
        """Return the value among those given now."""
        found = given[self.name]
        return found if self.position is None else found[self.position]


@dataclass(frozen=True)
class _Composed(Generic[Row]):
    """A query's SQL, and what Django knows of its columns."""

    rows: Any
    compiler: Any
    sql: str
    values: tuple[Any, ...]


class CompiledQuery(Generic[Row]):
    """A query that is composed once for each of its shapes.

    ``make`` returns the query. It is given the shape's parts (an actor, a choice: whatever
    changes the SQL) and a ``Param`` for each value by name; for a list of values a list of them.

    So ``CompiledQuery(lambda person: SavedView.objects.filter(person=person))`` is asked with
    ``rows(person=7)``.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        self._kept: dict[Hashable, _Composed[Row] | None] = {}

    def rows(self, *shape: Hashable | Actor, **values: Any) -> list[Row]:
        """Return the rows for these values."""
        composed = self._composed(shape, values)
        return [] if composed is None else list(_answer(composed, values))

    def first(self, *shape: Hashable | Actor, **values: Any) -> Row | None:
        """Return the first row; the query should end after one."""
        return next(iter(self.rows(*shape, **values)), None)

    def _composed(self, shape: tuple[Any, ...], values: dict[str, Any]) -> _Composed[Row] | None:
        parts = tuple(_for_whom(part) if isinstance(part, Actor) else part for part in shape)
        key = (parts, tuple((name, _length(value)) for name, value in values.items()))
        if key in self._kept:
            return self._kept[key]
        laters = {name: _param(name, value) for name, value in values.items()}
        made = _compose(self._make(*shape, **laters))
        self._kept = {**dict(list(self._kept.items())[1 - KEPT_MOST :]), key: made}
        return made


def _for_whom(actor: Actor) -> Hashable:
    """Return what changes the SQL: the ids reached, or the person and day a sub-select holds."""
    return (actor.permissions_key(), actor.person_id, timezone.localdate())


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _param(name: str, value: Any) -> Param | list[Param]:
    if isinstance(value, list):
        return [Param(name, position) for position in range(len(value))]
    return Param(name)


def _compose(rows: QuerySet[Any, Row]) -> _Composed[Row] | None:
    """Return the composed query; None for one that finds nothing whatever the values."""
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    return _Composed(rows, compiler, sql, tuple(values))


def _answer(composed: _Composed[Row], given: dict[str, Any]) -> Iterable[Row]:
    """Let Django make its rows, of what our SQL finds instead of what it would compose."""
    connection = connections[composed.rows.db]
    values = [
        _adapted(each.value(given), connection) if isinstance(each, Param) else each
        for each in composed.values
    ]
    compiler = copy.copy(composed.compiler)
    compiler.connection = connection
    compiler.execute_sql = partial(_found, connection, composed.sql, values)
    query: Any = copy.copy(composed.rows.query)
    query.get_compiler = lambda *_args, **_kwargs: compiler
    rows = type(composed.rows)(model=composed.rows.model, query=query)
    rows._fields = composed.rows._fields
    # What makes objects of rows has no public name; all else would be to make them ourselves.
    found: Iterable[Row] = composed.rows._iterable_class(rows)  # noqa: SLF001
    return found


def _adapted(value: Any, connection: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _found(
    connection: Any, sql: str, values: list[Any], *_args: Any, **_kwargs: Any
) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [cursor.fetchall()]
