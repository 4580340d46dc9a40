from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.assets.models import (
    GROUNDS_GIVEN,
    ClaimState,
    Overlap,
    Resource,
    ResourceKind,
    ResourceSource,
)
from samsyn.organisations.models import Organisation
from samsyn.organisations.sharing import confirms
from samsyn.ui.screens import ActorForm, FilterForm


class ResourceFilters(FilterForm):
    """What the list of resources can be narrowed by."""

    search = forms.CharField(label=_("Resource or owner"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any kind")), *ResourceKind.choices])
    state = forms.ChoiceField(label=_("State"), choices=[("", _("any state")), *ClaimState.choices])
    contested = forms.BooleanField(label=_("Claimed by several"))


class ResourceForm(ActorForm):
    """A resource that an organisation has."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Owner"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ResourceKind.choices)
    value = forms.CharField(
        label=_("Resource"),
        max_length=400,
        help_text=_("Such as 192.0.2.0/24, 2001:db8::/48, AS64500 or fjellvik.example."),
    )
    operated_by = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Run by"),
        required=False,
        empty_label=_("the owner"),
        help_text=_("The organisation that runs it for the owner, if it is another."),
    )
    source = forms.ChoiceField(label=_("Source"), choices=ResourceSource.choices)
    known_on = forms.DateField(
        label=_("Date of the fact"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, actor: Any, resource: Resource | None = None, **kwargs: Any
    ) -> None:
        """Leave out what is not the actor's to say, and the source of a confirmed claim."""
        super().__init__(*args, actor=actor, **kwargs)
        whose = resource.organisation_id if resource else None
        may = Permission.RESOURCES_CONFIRM
        may_say = confirms(actor, whose) if whose else actor.may_anywhere(may)
        if not may_say or (resource and resource.state == ClaimState.CONFIRMED):
            del self.fields["source"]


class GroundedForm(ResourceForm):
    """What who may confirm says on a ground, or lets wait."""

    ground_kind = forms.ChoiceField(
        label=_("Ground for confirming it now"),
        choices=[("", _("It waits")), *((ground.value, ground.label) for ground in GROUNDS_GIVEN)],
        required=False,
        help_text=_("Even so it waits if another has it or has asked for it, or if it is wide."),
    )
    ground = forms.CharField(
        label=_("Explanation"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What you have seen, such as the registry's entry or the contract. It is kept."
        ),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        """Leave out what is not the actor's to say."""
        super().__init__(*args, actor=actor, **kwargs)
        if not actor.may_anywhere(Permission.RESOURCES_CONFIRM):
            del self.fields["ground_kind"], self.fields["ground"]


class ResourceClaimForm(GroundedForm):
    """A new resource."""

    overlap = forms.ChoiceField(
        label=_("Why another has it too"),
        choices=[("", _("no other has it, as far as I know")), *Overlap.choices],
        required=False,
        help_text=_("Needed where another organisation has it already, or a part of it."),
    )
    field_order = ("organisation", "kind", "value", "overlap")


class ResourceChangeForm(GroundedForm):
    """What can change on a resource: not what it is, nor whose."""

    field_order = ("operated_by", "ground_kind", "ground", "source", "known_on", "note")
    organisation = None  # type: ignore[assignment]  # Django's way to leave out an inherited field
    kind = None  # type: ignore[assignment]  # Django's way to leave out an inherited field
    value = None  # type: ignore[assignment]  # Django's way to leave out an inherited field


class RequestFilters(FilterForm):
    """What the list of claims that wait can be narrowed by."""

    search = forms.CharField(label=_("Resource or owner"), max_length=100)


class WithdrawReasonForm(ActorForm):
    """Why a claim is withdrawn."""

    note = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmForm(ActorForm):
    """On what ground a claim is confirmed."""

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


class RefuseForm(ActorForm):
    """Why a claim is refused."""

    ground = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it."),
    )


class ConstituencyForm(ActorForm):
    """A constituency file, to look at first or to take."""

    file = forms.FileField(label=_("Constituency file (CSV)"))
    dry_run = forms.BooleanField(
        label=_("Only show what it would change"), required=False, initial=True
    )
