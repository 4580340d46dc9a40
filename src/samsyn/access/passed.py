"""What the gate has let through, so that the same can be asked again before an answer is repeated.

An answer that is kept for a program holds what it was shown for a permission, such as a secret.
Whoever has lost the permission since may not have it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission, lacking


@dataclass(frozen=True, slots=True)
class Passed:
    """One passing of the gate: the permission asked for, and ids of the owner and the host.

    ``host`` is None where the permission at the organisation that runs a thing does not count.
    """

    permission: Permission
    owner: int
    host: int | None = None

    def holds_for(self, actor: Actor) -> bool:
        """Return whether the gate would let the actor through today."""
        if actor.may(self.permission, self.owner):
            return True
        return self.host is not None and actor.may_at_home(self.permission, self.host)

    def as_json(self) -> list[str | int | None]:
        """Return it as a list that JSON can hold."""
        return [self.permission.value, self.owner, self.host]


_noted: ContextVar[set[Passed] | None] = ContextVar("passed", default=None)


@contextmanager
def passing() -> Iterator[set[Passed]]:
    """Collect what the gate lets through in this thread while the context is open."""
    found: set[Passed] = set()
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note_passed(passed: Passed) -> None:
    """Note that the gate has let something through, if anybody collects it."""
    found = _noted.get()
    if found is not None:
        found.add(passed)


def require_again(actor: Actor, kept: Iterable[list[str | int | None]]) -> None:
    """Ask the gate again for what it has let through before.

    Args:
        actor: who asks now.
        kept: what ``Passed.as_json`` gave for each.

    Raises:
        NotAllowed: it would not let the actor through any more.

    """
    known = {permission.value: permission for permission in Permission}
    for name, owner, host in kept:
        permission = known.get(str(name))
        if permission is None or owner is None:
            raise lacking(str(name))
        passed = Passed(permission, int(owner), None if host is None else int(host))
        if not passed.holds_for(actor):
            raise lacking(permission)
