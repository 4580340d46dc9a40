"""What a sheet would change: worked out before anything is written, and shown as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import as_rule_violation
from samsyn.audit.services import snapshot
from samsyn.entities.columns import shown
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import change_form, label_of
from samsyn.entities.sheets import PROBLEMS_SHOWN, SheetRow, facts_of, problem
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.ui.moments import day_text


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing: what it is called, what it was and what it becomes."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Planned:
    """One thing that a sheet adds or changes."""

    thing: Any
    before: dict[str, Any] | None  # as the trail keeps it; None where it is new
    changes: tuple[Change, ...]
    names: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether the sheet adds it."""
        return self.before is None


@dataclass(slots=True)
class Plan:
    """What a sheet would do, in its order, and how many rows say what is known already."""

    added: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    same: int = 0
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
    known = {
        name_key(getattr(thing, entity.names[0])): thing
        for thing in entity.list(actor=actor, organisation=organisation.pk, is_retired=None)
    }
    made, problems, form = Plan(), list[str](), change_form(entity)
    met: set[str] = set()
    for row in rows:
        try:
            facts = facts_of(entity, row, form, actor=actor)
            key = name_key(facts[entity.names[0]])
            _must_be_new(entity, row, key, met)
            _add(made, entity, known.get(key) or entity.model(organisation=organisation), facts)
        except RuleViolation as error:
            problems.append(str(error))
        except ValidationError as error:
            problems.append(_problem_sentence(entity, row, str(as_rule_violation(error))))
    if problems:
        raise RuleViolation("\n".join(_few(problems)), field="file")
    return made


def _must_be_new(entity: Entity, row: SheetRow, key: str, met: set[str]) -> None:
    if key in met:
        raise RuleViolation(_problem_sentence(entity, row, _("It stands in the file twice.")))
    met.add(key)


def _problem_sentence(entity: Entity, row: SheetRow, said: str) -> str:
    return problem(row, label_of(entity, entity.fields[0]), said)


def _few(problems: list[str]) -> Iterable[str]:
    yield from problems[:PROBLEMS_SHOWN]
    if (rest := len(problems) - PROBLEMS_SHOWN) > 0:
        yield _("And %d more rows.") % rest


def _add(made: Plan, entity: Entity, thing: Any, facts: dict[str, Any]) -> None:
    is_new = thing.pk is None
    before = None if is_new else snapshot(thing)
    was = {name: "" if is_new else _text(entity, name, thing) for name in facts}
    names = tuple(name for name in facts if is_new or getattr(thing, name) != facts[name])
    for name in names:
        setattr(thing, name, facts[name])
    thing.full_clean()
    labels = {each.name: str(label_of(entity, each)) for each in entity.fields}
    changes = tuple(Change(labels[n], was[n], _text(entity, n, thing)) for n in names)
    planned = Planned(thing, before, changes, names)
    if is_new:
        made.added.append(planned)
    elif names:
        made.changed.append(planned)
    else:
        made.same += 1


def _text(entity: Entity, name: str, thing: Any) -> str:
    known = next(each for each in entity.fields if each.name == name)
    value = shown(entity, known, thing)
    if isinstance(value, date):
        return day_text(value)
    return "" if value is None else str(value)
