from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.api.once import answers_forget
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily


@job(
    "api_answers_forget",
    title=_("Forget what programs were answered a day ago"),
    schedule=Daily(time(3, 55)),
)
def forget(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Delete the answers that were kept for changes sent twice."""
    del actor, progress
    return {"forgotten": answers_forget()}
