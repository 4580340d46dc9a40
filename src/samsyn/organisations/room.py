"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"organisations/": "urls"},
    searched=(Searched(20, _("Organisations"), "selectors.organisation_list"),),
    pages=(
        NavigationPage(
            part="know",
            place=10,
            label=_("Organisations"),
            url_name="organisations:list",
            permission=Permission.ORGANISATIONS_VIEW,
            key="o",
        ),
    ),
    api=(
        ApiMount("organisations", _("Organisations")),
        ApiMount("agreements", _("Agreements"), "serving_api.agreements", tag="organisations"),
        ApiMount("assignments", _("Assignments"), "serving_api.assignments", tag="organisations"),
        ApiMount("roles", _("People and roles"), "roles_api.roles", tag="organisations"),
        ApiMount("role-offers", _("Offered roles"), "roles_api.role_offers", tag="organisations"),
    ),
    limits={
        "contacts": Limit(
            100,
            "contacts of an organisation",
            _("An organisation has at most %(most)d contacts. Remove one first."),
        ),
        "agreements": Limit(
            50,
            "agreements of a security centre with one member that have not ended",
            _("There are at most %(most)d agreements with one member."),
        ),
    },
    deeds={
        "organisations.agreement_accept": pgettext_lazy("deed", "Accepted an agreement"),
        "organisations.agreement_end": pgettext_lazy("deed", "Ended an agreement"),
        "organisations.agreement_sign": pgettext_lazy("deed", "Recorded or offered an agreement"),
        "organisations.agreement_withdraw": pgettext_lazy(
            "deed", "Declined an offer or ended an agreement"
        ),
        "organisations.assignment_end": pgettext_lazy("deed", "Ended an assignment to members"),
        "organisations.assignment_give": pgettext_lazy("deed", "Assigned somebody to members"),
        "organisations.contact_add": pgettext_lazy("deed", "Added a contact"),
        "organisations.contact_change": pgettext_lazy("deed", "Changed a contact"),
        "organisations.contact_remove": pgettext_lazy("deed", "Removed a contact"),
        "organisations.contacts_change": pgettext_lazy("deed", "Changed several contacts"),
        "organisations.contacts_import": pgettext_lazy("deed", "Imported contacts"),
        "organisations.offer_take_back": pgettext_lazy("deed", "Took an offer back"),
        "organisations.operator_create": pgettext_lazy("deed", "Created the security centre"),
        "organisations.organisation_arrange": pgettext_lazy(
            "deed", "Changed where the organisation belongs"
        ),
        "organisations.organisation_change": pgettext_lazy(
            "deed", "Changed the facts about the organisation"
        ),
        "organisations.organisation_create": pgettext_lazy("deed", "Added the organisation"),
    },
)
