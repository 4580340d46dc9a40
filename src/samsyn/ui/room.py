"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import Limit, Room

ROOM = Room(
    addresses={"ui/": "urls"},
    limits={
        "views": Limit(
            30,
            "saved views of a person on one list",
            _("There are at most %(most)d views of one list. Remove one first."),
        ),
        "views_in_all": Limit(
            300,
            "saved views of a person",
            _("You have at most %(most)d saved views. Remove one first."),
        ),
    },
    deeds={
        "ui.columns_choose": pgettext_lazy("deed", "Chose the columns of a list"),
        "ui.saved_view_create": pgettext_lazy("deed", "Saved a view of a list"),
        "ui.saved_view_delete": pgettext_lazy("deed", "Removed a saved view"),
    },
)
