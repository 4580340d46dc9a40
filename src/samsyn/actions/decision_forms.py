from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.actions.decision_selectors import IN_FORCE, REPLACED, RUN_OUT, decisions_replaceable
from samsyn.actions.forms import day_field, words_field
from samsyn.actions.models import DecisionOutcome
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.moments import day_text
from samsyn.ui.screens import ActorForm, FilterForm

OFFERED_MOST = 200
STANDINGS = (
    (IN_FORCE, _("in force")),
    (RUN_OUT, _("has run out")),
    (REPLACED, _("replaced")),
)


class DecisionFilters(FilterForm):
    """What the list of decisions can be narrowed by."""

    search = forms.CharField(label=_("Matter or decision"), max_length=100)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("any")), *DecisionOutcome.choices]
    )
    standing = forms.ChoiceField(label=_("Stands"), choices=[("", _("any")), *STANDINGS])
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    decided_after = day_field(_("Decided from"))

    def for_selector(self) -> dict[str, Any]:
        """Return the values with the organisation as its id, and the day."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return {**values, "today": timezone.localdate()}


class DecisionForm(ActorForm):
    """Who decided what, when and on what basis."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    title = forms.CharField(label=_("Matter"), max_length=200)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=DecisionOutcome.choices, widget=forms.RadioSelect
    )
    text = words_field(_("Decision"), _("As it stands in the minutes."), required=True)
    basis = words_field(_("Basis"), _("What was known, and what spoke for and against."))
    decided_on = day_field(_("Decided on"), required=True)
    decided_by = forms.CharField(
        label=_("Decided by"), max_length=200, help_text=_("A person or a body.")
    )
    present = words_field(_("Present"), _("One name a line."), max_length=6000)
    valid_until = day_field(_("Valid until"), _("Leave it empty if it holds until further notice."))
    replaces = forms.ChoiceField(
        label=_("Replaces"),
        required=False,
        help_text=_("An older decision is never changed: this one takes its place."),
    )

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if thing is not None:
            del self.fields["organisation"]
        else:
            only_where(self, "organisation", Permission.DECISIONS_RECORD)
        whose = thing.owner_id if thing is not None else None
        rows = decisions_replaceable(actor=self.actor, organisation=whose)
        self.fields["replaces"].choices = [  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
            ("", _("no older decision")),
            *((str(d.pk), f"{d.title} ({day_text(d.decided_on)})") for d in rows[:OFFERED_MOST]),
        ]

    def clean_present(self) -> list[str]:
        """Return the names, one from each line."""
        lines = str(self.cleaned_data["present"]).splitlines()
        return [line.strip() for line in lines if line.strip()]
