from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.indicators.content import IndicatorTemplate, templates
from samsyn.indicators.selectors import HAND, SAMSYN, keys_begun
from samsyn.indicators.wording import LIGHTS, TRENDS
from samsyn.organisations.models import Organisation
from samsyn.ui.screens import ActorForm, FilterForm


class IndicatorFilters(FilterForm):
    """What the list of indicators can be narrowed by."""

    more = ("organisation", "is_retired")
    search = forms.CharField(label=_("Indicator"), widget=forms.SearchInput, max_length=100)
    light = forms.ChoiceField(
        label=pgettext_lazy("traffic light", "Light"),
        choices=[("", _("any light")), *((light.value, LIGHTS[light]) for light in LIGHTS)],
    )
    trend = forms.ChoiceField(
        label=_("Trend"),
        choices=[("", _("any trend")), *((trend.value, TRENDS[trend]) for trend in TRENDS)],
    )
    how = forms.ChoiceField(
        label=_("How it is measured"),
        choices=[
            ("", _("in any way")),
            (SAMSYN, pgettext_lazy("measurement", "by Samsyn")),
            (HAND, _("by hand or by a program")),
        ],
    )
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


def _offer(template: IndicatorTemplate) -> str:
    hint = gettext("suggested: %s") % template.hint
    return f"{template.name} – {template.definition} ({hint})"


class BeginIndicatorsForm(ActorForm):
    """Which templates to begin with; those that the organisation has are not offered again."""

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = (
            keys_begun(actor=self.actor, organisation=organisation.pk) if organisation else set()
        )
        offered = [t for t in templates() if t.key not in begun]
        for name, label in (
            (SAMSYN, _("Samsyn measures them every night")),
            (HAND, _("Measured by hand or by a program")),
        ):
            inside = [t for t in offered if bool(t.measure) == (name == SAMSYN)]
            if inside:
                self.fields[name] = forms.MultipleChoiceField(
                    label=label,
                    required=False,
                    choices=[(t.key, _offer(t)) for t in inside],
                    initial=[t.key for t in inside if t.is_usual],
                    widget=forms.CheckboxSelectMultiple,
                )

    def clean(self) -> dict[str, Any]:
        """Return the chosen keys."""
        values = super().clean() or {}
        return {"keys": [key for keys in values.values() for key in keys]}


class ValueForm(ActorForm):
    """A value, and what it is worked out from."""

    value = forms.FloatField(label=_("Value"), help_text=_("In the indicator's unit."))
    out_of = forms.IntegerField(
        label=_("Worked out from how many?"),
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text=_("Such as the number of employees or of tests. May be left out."),
    )


class MeasureForm(ValueForm):
    """A new value."""

    on = forms.DateField(
        label=_("Day that it tells of"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectForm(ValueForm):
    """A value put right."""

    note = forms.CharField(
        label=_("Why is it corrected?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
