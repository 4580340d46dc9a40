from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily
from samsyn.webhooks.delivery import deliveries_send, due
from samsyn.webhooks.happenings import behind, happenings_collect
from samsyn.webhooks.models import Delivery, DeliveryState
from samsyn.webhooks.rules import KEPT
from samsyn.webhooks.stopping import JOB

AT_ONCE = 1000


def is_something_to_send() -> bool:
    """Return whether anything has happened or is due that a webhook is to be told."""
    return behind().exists() or due(timezone.now()).exists()


@job(
    JOB,
    title=_("Tell webhooks what has happened"),
    is_wanted=is_something_to_send,
    lost_after=timedelta(seconds=90),  # three beats; it is safe beside itself
)
def deliver(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Note what has happened and send what is due."""
    del actor  # each webhook is told what whoever answers for it may see
    noted = happenings_collect(now=timezone.now())
    return {"noted": noted, **deliveries_send(progress=progress)}


@job("webhooks_forget", title=_("Erase old deliveries of webhooks"), schedule=Daily(time(3, 45)))
def forget(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Erase what was settled 30 days ago; what still waits is kept."""
    del actor, progress
    old = Delivery.unscoped.filter(  # scope: the worker's
        created_at__lt=timezone.now() - KEPT
    ).exclude(state=DeliveryState.WAITING)
    erased = 0
    while some := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        erased += Delivery.unscoped.filter(pk__in=some).delete()[0]  # scope: as above
    return {"erased": erased}
