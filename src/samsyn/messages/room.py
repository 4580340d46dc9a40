"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import ApiMount, Room

ROOM = Room(
    api=(ApiMount("messages", _("Outbox")),),
    deeds={
        "messages.message_enqueue": pgettext_lazy("deed", "Wrote a message"),
        "messages.message_resend": pgettext_lazy("deed", "Sent a message again"),
        "messages.message_return": pgettext_lazy("deed", "Said that a message came back"),
        "messages.message_address_restore": pgettext_lazy("deed", "Used an address again"),
    },
)
