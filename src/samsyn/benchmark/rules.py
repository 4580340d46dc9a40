"""When figures of a group may be shown, where one stands in it, and which half-year it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from samsyn.kernel.numbers import GROUP_LEAST, Quartiles, quartiles

OUTSIDE_LEAST = GROUP_LEAST - 1  # so many values at least are unknown to whoever knows one group's
UP = "up"
HALF = re.compile(r"(?P<year>\d{4})-H(?P<half>[12])", re.ASCII)
MIDSUMMER = 7  # the month in which the second half begins


class GroupPosition(StrEnum):
    """Where one stands in a group."""

    BEST = "best"
    MIDDLE = "middle"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of one figure: its quartiles, or how many contributors are lacking."""

    contributors: int
    lacking: int = 0
    quartiles: Quartiles | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Published:
        """Return what ``to_json`` wrote."""
        found = kept["quartiles"]
        group = Quartiles(**found) if found else None
        return cls(kept["contributors"], kept["lacking"], group)


def half_of(day: date) -> str:
    """Return the half-year that a day lies in, as ``2026-H2``.

    Source:
        issue 3, part 8: contribution is opted into per round; ours are half-years.

    """
    return f"{day.year}-H{1 if day.month < MIDSUMMER else 2}"


def half_before(key: str) -> str:
    """Return the half-year before another.

    Source:
        the calendar year.

    Example:
        >>> half_before("2026-H1")
        '2025-H2'

    """
    year, half = half_read(key)
    return f"{year}-H1" if half > 1 else f"{year - 1}-H2"


def half_read(key: str) -> tuple[int, int]:
    """Return the year and the half, 1 or 2, that a text names.

    Raises:
        ValueError: it is not written as ``2026-H2``.

    Source:
        Our own form.

    """
    found = HALF.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is no half-year; write 2026-H1 or 2026-H2")
    return int(found["year"]), int(found["half"])


def lacking_of(groups: Sequence[Hashable]) -> int:
    """Return how many more contributors, each of a new group, a figure needs to be shown.

    A figure is shown when at least five contribute, no group holds more than half of the
    contributions, and at least four come from outside the largest group: whoever knows the
    values of one group then still has four unknown ones before them. 0 if it may be shown.

    Args:
        groups: for each contributor, the group of owners that it belongs to.

    Source:
        Issue 3, part 8: at least five contribute and none dominates. After the (n, k)
        dominance rule of statistical disclosure control (Hundepool et al., Statistical
        Disclosure Control, 2012, chapter 4), with contributions counted instead of summed,
        as levels and shares have no total.

    Example:
        >>> lacking_of(["a", "b", "c", "d", "e"])
        0
        >>> lacking_of(["a", "a", "a", "b", "c"])
        2

    """
    count = len(groups)
    largest = max(Counter(groups).values(), default=0)
    outside = count - largest
    return max(GROUP_LEAST - count, 2 * largest - count, OUTSIDE_LEAST - outside, 0)


def published_of(values: Mapping[int, float], groups: Mapping[int, Hashable]) -> Published:
    """Return what may be published of one figure.

    Args:
        values: by contributor.
        groups: the group of owners of each contributor.

    Source:
        See ``lacking_of``, and ``kernel.numbers.quartiles``.

    """
    lacking = lacking_of([groups[pk] for pk in values])
    group = None if lacking else quartiles(list(values.values()))
    return Published(contributors=len(values), lacking=lacking, quartiles=group)


def place_of(
    value: float | None, group: Quartiles | None, *, direction: str
) -> GroupPosition | None:
    """Return whether a value is better than three quarters of the group, worse, or between.

    Args:
        value: one's own; None if one has none.
        group: None if it is withheld.
        direction: ``up`` if more is better, ``down`` if less is.

    Source:
        Our own rule: what equals a quartile lies between.

    """
    if value is None or group is None:
        return None
    is_high, is_low = value > group.high, value < group.low
    if not is_high and not is_low:
        return GroupPosition.MIDDLE
    return GroupPosition.BEST if is_high == (direction == UP) else GroupPosition.WORST
