"""The maturity dialogue's own rules: its steps, when a spread may be shown, what moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

LEVELS = (1, 2, 3, 4)
SHOWN_LEAST = 3  # fewer ratings than this would point at a person
EVIDENCE_FROM = 4  # the highest level is asked for what shows it
FAR_APART = 2  # levels between the lowest and the highest rating that are worth a talk

# From a step to the steps that an act may lead to.
ROADS: dict[str, frozenset[str]] = {
    "prepared": frozenset({"rating"}),
    "rating": frozenset({"meeting", "prepared"}),
    "meeting": frozenset({"closed", "rating"}),
    "closed": frozenset({"meeting"}),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Where ratings fell: how many chose level 1, 2, 3 and 4. Nobody's name is in it."""

    counts: tuple[int, int, int, int]

    @property
    def answered(self) -> int:
        """How many rated."""
        return sum(self.counts)

    @property
    def lowest(self) -> int:
        """The lowest level that anybody chose."""
        return next(level for level in LEVELS if self.counts[level - 1])

    @property
    def highest(self) -> int:
        """The highest level that anybody chose."""
        return next(level for level in reversed(LEVELS) if self.counts[level - 1])

    @property
    def middle(self) -> int:
        """The middle rating; of two middle ones the lower, which promises less."""
        seen = 0
        for level in LEVELS:
            seen += self.counts[level - 1]
            if 2 * seen >= self.answered:
                return level
        return LEVELS[-1]

    @property
    def apart(self) -> int:
        """How many levels lie between the lowest and the highest rating; 0 when all agree."""
        return self.highest - self.lowest


def may_go(step: str, wanted: str) -> bool:
    """Return whether a dialogue may go from one step to another.

    Source:
        product.md, The maturity dialogue: prepare, rate alone, meet, decide, close.

    """
    return wanted in ROADS[step]


def spread_of(levels: Iterable[int]) -> Spread | None:
    """Return where ratings fell, or None when so few rated that it would point at a person.

    Args:
        levels: each rating, 1 to 4.

    Source:
        Our own rule: shown from three ratings on.

    Example:
        >>> spread_of([1, 2, 2]).counts
        (1, 2, 0, 0)
        >>> spread_of([1, 4]) is None
        True

    """
    given = list(levels)
    if len(given) < SHOWN_LEAST:
        return None
    one, two, three, four = (given.count(level) for level in LEVELS)
    return Spread((one, two, three, four))


def group_spreads(levels: Mapping[str, Iterable[int]]) -> dict[str, Spread]:
    """Return where each group's ratings fell; nothing at all unless every group is large enough.

    One group that is too small hides them all: beside the whole, the groups that are shown
    would give the hidden one away by subtraction.

    Args:
        levels: each rating, 1 to 4, by group; groups without ratings do not count.

    Source:
        Our own rule, as for withholding small cells in public statistics.

    """
    given = {group: list(found) for group, found in levels.items()}
    given = {group: found for group, found in given.items() if found}
    spreads = {group: spread_of(found) for group, found in given.items()}
    if len(spreads) < 2 or None in spreads.values():  # noqa: PLR2004  one group is the whole
        return {}
    return {group: spread for group, spread in spreads.items() if spread}


def wants_evidence(level: int, evidence: str) -> bool:
    """Return whether to ask, gently, what shows that the highest level is reached.

    Source:
        The dialogue's method: the highest level is one that can be shown, not felt.

    """
    return level >= EVIDENCE_FROM and not evidence.strip()


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """How one area stands: agreed today, agreed last time, and where one wants to be."""

    today: int | None
    last: int | None = None
    target: int | None = None

    @property
    def change(self) -> int | None:
        """Levels up since last time, down below zero; None when one of them is missing."""
        if self.today is None or self.last is None:
            return None
        return self.today - self.last

    @property
    def left(self) -> int | None:
        """Levels left to the target, never below zero; None when one of them is missing."""
        if self.today is None or self.target is None:
            return None
        return max(self.target - self.today, 0)


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text that say something, without list marks in front.

    Source:
        Our own rule: reasons are typed as people type them, one a line.

    """
    stripped = (line.strip().lstrip("-*•–").strip() for line in text.splitlines())
    return tuple(line for line in stripped if line)


def lowest_level(levels: Iterable[int]) -> int | None:
    """Return the lowest agreed level, or None where none is agreed.

    Source:
        facts on key figures: lowest and median area level in the latest dialogue.

    """
    return min(levels, default=None)


def median_level(levels: Iterable[int]) -> float | None:
    """Return the median of the agreed levels, or None where none is agreed.

    Source:
        facts on key figures: lowest and median area level in the latest dialogue.

    Example:
        >>> median_level([1, 2, 2, 3])
        2.0

    """
    found = list(levels)
    return float(median(found)) if found else None


def levels_left(moves: Iterable[AreaProgress]) -> tuple[float, int] | None:
    """Return how many levels lie between today and target over all areas, and in how many areas.

    Source:
        Our own rule: only areas that have both an agreed level and a target count.

    Example:
        >>> levels_left([AreaProgress(1, target=3), AreaProgress(2, target=2), AreaProgress(2)])
        (2.0, 2)

    """
    found = [move.left for move in moves if move.left is not None]
    return (float(sum(found)), len(found)) if found else None
