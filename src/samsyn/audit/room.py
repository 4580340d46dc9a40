"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import Room

ROOM = Room(
    deeds={
        "audit.guard": pgettext_lazy("deed", "Made the change log's protection anew"),
        "audit.seal": pgettext_lazy("deed", "Sealed older entries with the key"),
    },
)
