from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES, ROLE_NAMES
from samsyn.access.permissions import OPERATOR_ROLES, Permission
from samsyn.organisations.models import Country, Kind, Organisation, Purpose, Service
from samsyn.organisations.selectors import organisation_list
from samsyn.ui.screens import ActorForm, FilterForm


class OrganisationFilters(FilterForm):
    """What the list of organisations can be narrowed by."""

    search = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any kind")), *Kind.choices])
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", _("any country")), *Country.choices]
    )


KINDS = [choice for choice in Kind.choices if choice[0] != Kind.OPERATOR]


class OwnFactsForm(ActorForm):
    """What an organisation says of itself."""

    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    short_code = forms.CharField(
        label=_("Short code"),
        max_length=6,
        required=False,
        help_text=_("Two to six letters for maps and tables."),
    )
    population = forms.IntegerField(
        label=_("Inhabitants"), min_value=0, max_value=2**31 - 1, required=False
    )


class ArrangeForm(ActorForm):
    """What an organisation is known by, and what decides who sees it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    parent = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Part of or owned by"),
        required=False,
        empty_label=_("no other organisation"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_be = organisation_list(actor=self.actor)
        where = self.actor.reach(Permission.ORGANISATIONS_ARRANGE)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["parent"])
        field.queryset = may_be.filter(pk__in=where)


class OrganisationForm(ArrangeForm, OwnFactsForm):
    """A new organisation."""

    service = forms.ChoiceField(
        label=_("Service"),
        choices=Service.choices,
        initial=Service.CSIRT,
        help_text=_("What you do for it, if it is not a part of a member."),
    )
    field_order = (
        "name",
        "kind",
        "parent",
        "service",
        "country",
        "language",
        "short_code",
        "population",
    )


class ContactForm(ActorForm):
    """Where an organisation wants to be reached."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Better a shared mailbox than a person: people go on holiday."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("as the organisation")), *LANGUAGES],
        required=False,
    )


class AgreementForm(ActorForm):
    """What opens a member's data to the operator's people."""

    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty when no end is agreed."),
    )


class MembershipForm(ActorForm):
    """Who gets which role here."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_staff = organisation.is_operator and self.actor.may(
            Permission.STAFF_CHANGE, organisation.pk
        )
        left_out = frozenset() if may_staff else OPERATOR_ROLES
        field = cast("forms.ChoiceField", self.fields["role"])
        field.choices = [(r.value, name) for r, name in ROLE_NAMES.items() if r not in left_out]
