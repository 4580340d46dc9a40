"""What this room gives the laws of the house."""

from __future__ import annotations

from typing import Any

from tests.cast import NOON, Cast
from tests.house.parts import Parts
from tests.messages.builders import make_message


def failed(cast: Cast) -> Any:
    return make_message(organisation=cast.fjellvik, operator=cast.samvakt, state="failed")


def sent(cast: Cast, **fields: Any) -> Any:
    values = {"state": "sent", "sent_at": NOON, "kind": "digest", **fields}
    return make_message(organisation=cast.fjellvik, operator=cast.samvakt, **values)


def returned(cast: Cast) -> Any:
    return sent(cast, blocks_address=True)


def message(cast: Cast) -> Any:
    return make_message(organisation=cast.fjellvik, operator=cast.samvakt)


PARTS = Parts(
    made={
        "messages": message,
    },
    ready={
        "messages:resend": failed,
        "messages:return": sent,
        "messages:restore": returned,
    },
    filled=(lambda cast: make_message(organisation=cast.fjellvik, operator=cast.samvakt),),
)
