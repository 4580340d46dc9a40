"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count
from typing import Any

from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.services import webhook_pause
from tests.cast import NOON, Cast
from tests.house.parts import FORMS, Parts, none
from tests.webhooks.builders import ADDRESS, make_delivery, make_webhook

KINDS = ["suppliers.supplier_add"]
number = count(1)


def one_more(cast: Cast) -> Any:
    return make_webhook(cast, name=f"Webhook {next(number)}")


def paused(cast: Cast) -> Any:
    return webhook_pause(actor=cast.ingvild, webhook=one_more(cast), now=NOON)


def webhooks(cast: Cast, n: int) -> None:
    """Add one beyond the limit, which is lower than the rows that the law asks for."""
    Webhook.unscoped.create(
        organisation=cast.fjellvik,
        name=f"Webhook {n}",
        address=ADDRESS,
        person=cast.people["ingvild"],
        seen_number=0,
    )


def delivery(cast: Cast) -> Delivery:
    return make_delivery(cast, one_more(cast))


PARTS = Parts(
    made={
        "webhooks": one_more,
        "webhooks:delivery": delivery,
        "webhooks:resend": delivery,
        "webhooks:skip": delivery,
    },
    api={"webhooks/deliveries": "webhooks:delivery"},
    bodies={
        "/api/webhooks": {"name": "x", "address": ADDRESS, "kinds": ["*"], "covers": "own"},
        "/api/webhooks/{pk}": {"name": "x", "address": ADDRESS, "kinds": ["*"], "covers": "own"},
    },
    given={
        "webhooks:create": lambda _form: {"address": ADDRESS, "kinds": KINDS},
        "webhooks:change": lambda _form: {"address": ADDRESS, "kinds": KINDS},
    },
    ready={"webhooks:resume": paused},
    filled=(one_more,),
    lists={"/webhooks/": webhooks},
    own_lists=("/webhooks/",),
    unrecorded={
        "webhooks:create": FORMS,
        "webhooks:list": "nobody from outside sees an organisation's webhooks",
    },
    limits={"webhooks": (none, one_more)},
)
