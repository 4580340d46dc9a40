"""What a sheet would change: worked out before anything is written, and shown as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import as_rule_violation
from samsyn.access.limits import require_rough_room
from samsyn.access.rows import beyond_scope
from samsyn.audit.services import snapshot
from samsyn.entities.checking import Checks
from samsyn.entities.columns import OWNER, in_words
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import change_form, label_of
from samsyn.entities.pointing import Offers
from samsyn.entities.sheets import (
    PROBLEMS_SHOWN,
    SheetRow,
    facts_of,
    in_row,
    of_new,
    problem,
    typed,
)
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.ui.changes import FieldChange


@dataclass(slots=True)
class Planned:
    """One thing that a sheet adds or changes."""

    thing: Any
    before: dict[str, Any] | None  # as the trail keeps it; None where it is new
    changes: tuple[FieldChange, ...]
    names: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether the sheet adds it."""
        return self.before is None


@dataclass(slots=True)
class Plan:
    """What a sheet would do, in its order, and how many rows say what is known already.

    A retired thing stays as it is, whatever a row says of it.
    """

    added: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    retired: list[Any] = field(default_factory=list)  # those of which rows say something else
    same: int = 0
    origin: str = ""  # the other organisation that the sheet says its rows are of
    touched: list[tuple[Any, dict[str, Any] | None]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.changed

    @property
    def mark(self) -> str:
        """Return what tells whether a plan is the one that somebody has seen."""
        said = [(str(p.thing), p.is_new, p.changes) for p in (*self.added, *self.changed)]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def for_trail(self) -> dict[str, Any]:
        """Return the numbers."""
        return {"added": len(self.added), "changed": len(self.changed)}


def plan(entity: Entity, organisation: Any, rows: Sequence[SheetRow], *, actor: Actor) -> Plan:
    """Return what a sheet would change at an organisation; a thing is known by its name.

    Args:
        entity: what the rows are.
        organisation: whose they are.
        rows: of the sheet.
        actor: whose forms check the cells.

    Raises:
        RuleViolation: some cells are refused; a line for each, with row and column.

    """
    reading, problems = Reading(entity, organisation, actor), list[str]()
    owners = {name_key(row.owner): row.owner for row in rows if row.owner}
    others = {key: name for key, name in owners.items() if key != name_key(organisation.name)}
    made = Plan(origin=next(iter(others.values()), ""))
    for row in rows:
        try:
            if len(owners) > 1:  # what is of several must not become one organisation's
                reading.require_own(row, others)
            reading.take(row, made)
        except RuleViolation as error:
            problems.append(str(error))
    if problems:
        raise RuleViolation("\n".join(_few(problems)), field="file")
    _require_room(entity, organisation, len(made.added))
    return made


def _require_room(entity: Entity, organisation: Any, add: int) -> None:
    there = entity.model.unscoped.filter(organisation=organisation)  # scope: a number
    try:
        require_rough_room(entity.room, there, add=add, field="file")
    except RuleViolation as error:
        with beyond_scope("says only how many there are"):
            numbers = {"said": error, "there": there.count(), "add": add}
        said = _("%(said)s There are %(there)d, retired ones counted, and the file adds %(add)d.")
        raise RuleViolation(said % numbers, field="file") from error


Key = tuple[str, ...]


class Reading:
    """What is known of an organisation's things while a sheet is read, row by row."""

    def __init__(self, entity: Entity, organisation: Any, actor: Actor) -> None:
        """Take whose things they are, and read them; of those called the same, one in use."""
        self.entity, self.organisation, self.actor = entity, organisation, actor
        self.form, self.offers = change_form(entity), Offers(entity, actor)
        self.checks = Checks(entity, organisation, actor)
        self.labels = {each.name: str(label_of(entity, each)) for each in entity.fields}
        self.met: set[Key] = set()
        self.known: dict[Key, Any] = {}
        self.several: set[Key] = set()
        there = entity.list(actor=actor, organisation=organisation.pk, is_retired=None)
        for thing in there.order_by(*(["-is_retired"] if entity.retires else []), "pk"):
            key = self.key({name: str(getattr(thing, name)) for name in entity.known_by})
            if key in self.known and not (entity.retires and self.known[key].is_retired):
                self.several.add(key)
            self.known[key] = thing

    def key(self, values: dict[str, str]) -> Key:
        """Return what a thing is known by, whatever its case."""
        return tuple(name_key(values[name]) for name in self.entity.known_by)

    def take(self, row: SheetRow, made: Plan) -> None:
        """Add what a row says to the plan.

        Raises:
            RuleViolation: it is refused; the text names row and column.

        """
        cells = typed(self.entity, row)
        key = self.key(cells)
        thing = self.known.get(key)
        if thing is None:
            thing, row = self.entity.model(organisation=self.organisation), of_new(self.entity, row)
            cells = {name: cell for name, cell in cells.items() if name in row.cells}
        form = self.form(cells, actor=self.actor, thing=thing, offers=self.offers)
        facts = facts_of(self.entity, row, form)
        try:
            self.once(key)
            _add(made, self, thing, facts)
        except RuleViolation as error:
            name = error.field or self.entity.names[0]
            raise RuleViolation(in_row(self.entity, row, name, str(error))) from error
        except ValidationError as error:
            refused = as_rule_violation(error)
            name = refused.field or self.entity.names[0]
            raise RuleViolation(in_row(self.entity, row, name, str(refused))) from error

    def require_own(self, row: SheetRow, others: Mapping[str, str]) -> None:
        """Require that a row is not another organisation's by its own word."""
        if name_key(row.owner) in others:
            text = _("It is of %s. Import it there, from a file of its own.") % row.owner
            raise RuleViolation(problem(row, OWNER.label, text))

    def once(self, key: Key) -> None:
        """Require that a row names one thing, and no other row names it."""
        if key in self.met:
            raise RuleViolation(_("It stands in the file twice."))
        if key in self.several:
            raise RuleViolation(_("There are several of this name. Change it on its page."))
        self.met.add(key)


def _few(problems: list[str]) -> Iterable[str]:
    yield from problems[:PROBLEMS_SHOWN]
    if (rest := len(problems) - PROBLEMS_SHOWN) > 0:
        yield _("And %d more rows.") % rest


def _add(made: Plan, reading: Reading, thing: Any, facts: dict[str, Any]) -> None:
    is_new, entity = thing.pk is None, reading.entity
    before = None if is_new else snapshot(thing)
    was = {name: "" if is_new else _text(entity, name, thing) for name in facts}
    names = tuple(name for name in facts if is_new or not entity.has_said(thing, name, facts[name]))
    if names and not is_new and entity.retires and thing.is_retired:
        made.retired.append(thing)
        return
    for name in names:
        setattr(thing, name, facts[name])
    reading.checks.require(thing, names)
    changes = tuple(FieldChange(reading.labels[n], was[n], _text(entity, n, thing)) for n in names)
    planned = Planned(thing, before, changes, names)
    if is_new:
        made.added.append(planned)
    elif names:
        made.changed.append(planned)
    else:
        made.same += 1


def _text(entity: Entity, name: str, thing: Any) -> str:
    return in_words(entity, next(each for each in entity.fields if each.name == name), thing)
