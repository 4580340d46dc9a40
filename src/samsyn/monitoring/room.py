"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room

ROOM = Room(
    addresses={"feeds/": "urls"},
    newest=("selectors.received_last",),
    styles=("monitoring/monitoring.css",),
    pages=(
        NavigationPage(
            part="sector",
            place=30,
            label=_("Feeds"),
            url_name="monitoring:batches",
            permission=Permission.OBSERVATIONS_VIEW,
            key="b",
            below=(),
        ),
        NavigationPage(
            part="sector",
            place=40,
            label=_("Unattributed"),
            url_name="monitoring:unattributed",
            permission=Permission.OBSERVATIONS_VIEW,
            key="u",
            below=(),
        ),
    ),
    api=(ApiMount("observations", _("Observations")),),
    deeds={
        "monitoring.inbox_collect": pgettext_lazy(
            "deed", "Took in reports from the watched folder"
        ),
        "monitoring.observation_attribute": pgettext_lazy(
            "deed", "Attributed all observations anew"
        ),
        "monitoring.observation_import": pgettext_lazy("deed", "Imported reports"),
        "monitoring.receiver_set": pgettext_lazy(
            "deed", "Registered a resource of what had no receiver"
        ),
        "monitoring.schema_install": pgettext_lazy("deed", "Installed a new list of report types"),
        "monitoring.store_rebuild": pgettext_lazy("deed", "Rebuilt the store of observations"),
    },
)
