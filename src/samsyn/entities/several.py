"""Give some fields of several things the same value at once, or empty them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.http import ActorRequest
from samsyn.entities.declaration import Entity, Field
from samsyn.entities.fields import ThingForm, form_field
from samsyn.entities.pointing import ThingChoice
from samsyn.kernel.errors import Conflict, NotFound, RuleViolation
from samsyn.ui.screens import FormScreen
from samsyn.ui.screens.choosing import chosen_in, list_address

AS_IT_IS = gettext_lazy("leave as it is")
EMPTY = "!empty"  # the key of nothing, where an empty key leaves a field as it is
EMPTIED = "_emptied"  # how the name of a box ends that empties a field


class SeveralForm(ThingForm):
    """What several things get; what points to others only where all are one organisation's.

    A field may be left as it is, be given a value, or be emptied where the model allows that.
    """

    def __init__(self, *args: Any, things: list[Any], **kwargs: Any) -> None:
        owners = {thing.owner_id: thing.organisation for thing in things}
        organisation = next(iter(owners.values())) if len(owners) == 1 else None
        super().__init__(*args, organisation=organisation, **kwargs)
        for field in self.entity.pointing:
            if organisation is None:
                self.fields.pop(field.name, None)
            elif field.name in self.fields:
                _may_be_left(self.fields[field.name], can_be_empty=self.can_be_empty(field))

    def can_be_empty(self, field: Field) -> bool:
        """Return whether a thing may say nothing there."""
        return bool(self.entity.of(field).blank)

    def clean(self) -> dict[str, Any]:
        """Require a value or nothing, not both."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for field in self.entity.fields:
            if given.get(f"{field.name}{EMPTIED}") and given.get(field.name):
                self.add_error(field.name, _("Give a value or make it empty, not both."))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what the things get; what is left as it is has no place there."""
        facts = {}
        for field in self.entity.fields:
            value = self.cleaned_data.get(field.name)
            if value == EMPTY or self.cleaned_data.get(f"{field.name}{EMPTIED}"):
                facts[field.name] = None if self.entity.of(field).null else ""
            elif value is not None and value != "":
                facts[field.name] = value
        return facts


def several_form(entity: Entity) -> type[SeveralForm]:
    """Return the form: each field may be left as it is."""
    made: dict[str, Any] = {}
    for each in entity.fields:
        if each.is_bulk:
            made |= _asked(entity, each)
    return type(f"{entity.model.__name__}Several", (SeveralForm,), {**made, "entity": entity})


def _asked(entity: Entity, each: Field) -> dict[str, forms.Field]:
    """Return the field, and the box that empties it where it is no choice."""
    made, can_be_empty = form_field(entity, each), bool(entity.of(each).blank)
    made.required, made.is_marked_optional = False, False  # type: ignore[attr-defined]  # for the page
    if isinstance(made, ThingChoice):
        return {each.name: made}  # its choice is known when the things are
    if isinstance(made, forms.TypedChoiceField):
        _may_be_left(made, can_be_empty=can_be_empty)
        return {each.name: made}
    made.help_text = gettext_lazy("Left empty, it stays as it is.")
    label = format_lazy(gettext_lazy("Make it empty: {field}"), field=made.label)
    box: dict[str, forms.Field] = {}
    if can_be_empty:
        box[f"{each.name}{EMPTIED}"] = forms.BooleanField(label=label, required=False)
    return {each.name: made, **box}


def _may_be_left(field: Any, *, can_be_empty: bool) -> None:
    """Let a choice begin with leaving it as it is; nothing is a choice of its own then."""
    choices = list(field.choices)
    nothing = next((word for key, word in choices if key == ""), "")
    empty = [(EMPTY, nothing)] if can_be_empty else []
    field.choices = [("", AS_IT_IS), *empty, *(pair for pair in choices if pair[0] != "")]
    read = field.coerce
    field.coerce = lambda key: key if key == EMPTY else read(key)
    field.empty_value, field.initial = None, ""


class SeveralScreen(FormScreen):
    """Changes the things that a list has led here with, as far as the actor may see them."""

    template_name = "entities/several.html"
    entity: Entity = None  # type: ignore[assignment]  # as_view gives it

    def things(self) -> list[Any]:
        """Return the chosen things, put on record where they are others'.

        Raises:
            NotFound: none is chosen that the actor may see.

        """
        rows = self.entity.list(actor=self.request.actor, is_retired=None)
        found = list(rows.filter(pk__in=chosen_in(self.request.GET)))
        if not found:
            raise NotFound(_("No such thing."))
        self.note_shown(found)
        return found

    def get(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        self.check_allowed(None)
        if not chosen_in(request.GET):
            messages.info(request, _("Choose at least one row first."))
            return redirect(self.home())
        things = self.things()
        form = self.form(actor=request.actor, things=things)
        return self.page(None, form, things=things)

    def post(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        self.check_allowed(None)
        things = self.things()
        form: Any = self.form(request.POST, actor=request.actor, things=things)
        if not form.is_valid():
            return self.page(None, form, status=422, things=things)
        facts = form.facts()
        if not facts:
            form.add_error(None, _("Say what is to be changed."))
            return self.page(None, form, status=422, things=things)
        try:
            self.service(actor=request.actor, things=things, **facts)
        except RuleViolation as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.page(None, form, status=422, things=things)
        except Conflict:
            return self.page(None, form, status=409, things=things, is_stale=True)
        return self.after(None, None)

    def after(self, subject: Any, result: Any) -> HttpResponse:
        """Lead back to the list as it was."""
        self.done_url = self.home()
        return super().after(subject, result)

    def way_back(self, subject: Any) -> str:
        """Return where "Cancel" leads."""
        del subject
        return self.home()

    def home(self) -> str:
        """Return the address of the list, narrowed as it was when the rows were chosen."""
        return list_address(reverse(f"{self.entity.room}:list"), self.request.GET)
