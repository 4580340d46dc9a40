"""Fields that point to a person, or to another thing: what may be chosen, and how it is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.entities.declaration import Entity, Field
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.organisations.selectors import people_with
from samsyn.ui.components.base import Text

NAMED_MOST = 20


def person_field(name: str, *, view: Permission, able: Permission, **used: Any) -> Field:
    """Return the field for a person who has a permission at the organisation, or nobody.

    Args:
        name: of the model's foreign key.
        view: what it takes to know who such people are.
        able: what such a person may do there.
        used: as for every field.

    """

    def people(*, actor: Actor, organisation: Any) -> Iterable[Any]:
        if not actor.may(view, organisation.pk):
            return ()
        return people_with(actor=actor, organisation=organisation, permission=able)

    refusal = gettext_lazy("The person has no role here.")
    return Field(name, choices=people, refusal=refusal, **used)


class Offers:
    """What may be chosen at each organisation, asked once for each field."""

    def __init__(self, entity: Entity, actor: Actor) -> None:
        """Take what the fields are of, and who chooses."""
        self.entity, self.actor = entity, actor
        self._found: dict[tuple[str, int], list[Any]] = {}

    def of(self, field: Field, organisation: Any) -> list[Any]:
        """Return what may be chosen for a field at an organisation."""
        key = (field.name, organisation.pk)
        if key not in self._found and field.choices is not None:
            found = field.choices(actor=self.actor, organisation=organisation)
            self._found[key] = list(found)
        return self._found[key]

    def require(self, thing: Any, names: Iterable[str]) -> None:
        """Require that what some fields of a thing point to may be chosen there.

        Raises:
            RuleViolation: it may not.

        """
        for field in self.entity.pointing:
            chosen = getattr(thing, field.name) if field.name in names else None
            if chosen is not None and chosen not in self.of(field, thing.organisation):
                raise RuleViolation(str(field.refusal), field=field.name)

    def found(self, organisation: Any, facts: Mapping[str, Any], thing: Any = None) -> Any:
        """Return facts with the things that they name by ``field_id``.

        Raises:
            RuleViolation: one of them may not be chosen there.

        """
        values = dict(facts)
        for field in self.entity.pointing:
            if (name := f"{field.name}_id") in values:
                pk = values.pop(name)
                values[field.name] = self._named(field, organisation, pk, thing)
        return values

    def _named(self, field: Field, organisation: Any, pk: int | None, thing: Any) -> Any:
        present = getattr(thing, field.name, None)
        offered = [*self.of(field, organisation), *([present] if present else [])]
        chosen = next((each for each in offered if each.pk == pk), None)
        if pk is not None and chosen is None:
            raise RuleViolation(str(field.refusal), field=field.name)
        return chosen


class ThingChoice(forms.TypedChoiceField):
    """A choice among things; in a sheet they stand by their names."""

    nothing: Text = gettext_lazy("nobody")

    def offer(self, things: Iterable[Any]) -> None:
        """Say what may be chosen."""
        self.things = {str(thing.pk): thing for thing in things}
        named = [(key, str(thing)) for key, thing in self.things.items()]
        empty = [] if self.required else [("", self.nothing)]
        self.choices = [*empty, *named]
        self.coerce = self.things.__getitem__

    def key_of(self, name: str) -> str:
        """Return the key of the one thing that is called so.

        Raises:
            ValidationError: there is none, or there are several.

        """
        wanted = name_key(name)
        keys = [key for key, thing in self.things.items() if name_key(str(thing)) == wanted]
        if not wanted or len(keys) == 1:
            return "".join(keys)
        if keys:
            raise forms.ValidationError(_("Several are called %s. Choose on the page.") % name)
        raise forms.ValidationError(choice_refused(self, name))


def choice_refused(field: Any, cell: str) -> str:
    """Return that a cell names none of what may be chosen, and what may be."""
    words = [str(word) for key, word in field.choices if key != ""]
    if not words or len(words) > NAMED_MOST:
        return _("%s cannot be chosen here.") % cell
    values = {"cell": cell, "words": ", ".join(words)}
    return _("%(cell)s cannot be chosen here. Choose among: %(words)s.") % values
