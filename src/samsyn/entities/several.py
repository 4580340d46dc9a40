"""Give some fields of several things the same value at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.http import ActorRequest
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import ThingForm, form_field
from samsyn.entities.pointing import ThingChoice
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.ui.screens import FormScreen
from samsyn.ui.screens.choosing import chosen_in

AS_IT_IS = gettext_lazy("leave as it is")


class SeveralForm(ThingForm):
    """What several things get; what points to others only where all are one organisation's."""

    def __init__(self, *args: Any, things: list[Any], **kwargs: Any) -> None:
        owners = {thing.owner_id: thing.organisation for thing in things}
        organisation = next(iter(owners.values())) if len(owners) == 1 else None
        super().__init__(*args, organisation=organisation, **kwargs)
        for field in self.entity.pointing:
            if organisation is None:
                self.fields.pop(field.name, None)


def several_form(entity: Entity) -> type[ThingForm]:
    """Return the form: each field may be left as it is."""
    made: dict[str, Any] = {
        each.name: _optional(entity, each) for each in entity.fields if each.is_bulk
    }
    return type(f"{entity.model.__name__}Several", (SeveralForm,), {**made, "entity": entity})


def _optional(entity: Entity, each: Any) -> forms.Field:
    made: Any = form_field(entity, each)
    if isinstance(made, ThingChoice):
        made.nothing = AS_IT_IS
    elif isinstance(made, forms.TypedChoiceField):
        choices: Any = made.choices
        made.choices = [("", AS_IT_IS), *(pair for pair in choices if pair[0] != "")]
        made.empty_value, made.initial = None, ""
    else:
        made.help_text = gettext_lazy("Left empty, it stays as it is.")
    made.required = False
    field: forms.Field = made
    return field


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
            return redirect(self.way_back(None))
        things = self.things()
        form = self.form(actor=request.actor, things=things)
        return self.page(None, form, things=things)

    def post(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        self.check_allowed(None)
        things = self.things()
        form = self.form(request.POST, actor=request.actor, things=things)
        if not form.is_valid():
            return self.page(None, form, status=422, things=things)
        facts = {n: v for n, v in form.cleaned_data.items() if v is not None and v != ""}
        if not facts:
            form.add_error(None, _("Say what is to be changed."))
            return self.page(None, form, status=422, things=things)
        try:
            self.service(actor=request.actor, things=things, **facts)
        except RuleViolation as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.page(None, form, status=422, things=things)
        return self.after(None, None)
