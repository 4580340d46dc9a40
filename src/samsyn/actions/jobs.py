from __future__ import annotations

from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.actions.reminding import owners_remind
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily


@job("actions_remind", title=_("Remind owners of their actions"), schedule=Daily(time(7, 30)))
def remind(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Write the day's reminders."""
    progress(gettext_noop("writing reminders"))
    return owners_remind(actor=actor, now=timezone.now()).for_trail()
