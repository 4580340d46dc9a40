from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Every
from samsyn.kernel.errors import Conflict
from samsyn.monitoring.services import inbox_collect, observation_attribute
from samsyn.organisations.selectors import operator_list


@job(
    "inbox_collect",
    title=_("Import what lies in the watched folder"),
    schedule=Every(timedelta(minutes=5)),
)
def collect_inbox(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Import what lies in each watched folder; while another import works, leave it there."""
    try:
        return _for_each(inbox_collect, actor, progress)
    except Conflict as error:
        return {"waits": str(error)}


@job("observation_attribute", title=_("Attribute all observations by the register as it is now"))
def attribute(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Attribute history anew after resources have changed."""
    return _for_each(observation_attribute, actor, progress)


def _for_each(
    service: Callable[..., dict[str, Any]], actor: Actor, progress: ProgressCallback
) -> dict[str, Any]:
    """Return what a service said of the only operator, else what it said of each by its id."""
    operators = operator_list(actor=actor)
    said = {
        str(operator.pk): service(actor=actor, operator=operator, progress=progress)
        for operator in operators
    }
    return next(iter(said.values())) if len(said) == 1 else said
