"""Work in a process that may die, and the words for when all places for such are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
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


_lock = Lock()
_reading: set[int | None] = set()  # of this process of ours, as the places are


@contextmanager
def one_reading(person: int | None) -> Iterator[None]:
    """Let a person read one file at a time: nobody takes all places for such work.

    Args:
        person: the id; None for a job, of which there is one at a time too.

    Raises:
        SourceUnavailable: a file of this person is being read.

    """
    with _lock:
        is_first = person not in _reading
        _reading.add(person)
    if not is_first:
        raise SourceUnavailable(
            _("Samsyn is reading another file of yours. Nothing was kept; try again in a minute.")
        )
    try:
        yield
    finally:
        with _lock:
            _reading.discard(person)
