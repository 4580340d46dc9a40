"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import NavigationPage, Room

ROOM = Room(
    pages=(
        NavigationPage(
            part="sector",
            place=80,
            label=_("Health"),
            url_name="site:health",
            permission=Permission.JOBS_RUN,
        ),
    ),
)
