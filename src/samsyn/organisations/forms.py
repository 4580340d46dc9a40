from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES, ROLE_NAMES
from samsyn.access.permissions import OPERATOR_ROLES, Permission
from samsyn.access.selectors import membership_list
from samsyn.organisations.countries import Country
from samsyn.organisations.models import (
    Agreement,
    Organisation,
    OrganisationKind,
    Service,
)
from samsyn.organisations.phone_fields import PhoneDays
from samsyn.organisations.selectors import agreements_open, assignment_list, organisation_list
from samsyn.ui.screens import ActorForm, FilterForm


class OrganisationFilters(FilterForm):
    """What the list of organisations can be narrowed by."""

    search = forms.CharField(label=_("Name or organisation number"), max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("any kind")), *OrganisationKind.choices]
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", _("any country")), *Country.choices]
    )


KINDS = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.OPERATOR]


PHONE_FACTS = ("phone", "phone_days", "phone_from", "phone_until")


class OwnFactsForm(ActorForm):
    """What an organisation says of itself."""

    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    short_code = forms.CharField(
        label=_("Short code"),
        max_length=40,  # blanks between the letters are taken out
        required=False,
        help_text=_("Two to six letters for maps and tables."),
    )
    population = forms.IntegerField(
        label=_("Inhabitants"), min_value=0, max_value=2**31 - 1, required=False
    )
    organisation_number = forms.CharField(
        label=_("Organisation number"),
        max_length=40,
        required=False,
        help_text=_("Such as 212000-0142 in Sweden or 958 935 420 in Norway."),
    )
    municipality_code = forms.CharField(
        label=_("Municipality code"),
        max_length=20,
        required=False,
        help_text=_("As the country's statistics know a municipality, such as 0180 or 0301."),
    )


class ChangeFactsForm(OwnFactsForm):
    """The same, and of a security centre where its members can call it."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("Stands in the letters about findings. With + and country code."),
    )
    phone_days = forms.ChoiceField(
        label=_("The phone is answered"),
        choices=[("", _("not said")), *PhoneDays.choices],
        required=False,
    )
    phone_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    phone_until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(self, *args: Any, is_operator: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_operator:
            for name in PHONE_FACTS:
                del self.fields[name]


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
        where = self.actor.organisations_with(Permission.ORGANISATIONS_ARRANGE)
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
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("that of the country")), *LANGUAGES],
        required=False,
    )
    field_order = (
        "name",
        "kind",
        "parent",
        "service",
        "country",
        "language",
        "short_code",
        "organisation_number",
        "municipality_code",
        "population",
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


class AssignmentForm(ActorForm):
    """Who of the operator's people works for which member, or for all of a service.

    Offers what the service allows: nobody assigns themselves, and only who is assigned to
    all members can assign others to all.
    """

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    members = forms.ChoiceField(label=_("Works for"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = membership_list(actor=self.actor, organisation_id=organisation.pk)
        staff = {
            m.person_id: m.person.name
            for m in held.filter(role__in=OPERATOR_ROLES).exclude(person_id=self.actor.person_id)
        }
        self._offer("person", list(staff.items()))
        given = agreements_open(
            actor=self.actor, operator=organisation, today=timezone.localdate()
        ).filter(organisation__in=self.actor.organisations_with(Permission.STAFF_CHANGE))
        self.agreements: dict[str, Agreement] = {str(each.pk): each for each in given}
        each_member = [
            (key, f"{each.organisation.name}: {each.get_service_display()}")
            for key, each in self.agreements.items()
        ]
        self._offer("members", [*self._all_members(organisation), *each_member])

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _all_members(self, organisation: Organisation) -> list[tuple[str, str]]:
        own = assignment_list(actor=self.actor, operator=organisation).filter(
            person_id=self.actor.person_id or 0, agreement=None
        )
        mine = set(own.values_list("service", flat=True))
        return [
            (service.value, _("All members: %(service)s") % {"service": service.label})
            for service in Service
            if service.value in mine
        ]

    def clean(self) -> dict[str, Any]:
        """Return what the service asks for: a service, and an agreement or None for all."""
        given = super().clean() or {}
        members = given.pop("members", None)
        if members is not None:
            agreement = self.agreements.get(members)
            given |= {
                "agreement": agreement,
                "service": agreement.service if agreement else members,
            }
        return given
