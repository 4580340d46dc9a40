"""The forms of an entity, made from its model's fields in our own widgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.entities.declaration import Entity, Field, State
from samsyn.entities.pointing import Offers, ThingChoice, choice_text
from samsyn.kernel.limits import id_read
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.components.base import Text
from samsyn.ui.screens import ActorForm, FilterForm

SEARCH_LONGEST = 100
FEW = 3  # filters beside the search; what comes after them waits behind "More filters"


def label_of(entity: Entity, field: Field) -> Text:
    """Return what a field is called, as the beginning of a line."""
    return capfirst(entity.of(field).verbose_name)


def form_field(entity: Entity, field: Field) -> forms.Field:
    """Return the form's field: what the model says, in our widgets."""
    known = entity.of(field)
    made: Any = _made(field, known)
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(attrs={"type": "date"})
    if isinstance(known, models.TextField):
        made.widget = forms.Textarea(attrs={"rows": 3})
    made.label = field.question or label_of(entity, field)
    made.help_text = field.help
    field_made: forms.Field = made
    return field_made


def _made(field: Field, known: models.Field[Any, Any]) -> Any:
    if field.choices:
        made = ThingChoice(required=not known.blank, empty_value=None)
        made.nothing = field.nothing or made.nothing
        return made
    return _choice(field, known) if known.choices else known.formfield()


def _choice(field: Field, known: models.Field[Any, Any]) -> forms.TypedChoiceField:
    """Return a choice without an empty line, unless nothing is a choice too."""
    kind = int if isinstance(known, models.IntegerField) else str
    nothing = field.nothing or _("not said")
    empty = [("", nothing)] if known.blank or known.null else []
    return forms.TypedChoiceField(
        choices=[*empty, *(known.choices or [])],
        coerce=kind,
        required=not known.blank,
        empty_value=None if known.null else "",
        initial=known.get_default(),
    )


class ThingForm(ActorForm):
    """What is said of a thing; it offers what may be chosen at the organisation whose it is.

    What a thing points to already may stay, also when it can no longer be chosen.
    """

    entity: Entity

    def __init__(
        self,
        *args: Any,
        organisation: Organisation | None = None,
        thing: Any = None,
        offers: Offers | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if thing is not None:
            organisation = thing.organisation
        self.offer(organisation, thing, offers or Offers(self.entity, self.actor))

    def offer(self, organisation: Organisation | None, thing: Any, offers: Offers) -> None:
        """Say what may be chosen at an organisation; without one, nothing."""
        for field in self.entity.pointing:
            if field.name not in self.fields:
                continue
            found = offers.of(field, organisation) if organisation else []
            choice: Any = self.fields[field.name]
            choice.offer(found, thing and self.entity.pointed(field, thing))


def change_form(entity: Entity) -> type[ThingForm]:
    """Return the form for changing one."""
    made: dict[str, Any] = {field.name: form_field(entity, field) for field in entity.fields}
    return type(f"{entity.model.__name__}Form", (ThingForm,), {**made, "entity": entity})


def new_form(entity: Entity) -> type[ThingForm]:
    """Return the form for a new one: also whose it is."""

    class New(change_form(entity)):  # type: ignore[misc]  # a class made at run time
        organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
        field_order = ("organisation",)

        def __init__(
            self, *args: Any, organisation: Organisation | None = None, **kwargs: Any
        ) -> None:
            super().__init__(*args, organisation=organisation, **kwargs)
            if organisation is not None:
                self.fields["organisation"].initial = organisation.pk

        def offer(self, organisation: Organisation | None, thing: Any, offers: Offers) -> None:
            only_where(self, "organisation", entity.change)
            asked = id_read(str(self.data.get("organisation", "")))
            if entity.pointing and asked is not None:
                organisation = self.fields["organisation"].queryset.filter(pk=asked).first()
            super().offer(organisation, thing, offers)

    New.__qualname__ = f"{entity.model.__name__}New"
    return New


class EntityFilters(FilterForm):
    """What a list of things that organisations own can be narrowed by, whatever they are."""

    more = ("organisation", "is_retired")
    entity: Entity
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    is_retired = forms.BooleanField(label=_("Retired ones"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.entity.filters.items():
            if field.choices:
                choice: Any = self.fields[name]
                choice.choices = [("", _("any")), *self._pointed_to(field)]

    def _pointed_to(self, field: Field) -> list[tuple[int, str]]:
        """Return what the things point to that one may see."""
        rows = self.entity.list(actor=self.actor, is_retired=None).exclude(**{field.name: None})
        keys = rows.order_by().values(field.name)
        if field.to:
            found = field.to.list(actor=self.actor, is_retired=None).filter(pk__in=keys)
        else:
            model: Any = self.entity.of(field).related_model
            found = model._base_manager.filter(pk__in=keys)  # noqa: SLF001  # scope: what visible things name
        return sorted(_told_apart(list(found)), key=lambda pair: pair[1])

    def for_selector(self) -> dict[str, Any]:
        """Return the values as the selector takes them."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


def _told_apart(things: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield the key and the words of each, with whose it is where they are of several."""
    is_said = len({getattr(thing, "organisation_id", None) for thing in things}) > 1
    for thing in things:
        owner = f", {thing.organisation.name}" if is_said else ""
        yield thing.pk, f"{choice_text(thing)}{owner}"


def filter_form(entity: Entity) -> type[FilterForm]:
    """Return what a list can be narrowed by."""
    search = forms.CharField(
        label=capfirst(entity.model._meta.verbose_name),
        widget=forms.SearchInput,
        max_length=SEARCH_LONGEST,
    )
    asked = {name: _filter(entity, field) for name, field in entity.filters.items()}
    if entity.state:
        asked = {entity.state.name: _state_filter(entity.state), **asked}
    more = (*tuple(asked)[FEW:], *EntityFilters.more)
    made: dict[str, Any] = {"search": search, **asked, "more": more, "entity": entity}
    made["field_order"] = ("search", *asked, *EntityFilters.more)
    if not entity.retires:
        made["is_retired"] = None  # Django then leaves it out
    # A list's filters are kept by the name of their class.
    return type(f"{entity.model.__name__}Filters", (EntityFilters,), made)


def _state_filter(state: State) -> forms.Field:
    words = [(key, word) for key, (word, _tone) in state.words.items()]
    made: Any = forms.ChoiceField(choices=[("", _("any")), *words])
    made.label = state.label
    filter_made: forms.Field = made
    return filter_made


def _filter(entity: Entity, field: Field) -> forms.Field:
    made: Any = forms.TypedChoiceField(coerce=int, empty_value=None)
    if not field.choices:
        made = form_field(entity, field)
    if isinstance(made, forms.TypedChoiceField):
        choices: Any = made.choices
        asked = [("", _("any")), *(pair for pair in choices if pair[0] != "")]
        made.choices, made.empty_value, made.initial = asked, None, None
    made.label = field.filter_label or label_of(entity, field)
    made.help_text = ""
    filter_made: forms.Field = made
    return filter_made
