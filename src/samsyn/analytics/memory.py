"""What this process has counted lately, under keys that change when the answer could."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
KEPT_MOST = 2000
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def forget() -> None:
    """Forget everything; for tests, whose databases begin anew."""
    with _lock:
        _kept.clear()


def remembered(name: str, key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, made only once for each key.

    Args:
        name: of what is counted, so that two kinds never share a key.
        key: everything that the answer follows from: a version of what is counted, who
            may see, and how it is narrowed. The caller answers for its being complete.
        make: counts.

    """
    whole = (name, key)
    with _lock:
        if whole in _kept:
            _kept.move_to_end(whole)
            found: T = _kept[whole]
            return found
    made = make()
    with _lock:
        _kept[whole] = made
        while len(_kept) > KEPT_MOST:
            _kept.popitem(last=False)
    return made
