"""A cache in this process whose keys hold a version of what was counted, so nothing expires."""

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
    """Empty the cache; for tests, each of which begins with a new database."""
    with _lock:
        _kept.clear()


def cached_by_version(
    name: str, key: Hashable, make: Callable[[], T], *, most: int = KEPT_MOST
) -> T:
    """Return what ``make`` returns, called only once for each key.

    A caller that asks while the value is being computed waits for it: after every change
    all who have the page open ask at once.

    Args:
        name: of the kind of value, so that two kinds never share a key.
        key: all that the value depends on: a version of the data, who may see it and how
            it is filtered. The caller is responsible for its being complete.
        make: computes the value.
        most: how many values of this kind are kept; fewer where one is large.

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
    """Return the event to wait on; None: the caller computes the value."""
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
