"""What the home pages call new, old and bad."""

from __future__ import annotations

from enum import IntEnum

OLD_DAYS = 30  # a critical finding open for longer has been left lying
CRITICAL_MANY = 3  # from here on it is no single mishap


class MapLevel(IntEnum):
    """How a member stands, for the map: 0 is calm, 4 is red."""

    CALM = 0
    MINOR = 1
    HIGH = 2
    CRITICAL = 3
    CRITICAL_OLD_OR_MANY = 4


def level(*, open_count: int, high: int, critical: int, old_critical: int) -> MapLevel:
    """Return how a member stands, by the numbers of its unsolved findings.

    Args:
        open_count: all of them.
        high: the high ones.
        critical: the critical ones.
        old_critical: the critical ones that are older than ``OLD_DAYS``.

    Source:
        Our own rule: one critical finding is for the member to mend; old or many ones
        call for the security centre to lend a hand.

    Example:
        >>> level(open_count=2, high=1, critical=1, old_critical=0).name
        'CRITICAL'

    """
    if old_critical or critical >= CRITICAL_MANY:
        return MapLevel.CRITICAL_OLD_OR_MANY
    if critical:
        return MapLevel.CRITICAL
    if high:
        return MapLevel.HIGH
    return MapLevel.MINOR if open_count else MapLevel.CALM
