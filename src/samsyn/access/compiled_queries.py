"""Queries that Django compiles once and that are run many times with different values.

To compile a query takes Django ten times as long as it takes the database to answer it, and a
page runs the same dozen every time. A ``CompiledQuery`` keeps the SQL; rows become objects the
way Django makes them.
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
from django.utils.translation import get_language

from samsyn.access.actor import Actor

Row = TypeVar("Row")
KEPT_MOST = 200  # shapes of one query: for which actor, and how many values


class Param(Expression):
    """A placeholder for a value that is given when the query is run."""

    def __init__(self, name: str, position: int | None = None) -> None:
        super().__init__(output_field=Field())
        self.name, self.position = name, position

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the placeholder; the value itself is filled in for each run."""
        del compiler, connection
        return "%s", (self,)

    def value(self, given: dict[str, Any]) -> Any:
        """Return the value among those given for this run."""
        found = given[self.name]
        return found if self.position is None else found[self.position]


@dataclass(frozen=True)
class _Compiled(Generic[Row]):
    """A query's SQL, and what Django knows of its columns."""

    rows: Any
    compiler: Any
    sql: str
    values: tuple[Any, ...]


class CompiledQuery(Generic[Row]):
    """A query that is compiled once for each of its shapes.

    ``make`` returns the query. It is given the shape's parts (an actor, a choice: whatever
    changes the SQL) and a ``Param`` for each value by name; for a list of values a list of them.

    So ``CompiledQuery(lambda person: SavedView.objects.filter(person=person))`` is run with
    ``rows(person=7)``.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        self._kept: dict[Hashable, _Compiled[Row] | None] = {}

    def rows(self, *shape: Hashable | Actor, **values: Any) -> list[Row]:
        """Return the rows for these values."""
        compiled = self._compiled(shape, values)
        return [] if compiled is None else list(_answer(compiled, values))

    def first(self, *shape: Hashable | Actor, **values: Any) -> Row | None:
        """Return the first row; the query should end after one."""
        return next(iter(self.rows(*shape, **values)), None)

    def _compiled(self, shape: tuple[Any, ...], values: dict[str, Any]) -> _Compiled[Row] | None:
        parts = tuple(_actor_key(part) if isinstance(part, Actor) else part for part in shape)
        given = tuple((name, _length(value)) for name, value in values.items())
        key = (get_language(), parts, given)  # names stand in the reader's order
        if key in self._kept:
            return self._kept[key]
        params = {name: _param(name, value) for name, value in values.items()}
        made = _compile(self._make(*shape, **params))
        self._kept = {**dict(list(self._kept.items())[1 - KEPT_MOST :]), key: made}
        return made


def _actor_key(actor: Actor) -> Hashable:
    """Return what changes the SQL: the ids in scope, or the person and day of a sub-select."""
    return (actor.permissions_key(), actor.person_id, timezone.localdate())


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _param(name: str, value: Any) -> Param | list[Param]:
    if isinstance(value, list):
        return [Param(name, position) for position in range(len(value))]
    return Param(name)


def _compile(rows: QuerySet[Any, Row]) -> _Compiled[Row] | None:
    """Return the compiled query; None for one that has no rows whatever the values."""
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    return _Compiled(rows, compiler, sql, tuple(values))


def _answer(compiled: _Compiled[Row], given: dict[str, Any]) -> Iterable[Row]:
    """Let Django make its objects from the rows of our SQL instead of compiling its own."""
    connection = connections[compiled.rows.db]
    values = [
        _adapted(each.value(given), connection) if isinstance(each, Param) else each
        for each in compiled.values
    ]
    compiler = copy.copy(compiled.compiler)
    compiler.connection = connection
    compiler.execute_sql = partial(_found, connection, compiled.sql, values)
    query: Any = copy.copy(compiled.rows.query)
    query.get_compiler = lambda *_args, **_kwargs: compiler
    rows = type(compiled.rows)(model=compiled.rows.model, query=query)
    rows._fields = compiled.rows._fields
    # What makes objects of rows has no public name; all else would be to make them ourselves.
    found: Iterable[Row] = compiled.rows._iterable_class(rows)  # noqa: SLF001
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
