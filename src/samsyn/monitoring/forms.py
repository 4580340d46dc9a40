from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.monitoring.models import BatchState
from samsyn.ui.screens import ActorForm, FilterForm

WAYS = (("report", _("by kind")), ("country", _("by country")), ("asn", _("by AS number")))


class BatchFilters(FilterForm):
    """What the list of batches can be narrowed by."""

    report = forms.CharField(label=_("Report"), max_length=64)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("any state")), *BatchState.choices])
    since = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))


class UploadForm(ActorForm):
    """A report to be read."""

    file = forms.FileField(
        label=_("Report"),
        help_text=_("CSV, gzip or zip as received; keep its name, which says which report it is."),
        error_messages={"empty": _("The file is empty. Choose the report as it was received.")},
    )
