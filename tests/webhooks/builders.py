from __future__ import annotations

from datetime import timedelta
from typing import Any

from samsyn.suppliers.models import Supplier
from samsyn.suppliers.services import supplier_add
from samsyn.webhooks.delivery import deliveries_send
from samsyn.webhooks.happenings import happenings_collect
from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.services import webhook_add, webhook_test
from tests.cast import NOON, Cast

SUPPLIERS = ["suppliers.supplier_add"]
ADDRESS = "https://hook.fjellvik.example/samsyn"


def make_webhook(cast: Cast, *, by: str = "ingvild", **facts: Any) -> Webhook:
    """Add a webhook of Fjellvik's, as its security officer does; its secret is on it."""
    given = {"name": "The desk", "address": ADDRESS, **facts}
    at = cast.samvakt if by == "henrik" else cast.fjellvik
    return webhook_add(actor=getattr(cast, by), organisation=at, now=NOON, **given)


def hook(cast: Cast, receiver: Any, path: str = "/ok", **facts: Any) -> Webhook:
    """Add a webhook that is told of new suppliers at a receiver's address."""
    return make_webhook(cast, **{"address": receiver.url(path), "kinds": SUPPLIERS, **facts})


def make_test(cast: Cast) -> Delivery:
    """Add a webhook of Fjellvik's and a test that waits."""
    return webhook_test(actor=cast.ingvild, webhook=make_webhook(cast), now=NOON)


def happen(cast: Cast, name: str = "Nordlys Drift", **facts: Any) -> Supplier:
    """Let something happen at Fjellvik that its people see."""
    return supplier_add(
        actor=cast.ingvild, organisation=cast.fjellvik, name=name, now=NOON, **facts
    )


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> Any:
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def told(clock: Any = None, seconds: float = 5.0) -> dict[str, int]:
    """Collect and send, as the worker does; return how many tries ended how."""
    clock = clock or Clock()
    happenings_collect(now=clock())
    return deliveries_send(clock=clock, seconds=seconds)


def rows_of(webhook: Webhook) -> list[Delivery]:
    """Return the deliveries of a webhook in the order in which things happened."""
    return list(Delivery.unscoped.filter(webhook=webhook).order_by("entry_number", "pk"))


def make_delivery(cast: Cast, webhook: Webhook) -> Delivery:
    """Let something happen at Fjellvik that waits to be sent to a webhook."""
    happen(cast, f"Supplier for {webhook.name}")
    happenings_collect(now=NOON)
    return rows_of(webhook)[-1]
