"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"resources/": "urls"},
    searched=(Searched(30, _("Resources"), "selectors.resource_list"),),
    pages=(
        NavigationPage(
            part="know",
            place=20,
            label=_("Resources"),
            url_name="assets:resources",
            permission=Permission.RESOURCES_VIEW,
            key="r",
        ),
        NavigationPage(
            part="sector",
            place=50,
            label=_("Claims that wait"),
            url_name="assets:requests",
            permission=Permission.RESOURCES_CONFIRM,
        ),
    ),
    api=(ApiMount("resources", _("Resources")),),
    limits={
        "resources": Limit(
            20_000,
            "resources of an organisation that are not withdrawn",
            _("An organisation has at most %(most)d resources. Withdraw one first."),
        ),
        "claims_waiting": Limit(
            500,
            "resources of an organisation that wait for confirmation",
            _(
                "%(most)d resources wait for confirmation already. "
                "Let the security centre see to them."
            ),
        ),
    },
    deeds={
        "assets.constituency_import": pgettext_lazy("deed", "Imported a constituency file"),
        "assets.constituency_preview": pgettext_lazy("deed", "Looked at a constituency file"),
        "assets.resource_change": pgettext_lazy("deed", "Changed a resource"),
        "assets.resource_claim": pgettext_lazy("deed", "Registered a resource"),
        "assets.resource_confirm": pgettext_lazy("deed", "Confirmed a claim on a resource"),
        "assets.resource_narrowed": pgettext_lazy(
            "deed", "Confirmed another organisation's claim that meets the resource"
        ),
        "assets.resource_refuse": pgettext_lazy("deed", "Refused a claim on a resource"),
        "assets.resource_withdraw": pgettext_lazy("deed", "Withdrew a resource"),
    },
)
