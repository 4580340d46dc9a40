from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.backups.services import files_check
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily
from samsyn.organisations.selectors import operator_list


@job(
    "files_check",
    title=_("Check stored files against their checksums"),
    schedule=Daily(time(2, 20)),
)
def check_files(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Look at every stored file; the result is on the health page."""
    operators = operator_list(actor=actor)
    return files_check(actor=actor, operators=operators, progress=progress) if operators else {}
