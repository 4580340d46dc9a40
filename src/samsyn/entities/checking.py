"""What a sheet's things are checked by, all at once: a question for the sheet, not for each row.

``full_clean`` asks the database two questions a row and more: is there such an organisation and
person, is the name taken. The organisation is at hand, the form has chosen among those who may
be chosen, and what there is already is read once. Where that does not prove that a thing
passes, Django is asked about this one: its answer, and its words, are the same as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CheckConstraint, Q, UniqueConstraint

from samsyn.access.actor import Actor
from samsyn.access.rows import beyond_scope
from samsyn.entities.declaration import Entity

Values = tuple[Hashable, ...]
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Constraint:
    """A constraint of a model: the fields that it is over, and those that say when it holds."""

    name: str
    is_check: bool
    is_unique: bool
    over: Names
    when: Names
    condition: Q

    @classmethod
    def of(cls, model: type[Any], constraint: Any) -> _Constraint:
        """Read a constraint."""
        is_check = isinstance(constraint, CheckConstraint)
        condition = getattr(constraint, "condition", None) or Q()
        when, over = _named(model, condition), frozenset(getattr(constraint, "fields", ()))
        for expression in getattr(constraint, "expressions", ()):
            over |= _named(model, expression)
        is_unique = isinstance(constraint, UniqueConstraint)
        return cls(
            constraint.name, is_check, is_unique, when if is_check else over, when, condition
        )


class Checks:
    """What the things of one organisation must keep, known before the first row is read."""

    def __init__(self, entity: Entity, organisation: Any, actor: Actor) -> None:
        """Take whose things they are and who changes them; nothing is read yet."""
        self.entity, self.organisation, self.actor = entity, organisation, actor
        self.taken: dict[str, dict[Values, set[int]]] = {}
        self.passed: set[tuple[str, Values]] = set()

    def require(self, thing: Any, changed: Collection[str]) -> None:
        """Require of a thing what ``Entity.require`` does.

        Args:
            thing: as the sheet makes it; what it points to may be chosen there.
            changed: the fields that the sheet changes, of a new thing all that it has.

        Raises:
            RuleViolation: the room's rule refuses it.
            ValidationError: a field or a constraint does.

        """
        self.entity.require_fields(actor=self.actor, thing=thing, changed=changed)
        if self.is_known and all(self._keeps(each, thing, changed) for each in self.constraints):
            thing.clean()
        else:
            thing.full_clean()
            self._remember(thing)

    @cached_property
    def constraints(self) -> tuple[_Constraint, ...]:
        """Return the constraints of the model."""
        model = self.entity.model
        return tuple(_Constraint.of(model, each) for each in model._meta.constraints)

    @cached_property
    def is_known(self) -> bool:
        """Return whether the constraints are all that a thing must keep beside its fields."""
        meta = self.entity.model._meta
        alone = any(each.unique and not each.primary_key for each in meta.concrete_fields)
        return not alone and not meta.unique_together

    def _keeps(self, known: _Constraint, thing: Any, changed: Collection[str]) -> bool:
        """Return whether a thing is known to keep a constraint; False where that is not known."""
        if thing.pk is not None and (known.over | known.when).isdisjoint(changed):
            return True  # it is there and keeps it
        if known.is_check:
            return (known.name, _read(thing, known.over)) in self.passed
        if not known.is_unique or "organisation" not in known.over:
            return False
        return self._holders(known).get(_folded(thing, known.over), set()) <= {thing.pk}

    def _holders(self, known: _Constraint) -> dict[Values, set[int]]:
        """Return which things have which values, whatever their case."""
        if known.name not in self.taken:
            rows = self.entity.model.unscoped.filter(  # scope: says only what is taken
                known.condition, organisation=self.organisation
            )
            found: dict[Values, set[int]] = {}
            with beyond_scope("says only that the name is taken"):
                for each in rows.only("pk", *known.over):
                    found.setdefault(_folded(each, known.over), set()).add(each.pk)
            self.taken[known.name] = found
        return self.taken[known.name]

    def _remember(self, thing: Any) -> None:
        """Keep which values pass what only the database can answer: many rows have the same."""
        for each in self.constraints:
            if each.is_check:
                self.passed.add((each.name, _read(thing, each.over)))


def _read(thing: Any, names: Names) -> Values:
    attributes = (thing._meta.get_field(name).attname for name in sorted(names))
    return tuple(getattr(thing, name) for name in attributes)


def _folded(thing: Any, names: Names) -> Values:
    """Return values without their case: two that differ only so are asked about, not let pass."""
    values = _read(thing, names)
    return tuple(each.casefold() if isinstance(each, str) else each for each in values)


def _named(model: type[Any], expression: Any) -> Names:
    found = model._get_expr_references(expression)  # noqa: SLF001  Django has no other way
    return frozenset(path[0] for path in found)
