from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES
from samsyn.access.permissions import Permission
from samsyn.actions.forms import day_field, words_field
from samsyn.actions.models import DecisionOutcome
from samsyn.maturity.content import area_keys as dialogue_keys
from samsyn.maturity.content import area_name as dialogue_name
from samsyn.maturity.content import level_names
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.reporting.content import area_texts
from samsyn.reporting.models import Judged, MeetingState, ProposalState
from samsyn.reporting.rules import lines_of
from samsyn.ui.screens import ActorForm, FilterForm

YEAR_LEAST, YEAR_MOST = 2020, 2100


class _OfOrganisation(FilterForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )

    def for_selector(self) -> dict[str, Any]:
        """Return the values with the organisation as its id."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


class ProposalFilters(_OfOrganisation):
    """What the list of proposals can be narrowed by."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("any state")), *ProposalState.choices]
    )


class MeetingFilters(_OfOrganisation):
    """What the list of meetings can be narrowed by."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("any state")), *MeetingState.choices]
    )


class DecisionProposalForm(ActorForm):
    """What management is asked to decide."""

    title = forms.CharField(
        label=_("What is to be decided"), max_length=200, help_text=_("So that yes is an answer.")
    )
    why = words_field(_("Why"), _("In plain words, for somebody outside security."), required=True)
    recommendation = words_field(
        _("Recommendation"),
        _("What you would do. A yes means this."),
        required=True,
        max_length=2000,
    )
    if_yes = words_field(_("If we say yes"), required=True, max_length=2000)
    if_no = words_field(_("If we say no"), required=True, max_length=2000)
    cost = forms.IntegerField(label=_("Cost"), required=False, min_value=0, max_value=10**12)
    needed_by = day_field(_("Needed by"))


class _Taken(ActorForm):
    decided_by = forms.CharField(
        label=_("Decided by"), max_length=200, help_text=_("A person or a body.")
    )
    decided_on = day_field(_("Decided on"), required=True)
    present = words_field(_("Present"), _("One name a line."), max_length=6000)

    def clean_present(self) -> list[str]:
        """Return the names, one from each line."""
        return lines_of(str(self.cleaned_data["present"]))


class ProposalDecisionForm(_Taken):
    """Yes or no to a proposal, in whose name, and who was there."""

    field_order = ("outcome", "text", "decided_by", "decided_on", "present", "valid_until")
    outcome = forms.ChoiceField(
        label=_("What do we say?"),
        choices=[
            (DecisionOutcome.APPROVED.value, _("Yes, as recommended")),
            (DecisionOutcome.DECLINED.value, _("No")),
        ],
        widget=forms.RadioSelect,
    )
    text = words_field(
        _("The decision in words"),
        _("For a yes it can be left empty: then the recommendation stands. For a no, say why."),
    )
    valid_until = day_field(_("Valid until"), _("Leave it empty if it holds until further notice."))


class WithdrawForm(ActorForm):
    """Why a proposal is taken back."""

    reason = words_field(_("Why it is withdrawn"), required=True, max_length=2000)


class WordForm(ActorForm):
    """What the CISO says of an area."""

    text = words_field(
        _("Your words"), _("Two or three sentences that management understands."), required=True,
        max_length=2000,
    )  # fmt: skip
    judged = forms.ChoiceField(
        label=_("How it stands, as you judge it"),
        choices=Judged.choices,
        widget=forms.RadioSelect,
        help_text=_("Worse facts count for more; what nobody knows is not in order."),
    )


class QuestionForm(ActorForm):
    """What management wants to know."""

    text = words_field(_("Your question"), required=True, max_length=2000)
    area = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
            ("", _("the work as a whole")),
            *((text.key, text.name) for text in area_texts()),
        ]


class QuestionAnswerForm(ActorForm):
    """The answer to a question."""

    answer = words_field(_("Your answer"), _("It shows on management's page."), required=True)


class TargetForm(ActorForm):
    """Where one wants to be, and how mature."""

    until_year = forms.IntegerField(
        label=_("Until the year"), min_value=YEAR_LEAST, max_value=YEAR_MOST
    )
    text = words_field(_("Where we want to be"), required=True, rows=5)
    principles = words_field(_("Principles"), _("One a line."), rows=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            ("", _("no target")),
            *((n, f"{n} · {name}") for n, name in level_names().items()),
        ]
        for key in dialogue_keys():
            self.fields[f"level_{key}"] = forms.TypedChoiceField(
                label=_("Maturity: %s") % dialogue_name(key), choices=levels, coerce=int,
                empty_value=None, required=False,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Return the values with the levels together."""
        given = dict(super().clean() or {})
        levels = {key: given.pop(f"level_{key}", None) for key in dialogue_keys()}
        return {**given, "levels": {key: level for key, level in levels.items() if level}}


class TargetDecideForm(_Taken):
    """In whose name the target picture is agreed on."""


class _MeetingForm(ActorForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    held_on = day_field(_("Day of the meeting"), required=True)
    begins_at = forms.TimeField(
        label=_("Begins at"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    chair = forms.CharField(label=_("Chair"), max_length=120, required=False)
    participants = words_field(_("Participants"), _("One name a line."))
    language = forms.ChoiceField(label=_("Language of agenda and minutes"), choices=LANGUAGES)


class MeetingForm(_MeetingForm):
    """A new meeting."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    field_order = ("organisation", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_where(self, "organisation", Permission.REPORTING_LEAD)


class MeetingChangeForm(_MeetingForm):
    """When, where and who, and what was agreed beforehand."""

    preparation = words_field(
        _("Notes from the pre-meeting"),
        _("What the CISO and the chair have agreed beforehand. It is not in the pack."),
    )


class MinutesForm(ActorForm):
    """What was said on a point."""

    minutes = words_field(_("What was said"), max_length=8000, rows=8)


class PointForm(ActorForm):
    """A point of one's own."""

    title = forms.CharField(label=_("Title"), max_length=160)
    about = words_field(_("What it is about"), max_length=1000)
    planned_minutes = forms.IntegerField(
        label=_("Planned minutes"), min_value=1, max_value=480, initial=10
    )
