from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES
from samsyn.kernel.periods import Period
from samsyn.situation.models import Audience, EditionState
from samsyn.ui.screens import ActorForm, FilterForm


class EditionFilters(FilterForm):
    """What the list of editions can be narrowed by."""

    period = forms.CharField(label=_("Period"), max_length=7)
    audience = forms.ChoiceField(
        label=_("Audience"), choices=[("", _("any audience")), *Audience.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("any state")), *EditionState.choices]
    )
    sector = forms.BooleanField(label=_("The sector's only"))


class BuildForm(ActorForm):
    """Which period to draw."""

    period = forms.CharField(
        label=_("Period"),
        max_length=7,
        help_text=_("A month, quarter or year: 2026-10, 2026-Q3 or 2026."),
    )

    def clean_period(self) -> Period:
        """Return the period that was written."""
        try:
            return Period.read(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(_("Write 2026-10, 2026-Q3 or 2026.")) from error


class WordsForm(ActorForm):
    """The analyst's words."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    words = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("What has happened, what it means and what should be done. Plain text."),
    )
