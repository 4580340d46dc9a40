"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room

ROOM = Room(
    addresses={"": "urls", "change-log/": "urls_log", "outbox/": "urls_outbox"},
    search="cockpit:search",
    pages=(
        NavigationPage(
            part="home", place=10, label=_("Home"), url_name="cockpit:home", key="h", below=()
        ),
        NavigationPage(
            part="know",
            place=40,
            label=_("Change log"),
            url_name="log:list",
            permission=Permission.TRAIL_VIEW,
        ),
        NavigationPage(
            part="sector",
            place=10,
            label=_("Desk"),
            url_name="cockpit:desk",
            permission=Permission.SECTOR_VIEW,
            key="d",
            below=(),
        ),
        NavigationPage(
            part="sector",
            place=20,
            label=_("Members"),
            url_name="cockpit:members",
            permission=Permission.SECTOR_VIEW,
            key="m",
            below=(),
        ),
        NavigationPage(
            part="sector",
            place=60,
            label=_("Outbox"),
            url_name="messages:outbox",
            permission=Permission.MESSAGES_VIEW,
            key="x",
        ),
        NavigationPage(
            part="sector",
            place=70,
            label=_("Jobs"),
            url_name="cockpit:jobs",
            permission=Permission.JOBS_RUN,
            below=(),
        ),
    ),
    api=(ApiMount("trail", _("Change log")),),
)
