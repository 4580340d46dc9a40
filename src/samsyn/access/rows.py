"""For whom the database shows and changes rows: the second wall behind ``visible_to``.

On PostgreSQL with a separate owner (``samsyn database_secure``) each table has policies made
from its model's ``ScopedManager`` (see ``policies``). They read settings of the connection,
which follow from what this module keeps for each thread:

* ``acting(actor)``: a person sees what ``visible_to`` would show; a job sees everything.
* ``shown(ids)``: what a signed link opens can be seen by whoever has it.
* ``opened(ids)``: the gate opens the organisations of a command while it runs. Outside it
  nothing can be changed.
* ``beyond_scope(reason)``: reads and writes what the actor's scope does not show, for a reason.
* ``scoping.beyond(rows, reason)``: the same for one query, whenever it is asked.
* None of them: nothing is visible. Commands and the worker act everywhere
  (``set_default_scope``).

It protects against a forgotten scope, not against SQL of an attacker's own: that can change
the settings too. On SQLite, and on PostgreSQL with one role, nothing here has an effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from samsyn.access.permissions import Permission

if TYPE_CHECKING:
    from samsyn.access.actor import Actor

UNSCOPED, PERSON = "samsyn.everything", "samsyn.person"
SHOWN, OPENED = "samsyn.shown", "samsyn.opened"  # ids, shown by a link or opened by the gate
BEYOND = "/* beyond scope */"  # in a query: it is asked so (see ``scoping.beyond``)
ALL = "*"  # instead of a list of ids: every organisation
used: set[Permission] = set()  # each ScopedManager adds the permission that it asks for


def setting_of(permission: Permission) -> str:
    """Return the name of the setting that holds the organisations with a permission."""
    return f"samsyn.{permission.value.replace('.', '_')}"


class _Who:
    """A person, or nobody; their scope is read when the first query needs it."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.actor = actor

    def settings(self, shown: frozenset[int]) -> dict[str, str]:
        """Return the person, and the organisations of each permission, with those shown besides."""
        actor = self.actor
        if actor is None or actor.person_id is None or actor.is_system:
            return {PERSON: "", **dict.fromkeys(map(setting_of, used), _written(shown))}
        reached = {setting_of(permission): self._listed(permission, shown) for permission in used}
        return {PERSON: str(actor.person_id), **reached}

    def _listed(self, permission: Permission, shown: frozenset[int]) -> str:
        assert self.actor is not None  # noqa: S101  asked of a person only
        if self.actor.sees_all(permission):
            return ALL
        ids = self.actor.organisation_ids(permission)
        if shown <= ids:
            return self._written(ids)
        return _written(ids | shown)

    @cached_property
    def _known(self) -> dict[frozenset[int], str]:
        return {}

    def _written(self, ids: frozenset[int]) -> str:
        """Return ids as a text, made once: most permissions hold in the same organisations."""
        if ids not in self._known:
            self._known[ids] = _written(ids)
        return self._known[ids]


def _written(ids: Iterable[int]) -> str:
    return ",".join(map(str, sorted(ids)))


@dataclass(frozen=True, slots=True, eq=False)
class DatabaseScope:
    """What a thread may see and change in the database at the moment."""

    who: _Who
    unscoped: bool = False
    shown: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()

    def settings(self) -> dict[str, str]:
        """Return the settings of the connection that the policies read.

        Those that do not matter when everything is visible are left as they are.
        """
        if self.unscoped:
            return {UNSCOPED: "on"}
        shown = self.shown | self.opened
        settings = {UNSCOPED: "", SHOWN: _written(shown), OPENED: _written(self.opened)}
        return settings | self.who.settings(shown)


_NOTHING, _ALL = DatabaseScope(_Who()), DatabaseScope(_Who(), unscoped=True)
_default = [_NOTHING]
_current: ContextVar[DatabaseScope | None] = ContextVar("scope", default=None)


def current() -> DatabaseScope:
    """Return what this thread may see at the moment."""
    return _current.get() or _default[0]


def set_default_scope(*, unscoped: bool) -> None:
    """Set what is visible where no actor is named: everything in commands and the worker."""
    _default[0] = _ALL if unscoped else _NOTHING


def become(actor: Actor) -> None:
    """Act for another actor until the ``acting`` around ends, as when a token names a person."""
    _current.set(_scope_of(actor))


def has_policies(connection: object) -> bool:
    """Return whether row policies hold for the role of a connection."""
    return bool(getattr(connection, "has_policies", False))


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """See and change only what this actor may."""
    with _changed(_scope_of(actor)):
        yield


@contextmanager
def shown(organisation_ids: Iterable[int]) -> Iterator[None]:
    """Let rows of these organisations be seen, not changed: a signed link has named them."""
    now = current()
    ids = now.shown.union(organisation_ids)
    with _changed(now if ids == now.shown or now.unscoped else replace(now, shown=ids)):
        yield


@contextmanager
def opened(organisation_ids: Iterable[int | None]) -> Iterator[None]:
    """Let rows of these organisations be seen and changed; the gate has asked whether they may."""
    now = current()
    ids = now.opened.union(pk for pk in organisation_ids if pk is not None)
    with _changed(now if ids == now.opened or now.unscoped else replace(now, opened=ids)):
        yield


class beyond_scope(ContextDecorator):  # noqa: N801  read as a word: with beyond_scope("...")
    """Read or write what the scope of whoever acts does not show; a context or a decorator.

    What is read must be read inside: a query that is asked later is asked in the usual scope.

    Args:
        reason: why that is right, for the reader of the code.

    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def _recreate_cm(self) -> Self:
        return type(self)(self.reason)

    def __enter__(self) -> Self:
        now = current()
        self._token = _current.set(now if now.unscoped else replace(now, unscoped=True))
        return self

    def __exit__(self, *_error: object) -> None:
        _current.reset(self._token)


@contextmanager
def _changed(scope: DatabaseScope) -> Iterator[None]:
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def _scope_of(actor: Actor) -> DatabaseScope:
    if actor.is_system and actor.only is None:
        return _ALL
    return DatabaseScope(_Who(actor))
