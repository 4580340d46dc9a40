"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"contacts/": "urls"},
    searched=(Searched(50, _("Contacts"), "entity.CONTACT.list"),),
    pages=(
        NavigationPage(
            part="know",
            place=15,
            label=_("Contacts"),
            url_name="contacts:list",
            permission=Permission.ORGANISATIONS_VIEW,
        ),
    ),
    api=(ApiMount("contacts", _("Contacts"), tag="organisations"),),
)
