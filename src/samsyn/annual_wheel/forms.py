from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.access.selectors import person_known
from samsyn.actions.models import ActionArea
from samsyn.actions.selectors import owners_possible
from samsyn.annual_wheel.content import templates
from samsyn.annual_wheel.models import Activity, ActivityFrequency, MarkKind
from samsyn.annual_wheel.rules import AHEAD, DONE, LATE, MONTHS, OPEN, SKIPPED
from samsyn.annual_wheel.selectors import UNSETTLED, keys_begun
from samsyn.annual_wheel.wording import STANDING, month_names
from samsyn.organisations.choices import only_where, person_or_role
from samsyn.organisations.models import Organisation
from samsyn.ui.screens import ActorForm, FilterForm

ROLES = Activity._meta.get_field("role").choices or []
STANDINGS = [(name, STANDING[name][0]) for name in (LATE, OPEN, AHEAD, DONE, SKIPPED)]


def months_choice() -> list[tuple[int, str]]:
    """Return the months by name."""
    return list(zip(MONTHS, month_names("F"), strict=True))


class WheelFilters(FilterForm):
    """What the list of turns can be narrowed by."""

    more = ("organisation", "area", "role", "due_after", "due_until")
    search = forms.CharField(label=_("Activity"), widget=forms.SearchInput, max_length=100)
    standing = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("any state")), (UNSETTLED, _("not done yet")), *STANDINGS],
    )
    frequency = forms.ChoiceField(
        label=_("How often"), choices=[("", _("any rhythm")), *ActivityFrequency.choices]
    )
    mine = forms.BooleanField(label=_("Mine"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )
    area = forms.ChoiceField(label=_("Area"), choices=[("", _("any area")), *ActionArea.choices])
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("any role")), *ROLES])
    due_after = forms.DateField(label=_("Due from"), widget=forms.DateInput(attrs={"type": "date"}))
    due_until = forms.DateField(
        label=_("Due until"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def for_selector(self) -> dict[str, Any]:
        """Return the values as the selector takes them."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        if until := values.pop("due_until", None):
            values["due_before"] = until + timedelta(days=1)
        return values


class BeginActivitiesForm(ActorForm):
    """Which templates to begin with; those that the organisation has are not offered again."""

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = (
            keys_begun(actor=self.actor, organisation=organisation.pk) if organisation else set()
        )
        offered = [t for t in templates() if t.key not in begun]
        for frequency in ActivityFrequency:
            inside = [t for t in offered if t.frequency == frequency]
            if inside:
                self.fields[frequency.value] = forms.MultipleChoiceField(
                    label=frequency.label.capitalize(),
                    required=False,
                    choices=[(t.key, f"{t.title} – {t.output}") for t in inside],
                    initial=[t.key for t in inside if t.is_usual],
                    widget=forms.CheckboxSelectMultiple,
                )

    def clean(self) -> dict[str, Any]:
        """Return the chosen keys."""
        values = super().clean() or {}
        return {"keys": [key for keys in values.values() for key in keys]}


class ActivityForm(ActorForm):
    """What is done, how often, when, and whose it is."""

    title = forms.CharField(label=_("What is done?"), max_length=200)
    frequency = forms.ChoiceField(label=_("How often?"), choices=ActivityFrequency.choices)
    months = forms.TypedMultipleChoiceField(
        label=_("In which months?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Monthly: none means all. Quarterly: one in each quarter. Yearly: one or more."
        ),
    )
    from_day = forms.IntegerField(label=_("From day"), min_value=1, max_value=31, initial=1)
    to_day = forms.IntegerField(
        label=_("To day"),
        min_value=1,
        max_value=31,
        initial=31,
        help_text=_("The last day, on which it is due. 31 is the last day of any month."),
    )
    is_shifted = forms.BooleanField(
        label=_("Move it to a working day"),
        required=False,
        initial=True,
        help_text=_("By the holidays of the organisation's country."),
    )
    role = forms.ChoiceField(label=_("Whose task is it?"), choices=ROLES)
    owner_person = forms.TypedChoiceField(
        label=_("Or a person"), required=False, coerce=int, empty_value=None
    )
    together_with = forms.CharField(label=_("Together with"), max_length=200, required=False)
    output = forms.CharField(label=_("What comes out of it?"), max_length=300, required=False)
    area = forms.ChoiceField(label=_("Area"), choices=ActionArea.choices, initial=ActionArea.OTHER)
    legal_ground = forms.CharField(label=_("Legal ground"), max_length=300, required=False)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = months_choice()  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
        people = (
            owners_possible(actor=self.actor, organisation=organisation) if organisation else []
        )
        person_or_role(self, people)

    def clean(self) -> dict[str, Any]:
        """Turn the chosen person into one, and see that the window begins before it ends."""
        values = super().clean() or {}
        values["owner_person"] = person_known(values.get("owner_person"))
        if (values.get("from_day") or 0) > (values.get("to_day") or 31):
            self.add_error("to_day", _("The window ends before it begins."))
        return values


class NewActivityForm(ActivityForm):
    """An activity of one's own: also whose it is."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        only_where(self, "organisation", Permission.WHEEL_CHANGE)
        if organisation is not None:
            self.fields["organisation"].initial = organisation.pk


class CompleteForm(ActorForm):
    """What was done."""

    minutes = forms.CharField(
        label=pgettext_lazy("meeting", "Minutes"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Who took part, what you saw and agreed. May be empty if evidence already shows it."
        ),
    )


class MoveForm(ActorForm):
    """The day that a turn moves to."""

    due_on = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only this turn moves; the following ones stay where they are."),
    )


class SkipForm(ActorForm):
    """Why a turn is skipped."""

    reason = forms.CharField(
        label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MarkForm(ActorForm):
    """A stretch of the organisation's own year."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MarkKind.choices)
    title = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=60,
        help_text=_("Such as: the budget is made."),
    )
    from_month = forms.TypedChoiceField(label=_("From"), coerce=int)
    to_month = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_month", "to_month"):
            self.fields[name].choices = months_choice()  # type: ignore[attr-defined]  # a choice field, which the stubs do not know


class FeedForm(ActorForm):
    """What a calendar feed holds."""

    is_own_only = forms.BooleanField(
        label=_("Only what is mine"),
        required=False,
        initial=True,
        help_text=_("Without this, all that you may see of the year."),
    )
