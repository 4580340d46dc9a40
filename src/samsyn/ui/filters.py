"""Filters that read as a sentence, and forms whose choices stay within what one may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from html import escape
from typing import Any, ClassVar, Self

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.scoping import ScopedManager
from samsyn.analytics.version_cache import cached_by_version
from samsyn.audit.selectors import trail_version
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.limits import DAY_FIRST, DAY_LAST, INT_LEAST, INT_MOST
from samsyn.ui.moments import day_text
from samsyn.ui.typed_numbers import type_as_text

NUMBER_IN_REACH = [MinValueValidator(INT_LEAST), MaxValueValidator(INT_MOST)]


class BoundedForm(forms.Form):
    """A form whose days and numbers every store and every sum can take."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.validators.append(day_in_reach)
            elif isinstance(field, forms.FloatField | forms.IntegerField):
                field.validators += NUMBER_IN_REACH
                type_as_text(field)


def day_in_reach(day: date) -> None:
    """Refuse a day so far away that no calendar can be drawn around it."""
    if not DAY_FIRST <= day <= DAY_LAST:
        years = {"first": DAY_FIRST.year, "last": DAY_LAST.year}
        raise forms.ValidationError(_("Choose a day between %(first)d and %(last)d.") % years)


class ActorForm(BoundedForm):
    """A form whose choices hold only what the actor may see."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                manager = getattr(field.queryset.model, "objects", None)
                if hasattr(field.queryset.model, "choice_name"):
                    field.iterator = NamedChoices  # first: the choices are set with the query
                if isinstance(manager, ScopedManager):
                    field.queryset = manager.visible_to(actor)


class NamedChoices(ModelChoiceIterator):  # type: ignore[type-arg]  # no subscript at run time
    """The choices of a model that says which field names its rows: keys and names, no objects.

    A choice among hundreds of members costs as much as a whole list when each is made an object.
    """

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        name = self.queryset.model.choice_name
        yield from self.queryset.values_list("pk", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One part of the sentence, and the address of the list without it."""

    text: str
    without_url: str


class QuickSelect(forms.Select):
    """A choice of hundreds: its options are written at once, not each by a template."""

    @classmethod
    def like(cls, other: forms.Select) -> QuickSelect:
        """Return the same choice, written quickly."""
        quick = cls(attrs=other.attrs)
        quick.choices, quick.is_required = other.choices, False
        return quick

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        del renderer
        chosen = set(self.format_value(value) or [])
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>'
            f"{escape(str(word))}</option>"
            for key, word in _flat(self.choices)
        )
        given = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        # Safe: keys and words have just been escaped.
        return format_html("<select{}>{}</select>", given, mark_safe(options))  # noqa: S308


class FilterForm(ActorForm):
    """What a list can be narrowed by. Every field is optional; its value goes to the selector.

    ``more`` names the fields that wait behind "More filters".
    """

    more: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if type(field.widget) is forms.Select:
                field.widget = QuickSelect.like(field.widget)

    @classmethod
    def asked(cls, query: QueryDict, *, actor: Actor, now: datetime) -> Self:
        """Return the form as an address fills it, made and read once a minute for the same asker.

        It is made anew when anybody has changed anything. It is shared: read, not changed.
        """
        given = tuple((name, tuple(query.getlist(name))) for name in cls.base_fields)
        minute = int(now.timestamp()) // 60
        reader = (get_language(), minute, trail_version(), actor.person_id, actor.permissions_key())
        key = (cls.__module__, cls.__qualname__, given, *reader)
        return cached_by_version("filters", key, lambda: cls._read(query, actor))

    @classmethod
    def _read(cls, query: QueryDict, actor: Actor) -> Self:
        form = cls(query, actor=actor)
        form.is_valid()
        return form

    @cached_property
    def html(self) -> SafeString:
        """The fields as they are shown; a choice among hundreds costs as much as a list."""
        if not self.fields:
            return SafeString()
        return render_to_string("ui/filters.html", {"form": self})

    def given(self) -> dict[str, Any]:
        """Return the values that narrow the list; a field with an error narrows nothing."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not (value is None or value == "" or (hasattr(value, "__len__") and not len(value)))
            and value is not False
        }

    @property
    def refusals(self) -> list[str]:
        """What was asked for and not understood, each with its reason: it narrows nothing."""
        if not self.is_bound:
            return []
        return [
            f"{self.fields[name].label}: {' '.join(map(str, errors))}"
            for name, errors in self.errors.items()
            if name in self.fields
        ]

    def require_understood(self) -> None:
        """Refuse what was not understood: rows that are taken away have no page that says so.

        Raises:
            RuleViolation: a value narrows nothing.

        """
        if self.refusals:
            raise RuleViolation(" ".join(self.refusals))

    def for_selector(self) -> dict[str, Any]:
        """Return the values as the selector takes them; a form whose fields differ says how."""
        return self.given()

    def chips(self, query: QueryDict) -> list[Chip]:
        """Return the sentence: each value in words, with the way to take it off."""
        found = []
        for name, value in self.given().items():
            rest = query.copy()
            for key in [k for k in rest if k == name or k in {"page", "view"}]:
                del rest[key]
            found.append(Chip(text=self._words(name, value), without_url=f"?{rest.urlencode()}"))
        return found

    def few(self) -> Iterator[forms.BoundField]:
        """Return the fields that are always shown."""
        return (field for field in self.visible_fields() if field.name not in self.more)

    def further(self) -> list[forms.BoundField]:
        """Return the fields that wait behind "More filters"."""
        return [field for field in self.visible_fields() if field.name in self.more]

    @property
    def is_further_used(self) -> bool:
        """Whether a waiting field narrows the list now; then they are shown."""
        return any(name in self.given() for name in self.more)

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        label = str(field.label or name)
        if isinstance(value, bool):
            return label
        if isinstance(value, date):
            return f"{label}: {day_text(value)}"
        if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
            words = dict(_flat(field.choices))
            values = value if isinstance(value, list | tuple | set) else [value]
            return _(" or ").join(str(words.get(str(v), v)) for v in values)
        if isinstance(value, Model):
            return str(value)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return _(" or ").join(str(each) for each in value)
        return f"{label}: {value}"


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for key, word in choices:
        if isinstance(word, list | tuple):
            yield from _flat(word)
        else:
            yield str(key), word
