from __future__ import annotations

from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.indicators.services import indicators_measure
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily


@job("indicators_measure", title=_("Measure the indicators"), schedule=Daily(time(4, 20)))
def measure(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Measure all that Samsyn measures by itself, as it stands today."""
    progress(gettext_noop("measuring"))
    now = timezone.now()
    return indicators_measure(actor=actor, on=timezone.localdate(), now=now).for_trail()
