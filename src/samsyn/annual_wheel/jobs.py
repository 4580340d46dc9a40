from __future__ import annotations

from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.annual_wheel.making import Made
from samsyn.annual_wheel.rules import MONTHS_AHEAD, month_later
from samsyn.annual_wheel.selectors import to_extend
from samsyn.annual_wheel.services import wheel_extend
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily


@job("wheel_extend", title=_("Make the coming turns of the year"), schedule=Daily(time(3, 50)))
def extend(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Make the turns of a year and a half ahead, where some are missing."""
    now, today = timezone.now(), timezone.localdate()
    made = Made()
    todo = to_extend(actor=actor, until=month_later(today, MONTHS_AHEAD))
    for number, organisation in enumerate(todo):
        progress(gettext_noop("making turns"), number, len(todo))
        made += wheel_extend(actor=actor, organisation=organisation, now=now, today=today)
    return made.for_trail()
