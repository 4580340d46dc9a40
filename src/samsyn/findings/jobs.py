from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.findings.beginning import is_begun
from samsyn.findings.telling import TellingResult, finding_tell
from samsyn.findings.undelivered import letters_settle
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily, Every
from samsyn.messages.delivery import messages_deliver
from samsyn.organisations.selectors import operator_list


@job("finding_tell", title=_("Tell members of what is new"), schedule=Daily(time(7, 15)))
def tell(
    *,
    actor: Actor,
    progress: ProgressCallback,
    only_urgent: bool = False,
    by_hand: bool = False,
    operator_id: int | None = None,
) -> dict[str, Any]:
    """Write the daily letters; with ``only_urgent``, those that cannot wait.

    ``by_hand`` says that a person of ``operator_id`` pressed the button, and the letters
    are too many to wait for; by the clock those of every operator that has begun are written.
    """
    operators = [o for o in operator_list(actor=actor) if operator_id in {None, o.pk}]
    if not by_hand:
        operators = [operator for operator in operators if is_begun(operator)]
    if not operators or (settings.DEMONSTRATION and not by_hand):
        return {}  # not set up or not begun; or a visitor is to press the button
    progress(gettext_noop("writing letters"))
    now, told = timezone.now(), TellingResult()
    for operator in operators:
        told += finding_tell(actor=actor, operator=operator, now=now, only_urgent=only_urgent)
    return told.for_trail()


@job(
    "finding_tell_urgent",
    title=_("Tell members of what cannot wait"),
    schedule=Every(timedelta(minutes=5)),
)
def tell_urgent(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Write the letters about critical findings."""
    return tell(actor=actor, progress=progress, only_urgent=True)


# Here and not in messages, which stands beside jobs and may not know it.
@job(
    "messages_deliver",
    title=_("Send what waits in the outbox"),
    schedule=Every(timedelta(minutes=1)),
)
def deliver(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Send the messages that are due, and take back what was told by those that did not arrive."""
    done = messages_deliver(progress=progress)
    settled = letters_settle(actor=actor, now=timezone.now())
    return {**done, "settled": settled} if settled else dict(done)
