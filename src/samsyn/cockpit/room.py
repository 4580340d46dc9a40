"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import Door, Page, Room

ROOM = Room(
    addresses={"": "urls", "change-log/": "urls_log", "outbox/": "urls_outbox"},
    search="cockpit:search",
    pages=(
        Page(part="home", place=10, label=_("Home"), url_name="cockpit:home", key="h", below=()),
        Page(
            part="know",
            place=40,
            label=_("Change log"),
            url_name="log:list",
            permission=Permission.TRAIL_VIEW,
        ),
        Page(
            part="sector",
            place=10,
            label=_("Desk"),
            url_name="cockpit:desk",
            permission=Permission.SECTOR_VIEW,
            key="d",
            below=(),
        ),
        Page(
            part="sector",
            place=20,
            label=_("Members"),
            url_name="cockpit:members",
            permission=Permission.SECTOR_VIEW,
            key="m",
            below=(),
        ),
        Page(
            part="sector",
            place=60,
            label=_("Outbox"),
            url_name="messages:outbox",
            permission=Permission.MESSAGES_VIEW,
            key="x",
        ),
        Page(
            part="sector",
            place=70,
            label=_("Jobs"),
            url_name="cockpit:jobs",
            permission=Permission.JOBS_RUN,
            below=(),
        ),
    ),
    doors=(Door("trail", _("Change log")),),
)
