"""Counting attempts in a window of time, so that nobody guesses for ever.

A window is fixed: it begins and ends with the clock, so a limit that was reached always ends.
Counting beside each other two processes may lose one; a limit is no exact number.
"""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

WINDOW_SECONDS = 600
clock = time.time


def count(what: str, *, add: int = 1, seconds: int = WINDOW_SECONDS) -> int:
    """Count something in this window and return how often it has been, this time included.

    Args:
        what: names it; kept only as a digest.
        add: how many more; 0 only reads.
        seconds: the length of the window.

    """
    key = _key(what, seconds)
    if not add:
        return int(cache.get(key, 0))
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key, add))
    except ValueError:  # the entry ran out between the two calls: a new window
        return add


def _key(what: str, seconds: int) -> str:
    digest = hashlib.sha256(what.encode()).hexdigest()[:32]
    return f"pace:{digest}:{seconds}:{int(clock()) // seconds}"
