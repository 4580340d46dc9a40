"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count

from samsyn.ui.services import saved_view_create
from tests.house.parts import Parts, none

number = count(1)


def one_more_view(cast, screen="findings:list"):
    saved_view_create(actor=cast.jonas, screen=screen, name=f"v{next(number)}", query="")


PARTS = Parts(
    limits={
        "views": (none, one_more_view),
        "views_in_all": (none, lambda cast: one_more_view(cast, f"list-{next(number)}")),
    },
)
