"""The services that every entity has, each under the gate by the name of its room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room
from samsyn.access.versions import keep
from samsyn.entities.declaration import Entity
from samsyn.kernel.errors import RuleViolation


class Services(NamedTuple):
    """What can be done with things of one kind; a room may put a service of its own in place."""

    add: Callable[..., Any]
    change: Callable[..., Any]
    retire: Callable[..., Any]
    resume: Callable[..., Any]


def services(entity: Entity) -> Services:
    """Return the services of an entity. Called once, by the services module of its room."""

    @command(entity.change, name=f"{entity.room}.{entity.name}_add")
    def add(*, actor: Actor, organisation: Any, now: datetime, **facts: Any) -> Any:
        """Add one."""
        del actor
        there = entity.model.unscoped.filter(organisation=organisation)  # scope: a number
        require_room(entity.room, there, of=organisation.pk)
        made = entity.model(organisation=organisation, created_at=now, **_known(entity, facts))
        made.full_clean()
        made.save()
        return made

    @command(entity.change, name=f"{entity.room}.{entity.name}_change")
    def change(*, actor: Actor, thing: Any, seen: int | None = None, **facts: Any) -> Any:
        """Change one."""
        del actor
        changed = [n for n, value in _known(entity, facts).items() if getattr(thing, n) != value]
        for name in changed:
            setattr(thing, name, facts[name])
        thing.full_clean()
        if changed:
            keep(thing, changed, seen=seen)
        return thing

    @command(entity.change, name=f"{entity.room}.{entity.name}_retire")
    def retire(*, actor: Actor, thing: Any) -> Any:
        """Retire one; it and its history stay."""
        del actor
        if thing.is_retired:
            raise RuleViolation(_("It is retired already."))
        thing.is_retired = True
        keep(thing, ["is_retired"], is_retired=False)
        return thing

    @command(entity.change, name=f"{entity.room}.{entity.name}_resume")
    def resume(*, actor: Actor, thing: Any) -> Any:
        """Take one back that was retired."""
        del actor
        if not thing.is_retired:
            raise RuleViolation(_("It is not retired."))
        thing.is_retired = False
        thing.full_clean()
        keep(thing, ["is_retired"], is_retired=True)
        return thing

    return Services(add, change, retire, resume)


def _known(entity: Entity, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that are fields of the entity.

    Raises:
        TypeError: one is not; a door has asked for what cannot be kept.

    """
    if strange := facts.keys() - set(entity.names):
        raise TypeError(f"{entity.name} has no {sorted(strange)}")
    return facts
