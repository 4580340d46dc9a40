"""What the home pages call new, old and bad."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum

OLD = timedelta(days=30)  # a critical finding open for longer has been left lying
CRITICAL_MANY = 3  # from here on it is no single mishap


class Level(IntEnum):
    """How a member stands, for the map: 0 is calm, 4 is red."""

    CALM = 0
    MINOR = 1
    HIGH = 2
    CRITICAL = 3
    CRITICAL_OLD_OR_MANY = 4


def level(*, open_count: int, high: int, critical: int, old_critical: int) -> Level:
    """Return how a member stands, by the numbers of its unsolved findings.

    Args:
        open_count: all of them.
        high: the high ones.
        critical: the critical ones.
        old_critical: the critical ones that are older than ``OLD``.

    Source:
        Our own rule: one critical finding is for the member to mend; old or many ones
        call for the security centre to lend a hand.

    Example:
        >>> level(open_count=2, high=1, critical=1, old_critical=0).name
        'CRITICAL'

    """
    if old_critical or critical >= CRITICAL_MANY:
        return Level.CRITICAL_OLD_OR_MANY
    if critical:
        return Level.CRITICAL
    if high:
        return Level.HIGH
    return Level.MINOR if open_count else Level.CALM


def yesterday_began(local: datetime) -> datetime:
    """Return when yesterday began, where the reader is; what is seen since then is new.

    Yesterday and not a day ago: what came in during the night, or before a colleague left
    in the afternoon, is still new to whoever opens the page in the morning.

    Args:
        local: now, in the reader's zone.

    Source:
        Our own rule.

    """
    return (local - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
