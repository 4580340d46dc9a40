from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.assets.models import GROUNDS_GIVEN, Overlap, ResourceKind
from samsyn.monitoring.models import BatchState
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
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


class ReceiverForm(ActorForm):
    """Whose a resource is that signals were about, and on what ground."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Owner"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ResourceKind.choices)
    value = forms.CharField(
        label=_("Resource"),
        max_length=400,
        help_text=_("An address, or the whole range or domain that is theirs."),
    )
    ground_kind = forms.ChoiceField(
        label=_("Ground"), choices=[(ground.value, ground.label) for ground in GROUNDS_GIVEN]
    )
    ground = forms.CharField(
        label=_("Explanation"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What you have seen, such as the registry's entry or the contract. It is kept."
        ),
    )
    overlap = forms.ChoiceField(
        label=_("Why another has it too"),
        choices=[("", _("no other has it, as far as I know")), *Overlap.choices],
        required=False,
        help_text=_("Needed where another organisation has it already, or a part of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_where(self, "organisation", Permission.RESOURCES_CONFIRM)
        if not self.fields["organisation"].widget.is_hidden:
            self.fields["organisation"].initial = None  # one's own is seldom whose it is
