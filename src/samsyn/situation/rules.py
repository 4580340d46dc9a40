"""The figures of a situation picture: what they are, and what they say in one sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from samsyn.kernel.numbers import Quartiles, quartiles

CRITICAL = 4


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """One cut of the findings in a period: now, and in the period before.

    ``days_to_fix`` is the median number of days from opened to closed, of those closed
    in the period; None when none was.
    """

    open: int = 0
    open_before: int = 0
    new: int = 0
    new_before: int = 0
    closed: int = 0
    closed_before: int = 0
    days_to_fix: float | None = None
    days_to_fix_before: float | None = None
    members: int = 0


@dataclass(frozen=True, slots=True)
class Oldest:
    """A serious finding that has been open long."""

    finding_id: int
    report: str
    severity: int
    opened_on: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A kind of finding that was never seen before the period."""

    report: str
    severity: int
    findings: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member in the sector's picture; named for the operator only."""

    organisation_id: int
    name: str
    open: int
    critical: int
    new: int
    closed: int
    days_to_fix: float | None


@dataclass(slots=True)
class Figures:
    """All that an edition is drawn from; frozen with it when it is published.

    ``by_*`` maps a severity, class or report to its count; ``trend`` holds, for each
    month's end, how many of each severity were open. ``sector`` holds the quartiles of
    the members for open, critical, new and days_to_fix; a group under five is withheld.
    """

    total: PeriodCount = field(default_factory=PeriodCount)
    by_severity: dict[str, PeriodCount] = field(default_factory=dict)
    by_taxonomy: dict[str, PeriodCount] = field(default_factory=dict)
    by_report: dict[str, PeriodCount] = field(default_factory=dict)
    oldest: list[Oldest] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)
    trend: dict[str, dict[str, int]] = field(default_factory=dict)
    sector: dict[str, Quartiles | None] = field(default_factory=dict)
    members: list[MemberRow] = field(default_factory=list)
    members_count: int = 0

    @property
    def critical(self) -> PeriodCount:
        """The count of the critical ones."""
        return self.by_severity.get(str(CRITICAL), PeriodCount())

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Figures:
        """Return the figures that ``to_json`` wrote.

        Source:
            Our own form.

        """
        cuts = {
            name: {key: PeriodCount(**count) for key, count in kept[name].items()}
            for name in ("by_severity", "by_taxonomy", "by_report")
        }
        return cls(
            total=PeriodCount(**kept["total"]),
            oldest=[Oldest(**row) for row in kept["oldest"]],
            newcomers=[Newcomer(**row) for row in kept["newcomers"]],
            trend=dict(kept["trend"]),
            sector={k: Quartiles(**q) if q else None for k, q in kept["sector"].items()},
            members=[MemberRow(**row) for row in kept["members"]],
            members_count=kept["members_count"],
            **cuts,
        )


class ChangeDirection(StrEnum):
    """Which way it goes."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


def digest(figures: Mapping[str, Any]) -> str:
    """Return the SHA-256 of figures as plain values; equal figures have equal digests.

    Source:
        Our own form: JSON with sorted keys, no blanks, UTF-8.

    """
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def direction(now: int, before: int) -> ChangeDirection:
    """Return whether fewer open findings, or more, are left than a period ago.

    A change of less than three findings, or of less than a tenth, counts as the same; that
    none is left is better all the same.

    Source:
        Our own rule: small figures jump by chance.

    """
    change = now - before
    if abs(change) < max(3, before / 10) and not (before > 0 and now == 0):
        return ChangeDirection.SAME
    return ChangeDirection.WORSE if change > 0 else ChangeDirection.BETTER


def against(value: float | None, group: Quartiles | None) -> str | None:
    """Return where a value lies in a group: best, middle, worst quarter; None if withheld.

    Source:
        Our own rule; lower is better for every figure it is used on. What equals a quartile
        lies between: where all have the same, nobody is better than most.

    """
    if value is None or group is None:
        return None
    if value < group.low:
        return "best"
    return "worst" if value > group.high else "middle"


def sector_quartiles(rows: Sequence[MemberRow]) -> dict[str, Quartiles | None]:
    """Return the quartiles of the members' figures; withheld for groups under five.

    Days to fix are counted among the members that closed anything.

    Source:
        Issue 2, part 7; see ``kernel.numbers.quartiles``.

    """
    days = [row.days_to_fix for row in rows if row.days_to_fix is not None]
    return {
        "open": quartiles([row.open for row in rows]),
        "critical": quartiles([row.critical for row in rows]),
        "new": quartiles([row.new for row in rows]),
        "days_to_fix": quartiles(days),
    }
