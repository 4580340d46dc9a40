"""What this process has counted lately, under keys that change when the answer could."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
KEPT_MOST = 500
WAIT_SECONDS = 20.0
_kept: dict[str, OrderedDict[Hashable, Any]] = {}
_being_made: dict[tuple[str, Hashable], threading.Event] = {}
_THERE = threading.Event()
_THERE.set()
_lock = threading.Lock()


def clear_cache() -> None:
    """Forget everything; for tests, whose databases begin anew."""
    with _lock:
        _kept.clear()


def cached_by_version(
    name: str, key: Hashable, make: Callable[[], T], *, most: int = KEPT_MOST
) -> T:
    """Return what ``make`` gives, made only once for each key.

    Who asks while it is being made waits for it instead of making it too: after every change
    all who have the page open ask at once.

    Args:
        name: of what is counted, so that two kinds never share a key.
        key: everything that the answer follows from: a version of what is counted, who
            may see, and how it is narrowed. The caller answers for its being complete.
        make: counts.
        most: how many answers of this kind are kept; fewer where one is large.

    """
    other = _claimed(name, key)
    try:
        if other is not None:
            other.wait(WAIT_SECONDS)
        with _lock:
            kind = _kept.setdefault(name, OrderedDict())
            if key in kind:
                kind.move_to_end(key)
                found: T = kind[key]
                return found
        made = make()  # also where whoever was making it has failed: this one fails for itself
        _keep(kind, key, made, most)
        return made
    finally:
        if other is None:
            _release(name, key)


def _claimed(name: str, key: Hashable) -> threading.Event | None:
    """Return what to wait for, or None for whoever is to make it."""
    with _lock:
        if key in _kept.get(name, ()):
            return _THERE
        making = _being_made.get((name, key))
        if making is None:
            _being_made[name, key] = threading.Event()
        return making


def _release(name: str, key: Hashable) -> None:
    with _lock:
        _being_made.pop((name, key)).set()


def _keep(kind: OrderedDict[Hashable, Any], key: Hashable, made: object, most: int) -> None:
    with _lock:
        kind[key] = made
        while len(kind) > most:
            kind.popitem(last=False)
