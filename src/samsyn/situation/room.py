"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room

ROOM = Room(
    addresses={"situation/": "urls"},
    styles=("situation/situation.css",),
    pages=(
        NavigationPage(
            part="improve",
            place=30,
            label=_("Situation picture"),
            url_name="situation:list",
            permission=Permission.SITUATION_VIEW,
            key="p",
        ),
    ),
    api=(ApiMount("editions", _("Situation pictures")),),
    states={
        "draft": (_("Draft"), "neutral"),
        "published": (_("Published"), "success"),
    },
    deeds={
        "situation.edition_publish": pgettext_lazy("deed", "Published a situation picture"),
        "situation.edition_write": pgettext_lazy(
            "deed", "Wrote to the readers of a situation picture"
        ),
        "situation.editions_publish": pgettext_lazy("deed", "Published several situation pictures"),
        "situation.situation_build": pgettext_lazy("deed", "Built situation pictures"),
    },
)
