"""The services that every entity has, each under the gate by the name of its room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room, take_turns
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep, keep_all
from samsyn.entities.declaration import Entity
from samsyn.entities.importing import Plan, plan
from samsyn.entities.pointing import Offers
from samsyn.entities.sheets import SheetRow
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.ui.screens.screen import nothing


class Services(NamedTuple):
    """What can be done with things of one kind; a room may put a service of its own in place.

    ``retire`` and ``resume`` do nothing where such things have no retired state: no door leads
    to them then.
    """

    add: Callable[..., Any]
    change: Callable[..., Any]
    change_many: Callable[..., Any]
    take_sheet: Callable[..., Any]
    retire: Callable[..., Any] = nothing
    resume: Callable[..., Any] = nothing


def services(entity: Entity) -> Services:
    """Return the services of an entity. Called once, by the services module of its room."""
    life = _of_life(entity) if entity.retires else ()
    return Services(*_of_one(entity), *_of_many(entity), *life)


Made = tuple[Callable[..., Any], Callable[..., Any]]


def _of_one(entity: Entity) -> Made:
    @command(entity.change, name=f"{entity.kept_in}.{entity.name}_add")
    def add(*, actor: Actor, organisation: Any, now: datetime | None = None, **facts: Any) -> Any:
        """Add one."""
        _require_room(entity, organisation)
        made = entity.model(organisation=organisation, **_known(entity, facts))
        _begin(entity, made, now)
        Offers(entity, actor).require(made, facts)
        _require(entity, actor, made, facts)
        made.save()
        return made

    @command(entity.change, name=f"{entity.kept_in}.{entity.name}_change", only_changes=True)
    def change(*, actor: Actor, thing: Any, seen: int | None = None, **facts: Any) -> Any:
        """Change one."""
        _take_turn(entity, [thing])
        _change(Offers(entity, actor), thing, facts, seen=seen)
        return thing

    return add, change


def _of_life(entity: Entity) -> Made:
    @command(entity.change, name=f"{entity.kept_in}.{entity.name}_retire")
    def retire(*, actor: Actor, thing: Any) -> Any:
        """Retire one; it and its history stay."""
        if thing.is_retired:
            raise RuleViolation(_("It is retired already."))
        if entity.rule:
            entity.rule(actor=actor, thing=thing, changed=("is_retired",))
        thing.is_retired = True
        keep(thing, ["is_retired"], is_retired=False)
        return thing

    @command(entity.change, name=f"{entity.kept_in}.{entity.name}_resume")
    def resume(*, actor: Actor, thing: Any) -> Any:
        """Take one back that was retired."""
        if not thing.is_retired:
            raise RuleViolation(_("It is not retired."))
        _take_turn(entity, [thing])
        thing.is_retired = False
        _require(entity, actor, thing, ("is_retired",))
        keep(thing, ["is_retired"], is_retired=True)
        return thing

    return retire, resume


def _of_many(entity: Entity) -> Made:
    @command(entity.change, name=f"{entity.kept_in}.{entity.room}_change", only_changes=True)
    def change_many(*, actor: Actor, things: list[Any], **facts: Any) -> None:
        """Change several at once, all or none."""
        offers = Offers(entity, actor)
        _take_turn(entity, things)
        for thing in things:
            _change(offers, thing, facts)

    @command(entity.change, name=f"{entity.kept_in}.{entity.room}_import")
    def take_sheet(
        *, actor: Actor, organisation: Any, rows: list[SheetRow], now: datetime, mark: str = ""
    ) -> Plan:
        """Add and change what a sheet says, all or nothing."""
        take_turns(entity.room, organisation.pk)  # what is there is read after others are done
        made = plan(entity, organisation, rows, actor=actor)
        if mark and mark != made.mark:
            raise Conflict(_("Somebody else has changed it meanwhile."))
        _require_room(entity, organisation, add=len(made.added))
        for planned in made.added:
            _begin(entity, planned.thing, now)
        entity.model.unscoped.bulk_create([p.thing for p in made.added])  # scope: checked by plan
        keep_all((p.thing, p.names) for p in made.changed)
        made.touched = [(p.thing, p.before) for p in (*made.added, *made.changed)]
        return made

    return change_many, take_sheet


def _change(offers: Offers, thing: Any, facts: dict[str, Any], *, seen: int | None = None) -> None:
    given = _known(offers.entity, facts)
    entity = offers.entity
    changed = [name for name, value in given.items() if not entity.has_said(thing, name, value)]
    if changed and entity.retires and thing.is_retired:
        said = _("%(name)s is retired. Take it into use again before you change it.")
        raise RuleViolation(said % {"name": thing})
    for name in changed:
        setattr(thing, name, facts[name])
    offers.require(thing, changed)
    is_renamed = bool(set(changed) & set(entity.known_by))
    _require(entity, offers.actor, thing, changed, is_renamed=is_renamed)
    if changed:
        keep(thing, changed, seen=seen)


def _take_turn(entity: Entity, things: Iterable[Any]) -> None:
    """Wait for whoever adds or renames things of the same organisations, in one order for all."""
    for owner in sorted({thing.owner_id for thing in things}):
        take_turns(entity.room, owner)


def _require(
    entity: Entity, actor: Actor, thing: Any, changed: Collection[str], *, is_renamed: bool = True
) -> None:
    """Require what an entity does of a thing; of a taken name it is said whose it is."""
    entity.require_fields(actor=actor, thing=thing, changed=changed)  # names get their one form
    if is_renamed:
        _require_own_name(entity, thing)
    thing.full_clean()


def _require_own_name(entity: Entity, thing: Any) -> None:
    """Require that no other thing there is called the same but for its case, as a sheet reads it.

    Raises:
        RuleViolation: one is; the text has the number of one that is retired, which no list shows.

    """
    if entity.once is None:
        return
    names = ("pk", *(["is_retired"] if entity.retires else []), *entity.known_by)
    rows = entity.model.unscoped.filter(organisation=thing.organisation)  # scope: names only
    with beyond_scope("says only that the name is taken"):
        others = list(rows.exclude(pk=thing.pk).only(*names))
    own = _key(entity, thing)
    taken = next((each for each in others if _key(entity, each) == own), None)
    if taken is None:
        return
    says = str(entity.once.get_violation_error_message())
    if entity.retires and taken.is_retired:
        more = _(
            "It is retired (number %d). Choose “Retired ones” in the list to find it, and take it"
            " into use again."
        )
        says = f"{says} {more % taken.pk}"
    raise RuleViolation(says, field=entity.known_by[0])


def _key(entity: Entity, thing: Any) -> tuple[str, ...]:
    return tuple(name_key(str(getattr(thing, name))) for name in entity.known_by)


def _begin(entity: Entity, thing: Any, now: datetime | None) -> None:
    if now is not None and entity.has("created_at"):
        thing.created_at = now


def _require_room(entity: Entity, organisation: Any, *, add: int = 1) -> None:
    there = entity.model.unscoped.filter(organisation=organisation)  # scope: a number
    require_room(entity.room, there, of=organisation.pk, add=add)


def _known(entity: Entity, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that are fields of the entity.

    Raises:
        TypeError: one is not; a door has asked for what cannot be kept.

    """
    if strange := facts.keys() - set(entity.names):
        raise TypeError(f"{entity.name} has no {sorted(strange)}")
    return facts
