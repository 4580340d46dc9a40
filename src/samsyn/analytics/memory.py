"""What this process has counted lately, under keys that change when the answer could."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
KEPT_MOST = 500
_kept: dict[str, OrderedDict[Hashable, Any]] = {}
_lock = threading.Lock()


def forget() -> None:
    """Forget everything; for tests, whose databases begin anew."""
    with _lock:
        _kept.clear()


def remembered(name: str, key: Hashable, make: Callable[[], T], *, most: int = KEPT_MOST) -> T:
    """Return what ``make`` gives, made only once for each key.

    Args:
        name: of what is counted, so that two kinds never share a key.
        key: everything that the answer follows from: a version of what is counted, who
            may see, and how it is narrowed. The caller answers for its being complete.
        make: counts.
        most: how many answers of this kind are kept; fewer where one is large.

    """
    with _lock:
        kind = _kept.setdefault(name, OrderedDict())
        if key in kind:
            kind.move_to_end(key)
            found: T = kind[key]
            return found
    made = make()
    with _lock:
        kind[key] = made
        while len(kind) > most:
            kind.popitem(last=False)
    return made
