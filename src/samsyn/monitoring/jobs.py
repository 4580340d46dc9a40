from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.jobs.registry import Progress, job
from samsyn.jobs.rules import Every
from samsyn.kernel.errors import Conflict
from samsyn.monitoring.services import inbox_collect, observation_attribute
from samsyn.organisations.selectors import operator_require


@job(
    "inbox_collect",
    title=_("Import what lies in the watched folder"),
    schedule=Every(timedelta(minutes=5)),
)
def collect_inbox(*, actor: Actor, progress: Progress) -> dict[str, Any]:
    """Import what lies in the watched folder; while another import works, leave it there."""
    operator = operator_require(actor=actor)
    try:
        return inbox_collect(actor=actor, operator=operator, progress=progress)
    except Conflict as error:
        return {"waits": str(error)}


@job("observation_attribute", title=_("Attribute all observations by the register as it is now"))
def attribute(*, actor: Actor, progress: Progress) -> dict[str, Any]:
    """Attribute history anew after resources have changed."""
    operator = operator_require(actor=actor)
    return observation_attribute(actor=actor, operator=operator, progress=progress)
