"""What a change on record did, in words: each field, what it was and what it became.

The trail keeps values as JSON: keys of choices, ids, days as ISO 8601. Here they become what a
page says, in the reader's language, with no name of anybody whom the reader may not see.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.models import Membership, Person
from samsyn.access.scoping import ScopedManager
from samsyn.audit.models import Entry
from samsyn.audit.services import HIDDEN
from samsyn.ui.components.base import joined
from samsyn.ui.moments import day_text, moment_text
from samsyn.ui.thing_names import model_of, permission_of

VALUE_LONGEST = 200  # of a text that is told: what is longer is read on the page of the thing
PAIR = 2
_CODE = re.compile(r"[0-9a-f]{64}")  # a SHA-256 says nothing to anybody

Names = dict[tuple[type[Any], Any], str]
Changed: TypeAlias = "tuple[models.Field[Any, Any], Any, Any]"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one thing in words: what it is called, what it was and what it becomes.

    Attributes:
        label: as the beginning of a line.
        before: an empty text where nothing was said.
        after: as ``before``.
        is_told: whether the values may be said; else only that the field has changed.

    """

    label: str
    before: str = ""
    after: str = ""
    is_told: bool = True

    def __str__(self) -> str:
        """Return the change as a line."""
        if not self.is_told:
            return _("%s: changed") % self.label
        empty = _("empty")
        return f"{self.label}: {self.before or empty} → {self.after or empty}"


def changes_told(entries: Iterable[Entry], *, actor: Actor) -> dict[int, tuple[FieldChange, ...]]:
    """Return in words what changes did to the fields of things, by the number of the entry.

    What is added or erased is not told field by field, and neither are moments and who did
    it, which the entry says. Nothing is told of a thing whose kind the actor may not see where
    it is, or that is another person's own.

    Args:
        entries: of the trail.
        actor: who reads.

    """
    entries = list(entries)
    found = {e.number: list(_changed(e)) for e in entries if _may_read(e, actor)}
    doers = {entry.person_id for entry in entries}  # their names are said as who did it
    names = _names([change for changes in found.values() for change in changes], actor, doers)
    return {
        number: tuple(_told(each, names) for each in changes) for number, changes in found.items()
    }


def changes_html(changes: Collection[FieldChange]) -> SafeString | str:
    """Return changes as a list; an empty text for none."""
    if not changes:
        return ""
    lines = joined(format_html("<li>{}</li>", str(change)) for change in changes)
    return format_html('<ul class="changes">{}</ul>', lines)


def value_text(field: models.Field[Any, Any], value: Any) -> str:
    """Return the value of a field as people read it; an empty text for nothing.

    Args:
        field: of a model, and none that points to a thing.
        value: as the model or the trail has it.

    """
    if value is None or value in ("", []):
        return ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return _plain_text(field, value)


def _plain_text(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return moment_text(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if isinstance(field, models.DateField):
        return day_text(date.fromisoformat(value) if isinstance(value, str) else value)
    if isinstance(value, float):
        return str(number_format(int(value) if value.is_integer() else value, use_l10n=True))
    return str(value)


def _may_read(entry: Entry, actor: Actor) -> bool:
    permission = permission_of(entry.object_type)
    if permission is None or entry.organisation_id is None:
        return entry.person_id is not None and entry.person_id == actor.person_id
    return actor.may(permission, entry.organisation_id)


def _changed(entry: Entry) -> Iterator[Changed]:
    model = model_of(entry.object_type)
    if model is None or model._meta.pk.attname in entry.changes:
        return
    for field in model._meta.concrete_fields:
        pair = entry.changes.get(field.attname)
        if isinstance(pair, list) and len(pair) == PAIR and not _is_said_already(field):
            yield field, *pair


def _is_said_already(field: models.Field[Any, Any]) -> bool:
    """Return whether a field only repeats when it was done, by whom, or that it was."""
    is_who = isinstance(field, models.CharField) and field.name.endswith("_by")
    return is_who or isinstance(field, models.DateTimeField) or field.name == "version"


def _told(change: Changed, names: Names) -> FieldChange:
    field, *pair = change
    label = capfirst(str(field.verbose_name))
    if any(_is_unreadable(value) for value in pair):
        return FieldChange(label, is_told=False)
    before, after = (_said(field, value, names) for value in pair)
    return FieldChange(label, before, after)


def _is_unreadable(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(each, dict | list) for each in value)
    is_code = isinstance(value, str) and bool(_CODE.fullmatch(value))
    return is_code or value == HIDDEN or isinstance(value, dict)


def _said(field: models.Field[Any, Any], value: Any, names: Names) -> str:
    model = field.related_model
    if model is None or value is None:
        return Truncator(value_text(field, value)).chars(VALUE_LONGEST)
    return names.get((model, value)) or _("name not shown")


def _names(changes: Iterable[Changed], actor: Actor, doers: Collection[int | None]) -> Names:
    """Return what the things are called that changed fields point to, as the actor sees them."""
    pointed: dict[Any, set[Any]] = {}
    for field, *pair in changes:
        if field.related_model is not None:
            pointed.setdefault(field.related_model, set()).update(pair)
    return {
        (model, thing.pk): str(thing)
        for model, keys in pointed.items()
        for thing in _seen(model, keys - {None, HIDDEN}, actor, doers)
    }


def _seen(
    model: Any, keys: Collection[Any], actor: Actor, doers: Collection[int | None]
) -> Iterable[Any]:
    if model is Person:
        roles = Membership.objects.visible_to(actor).filter(person__in=keys)
        known = Q(pk__in=roles.order_by().values("person")) | Q(pk__in={*doers, actor.person_id})
        return Person.objects.filter(known, pk__in=keys)
    if isinstance(model.objects, ScopedManager):
        return model.objects.visible_to(actor).filter(pk__in=keys).select_related()
    return ()
