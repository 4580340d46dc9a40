"""When evidence may be removed."""

from __future__ import annotations

from datetime import date


def may_be_removed(*, retained_until: date | None, is_linked: bool, today: date) -> bool:
    """Return whether evidence has served its time.

    Args:
        retained_until: the last day it must be kept; None keeps it until somebody says.
        is_linked: whether it still stands at anything.
        today: this day, where the organisation is.

    Source:
        Our own rule: nothing goes before its date, nor while something leans on it.

    Example:
        >>> until, today = date(2026, 2, 28), date(2026, 3, 1)
        >>> may_be_removed(retained_until=until, is_linked=False, today=today)
        True

    """
    return retained_until is not None and retained_until < today and not is_linked
