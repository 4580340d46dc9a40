from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES
from samsyn.actions.models import Horizon
from samsyn.maturity.content import aspect_names, level_names
from samsyn.maturity.models import Dialogue, DialogueStep, Group
from samsyn.maturity.rules import LEVELS, wants_evidence
from samsyn.maturity.services.rating import RatingGiven
from samsyn.organisations.models import Organisation
from samsyn.ui.filters import BoundedForm
from samsyn.ui.screens import ActorForm, FilterForm

LEVELS_TO_CHOOSE = [(str(level), str(level)) for level in LEVELS]


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def text_field(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """Return a field for several lines that may be left empty."""
    given = {"required": False, "max_length": 2000} | more
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **given)


class DialogueFilters(FilterForm):
    """What the list of dialogues can be narrowed by."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    step = forms.ChoiceField(label=_("Step"), choices=[("", _("any step")), *DialogueStep.choices])

    def for_selector(self) -> dict[str, Any]:
        """Return the values with the organisation as id."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


class _About(ActorForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    held_on = day_field(_("Day of the meeting"))
    facilitator = forms.CharField(label=_("Facilitator"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of invitations and slides"), choices=LANGUAGES)
    is_by_aspect = forms.BooleanField(
        label=_("Rate each aspect too"),
        required=False,
        help_text=_("Five ratings for each area rather than one: slower, and says more."),
    )


class PrepareForm(_About):
    """A new dialogue: whose, when, and what it follows on."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    previous = forms.ModelChoiceField(
        Dialogue.objects.none(),
        label=_("Last time"),
        required=False,
        empty_label=_("this is the first time"),
        help_text=_("Last time's words are shown beside the new ones."),
    )
    field_order = ("organisation", "title", "held_on", "previous")


class ChangeForm(_About):
    """What is said of a dialogue, and the words for its slides."""

    present = text_field(_("Present"), help_text=_("One name a line."))
    losses = text_field(
        _("Losses avoided"),
        help_text=_("What it would cost to leave things as they are. One a line."),
    )
    gains = text_field(_("Gains"), help_text=_("What we win. One a line."))
    closing = text_field(_("Closing words"))


class InviteForm(ActorForm):
    """Whom to invite."""

    people = text_field(
        _("Whom do you invite?"),
        rows=6,
        required=True,
        max_length=20_000,
        help_text=_("One a line: Anna Berg <anna@kommun.example>, or the address alone."),
    )
    group = forms.ChoiceField(label=_("They belong to"), choices=Group.choices)


class AreaForm(ActorForm):
    """An own area."""

    name = forms.CharField(label=_("What is it called?"), max_length=80)
    scope = forms.CharField(label=_("What is it about?"), max_length=300, required=False)


class AgreeForm(ActorForm):
    """What the meeting agreed on for one area."""

    agreed = forms.TypedChoiceField(
        label=_("We agree on level"), coerce=int, choices=LEVELS_TO_CHOOSE, widget=forms.RadioSelect
    )
    reasons = text_field(
        _("Why?"), rows=4, required=True, max_length=4000, help_text=_("One reason a line.")
    )
    dissent = text_field(
        _("Who saw it otherwise, and why?"),
        rows=2,
        help_text=_("The view, not the name: it is kept beside what was agreed."),
    )


class AreaProposalForm(ActorForm):
    """What would lift an area."""

    what = forms.CharField(label=_("What"), max_length=200)
    how = text_field(_("How"), rows=2)
    who = forms.CharField(label=_("Who"), max_length=120, required=False)
    horizon = forms.ChoiceField(label=_("When"), choices=Horizon.choices)


class TimerForm(ActorForm):
    """How long the talk may last."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=180, initial=10)


class PlanDecisionForm(ActorForm):
    """Who decides the plan, and when."""

    decided_by = forms.CharField(
        label=_("Decided by"), max_length=200, help_text=_("The person or the body.")
    )
    decided_on = day_field(_("Decided on"))
    valid_until = day_field(_("Valid until"), required=False)


class TargetsForm(ActorForm):
    """Where one wants to be in each area."""

    def __init__(self, *args: Any, areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = level_names()
        choices = [("", gettext("not said yet")), *((n, f"{n} · {names[n]}") for n in LEVELS)]
        for area in areas:
            self.fields[f"area-{area.pk}"] = forms.TypedChoiceField(
                label=area.name, coerce=int, empty_value=None, required=False, choices=choices
            )

    def targets(self) -> dict[int, int | None]:
        """Return the level wanted for each area, by its id."""
        return {int(name.split("-")[1]): level for name, level in self.cleaned_data.items()}


class PaperForm(ActorForm):
    """A paper form, typed in afterwards."""

    group = forms.ChoiceField(label=_("The form is from"), choices=Group.choices)

    def __init__(self, *args: Any, areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in areas:
            self.fields[f"area-{area.pk}"] = forms.TypedChoiceField(
                label=area.name,
                coerce=int,
                empty_value=None,
                required=False,
                choices=[("", gettext("not filled in")), *LEVELS_TO_CHOOSE],
            )

    def ratings(self) -> dict[int, RatingGiven]:
        """Return what is filled in, by the area's id."""
        return {
            int(name.split("-")[1]): RatingGiven(level=level)
            for name, level in self.cleaned_data.items()
            if name != "group" and level
        }


class RateForm(BoundedForm):
    """What one person thinks of one area."""

    level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        choices=LEVELS_TO_CHOOSE,
        error_messages={
            "required": _("Choose a level."),
            "invalid_choice": _("Choose a level from 1 to 4."),
        },
    )
    reason = text_field(_("A word on why"), max_length=1000)
    evidence = text_field(
        _("What shows it?"), rows=2, max_length=1000,
        help_text=_("A document, a figure, something that happened."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_by_aspect: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aspects = aspect_names() if is_by_aspect else {}
        for key, name in self.aspects.items():
            self.fields[f"aspect-{key}"] = forms.TypedChoiceField(
                label=name, coerce=int, empty_value=None, required=False,
                choices=[("", gettext("not filled in")), *LEVELS_TO_CHOOSE],
            )  # fmt: skip

    def given(self) -> RatingGiven:
        """Return what was said."""
        values = self.cleaned_data
        aspects = {key: values[f"aspect-{key}"] for key in self.aspects}
        return RatingGiven(
            level=values["level"],
            aspects={key: level for key, level in aspects.items() if level},
            reason=values["reason"],
            evidence=values["evidence"],
        )

    def asks_for_evidence(self) -> bool:
        """Whether the highest level was chosen without a word on what shows it."""
        return wants_evidence(self.cleaned_data["level"], self.cleaned_data["evidence"])
