"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.kernel.rooms import Limit, Room

ROOM = Room(
    limits={
        "kept_answers": Limit(
            10_000,
            "answers kept in a day for the programs of a person",
            _(
                "At most %(most)d changes with an Idempotency-Key are kept in a day. "
                "Go on tomorrow."
            ),
        ),
    },
)
