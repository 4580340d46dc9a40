"""The forms of an entity, made from its model's fields in our own widgets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.entities.declaration import Entity, Field
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.components.base import Text
from samsyn.ui.screens import ActorForm, FilterForm

SEARCH_LONGEST = 100


def label_of(entity: Entity, field: Field) -> Text:
    """Return what a field is called, as the beginning of a line."""
    return capfirst(entity.of(field).verbose_name)


def form_field(entity: Entity, field: Field) -> forms.Field:
    """Return the form's field: what the model says, in our widgets."""
    known = entity.of(field)
    made: Any = _choice(known) if known.choices else known.formfield()
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(attrs={"type": "date"})
    if isinstance(known, models.TextField):
        made.widget = forms.Textarea(attrs={"rows": 3})
    made.label = field.question or label_of(entity, field)
    made.help_text = field.help
    field_made: forms.Field = made
    return field_made


def _choice(known: models.Field[Any, Any]) -> forms.TypedChoiceField:
    """Return a choice without an empty line, unless nothing is a choice too."""
    kind = int if isinstance(known, models.IntegerField) else str
    empty = [("", _("not said"))] if known.blank or known.null else []
    return forms.TypedChoiceField(
        choices=[*empty, *(known.choices or [])],
        coerce=kind,
        required=not known.blank,
        empty_value=None if known.null else "",
        initial=known.get_default(),
    )


def change_form(entity: Entity) -> type[ActorForm]:
    """Return the form for changing one."""
    made = {field.name: form_field(entity, field) for field in entity.fields}
    return type(f"{entity.model.__name__}Form", (ActorForm,), made)


def new_form(entity: Entity) -> type[ActorForm]:
    """Return the form for a new one: also whose it is."""

    class New(change_form(entity)):  # type: ignore[misc]  # a class made at run time
        organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
        field_order = ("organisation",)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            only_where(self, "organisation", entity.change)

    New.__qualname__ = f"{entity.model.__name__}New"
    return New


class EntityFilters(FilterForm):
    """What a list of things that organisations own can be narrowed by, whatever they are."""

    more = ("organisation", "is_retired")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    is_retired = forms.BooleanField(label=_("Retired ones"))

    def for_selector(self) -> dict[str, Any]:
        """Return the values as the selector takes them."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


def filter_form(entity: Entity) -> type[FilterForm]:
    """Return what a list can be narrowed by."""
    search = forms.CharField(
        label=capfirst(entity.model._meta.verbose_name),
        widget=forms.SearchInput,
        max_length=SEARCH_LONGEST,
    )
    asked = {name: _filter(entity, field) for name, field in entity.filters.items()}
    order = ("search", *asked, *EntityFilters.more)
    made = {"search": search, **asked, "field_order": order}
    # A list's filters are kept by the name of their class.
    return type(f"{entity.model.__name__}Filters", (EntityFilters,), made)


def _filter(entity: Entity, field: Field) -> forms.Field:
    made: Any = form_field(entity, field)
    if isinstance(made, forms.TypedChoiceField):
        choices: Any = made.choices
        asked = [("", _("any")), *(pair for pair in choices if pair[0] != "")]
        made.choices, made.empty_value, made.initial = asked, None, None
    made.label = field.filter_label or label_of(entity, field)
    made.help_text = ""
    filter_made: forms.Field = made
    return filter_made
