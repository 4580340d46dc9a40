"""Figures about groups of organisations that say nothing of any one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GROUP_LEAST = 5


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The value below which a quarter, half and three quarters of the group lie."""

    low: float
    median: float
    high: float


def quartiles(values: Sequence[float]) -> Quartiles | None:
    """Return the quartiles of a group, or None when the group is smaller than five.

    Between two values they are interpolated (type 7 of Hyndman and Fan).

    Source:
        Issue 2, part 7: groups under five are withheld, so that nobody can work out
        one member's figure from the group's.

    Example:
        >>> quartiles([1, 2, 3, 4, 5])
        Quartiles(low=2.0, median=3.0, high=4.0)

    """
    if len(values) < GROUP_LEAST:
        return None
    ordered = sorted(values)
    return Quartiles(*(_at(ordered, share) for share in (0.25, 0.5, 0.75)))


def _at(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; the share is less than all."""
    place = share * (len(ordered) - 1)
    below = int(place)
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)
