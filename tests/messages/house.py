"""What this room gives the laws of the house."""

from __future__ import annotations

from typing import Any

from tests.cast import (
    Cast,
)
from tests.house.parts import Parts
from tests.messages.builders import make_message


def failed(cast: Cast) -> Any:
    return make_message(organisation=cast.fjellvik, operator=cast.samvakt, state="failed")


def message(cast):
    from tests.messages.builders import make_message

    return make_message(organisation=cast.fjellvik, operator=cast.samvakt)


PARTS = Parts(
    made={
        "messages": message,
    },
    ready={
        "messages:resend": failed,
    },
    filled=(lambda cast: make_message(organisation=cast.fjellvik, operator=cast.samvakt),),
)
