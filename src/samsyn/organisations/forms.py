from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES, ROLE_NAMES
from samsyn.organisations.models import Country, Kind, Organisation, Purpose, Service
from samsyn.ui.screens import ActorForm, FilterForm


class OrganisationFilters(FilterForm):
    """What the list of organisations can be narrowed by."""

    search = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any kind")), *Kind.choices])
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", _("any country")), *Country.choices]
    )


class OrganisationForm(ActorForm):
    """The facts of an organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    parent = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Part of or owned by"),
        required=False,
        empty_label=_("no other organisation"),
    )
    short_code = forms.CharField(
        label=_("Short code"),
        max_length=6,
        required=False,
        help_text=_("Two to six letters for maps and tables."),
    )
    population = forms.IntegerField(label=_("Inhabitants"), min_value=0, required=False)


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
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
