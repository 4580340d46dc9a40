"""Work in a process that may die, and the words for when all places for such are taken."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samsyn.kernel.contained import ProcessEnded, ProcessLimits, run_contained
from samsyn.kernel.errors import SourceUnavailable


def run_limited(work: str, *arguments: Any, limits: ProcessLimits) -> bytes:
    """Call a function in a process of its own; see ``kernel.contained.run_contained``.

    Raises:
        Refused: the work says no.
        ProcessEnded: it took too much, crashed, or failed.
        SourceUnavailable: other files are being read, for longer than one waits.

    """
    try:
        return run_contained(work, *arguments, limits=limits)
    except ProcessEnded as ended:
        if ended.cause != "busy":
            raise
        raise SourceUnavailable(
            _("Samsyn is reading other files just now. Nothing was kept; try again in a minute.")
        ) from ended
