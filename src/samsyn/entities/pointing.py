"""Fields that point to a person, or to another thing: what may be chosen, and how it is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.entities.declaration import Entity, Field, NotShown
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


def link_field(name: str, to: Entity, **used: Any) -> Field:
    """Return the field for another declared thing of the same organisation, or none.

    What may be chosen is in use, and what the actor may see. To a form, a sheet and a program a
    thing of another organisation, a retired one and one that the actor may not see are as if
    they did not exist; their names are told nowhere.

    Args:
        name: of the model's foreign key, which is ``PROTECT`` and has ``related_name="+"``.
        to: the declaration of what it points to, of a room on a lower storey or of the same.
        used: as for every field.

    """

    def things(*, actor: Actor, organisation: Any) -> Iterable[Any]:
        return to.list(actor=actor, organisation=organisation.pk)

    usual = {
        "nothing": gettext_lazy("not said"),
        "refusal": gettext_lazy("This cannot be chosen here."),
    }
    return Field(name, choices=things, to=to, **{**usual, **used})


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
            chosen = self.entity.pointed(field, thing) if field.name in names else None
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
        present = self.entity.pointed(field, thing) if thing else None
        offered = [*self.of(field, organisation), *([present] if present else [])]
        chosen = next((each for each in offered if each.pk == pk), None)
        if pk is not None and chosen is None:
            raise RuleViolation(str(field.refusal), field=field.name)
        return chosen


class ThingChoice(forms.TypedChoiceField):
    """A choice among things; in a sheet they stand by their names."""

    nothing: Text = gettext_lazy("nobody")

    def offer(self, things: Iterable[Any], present: Any = None) -> None:
        """Say what may be chosen, and what is chosen already, which may stay."""
        self.things = {str(thing.pk): thing for thing in things}
        self.present = "" if present is None else str(present.pk)
        if present is not None:
            self.things.setdefault(self.present, present)
        named = [(key, choice_text(thing)) for key, thing in self.things.items()]
        empty = [] if self.required else [("", self.nothing)]
        self.choices = [*empty, *named]
        self.coerce = self.things.__getitem__

    def key_of(self, name: str) -> str:
        """Return the key of the one thing that is called so; what is chosen already comes first.

        Raises:
            ValidationError: there is none, or there are several.

        """
        wanted = name_key(name)
        keys = [key for key, thing in self.things.items() if wanted in _names(thing)]
        if self.present in keys:
            return self.present
        if not wanted or len(keys) == 1:
            return "".join(keys)
        if keys:
            raise forms.ValidationError(_("Several are called %s. Choose on the page.") % name)
        raise forms.ValidationError(choice_refused(self, name))


def choice_text(thing: Any) -> str:
    """Return what a thing is called in a choice, and that it is retired."""
    is_retired = getattr(thing, "is_retired", False)
    return f"{thing} ({_('retired')})" if is_retired else str(thing)


def _names(thing: Any) -> set[str]:
    """Return what a sheet may call a thing; what is not shown has words in every language."""
    if not isinstance(thing, NotShown):
        return {name_key(str(thing))}
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(name_key(str(thing)))
    return found


def choice_refused(field: Any, cell: str) -> str:
    """Return that a cell names none of what may be chosen, and what may be."""
    words = [str(word) for key, word in field.choices if key != ""]
    if not words or len(words) > NAMED_MOST:
        return _("%s cannot be chosen here.") % cell
    values = {"cell": cell, "words": ", ".join(words)}
    return _("%(cell)s cannot be chosen here. Choose among: %(words)s.") % values
