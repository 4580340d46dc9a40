"""What a value says of itself: its light, whether it is fresh, and which way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

MONTHLY, QUARTERLY, YEARLY = "monthly", "quarterly", "yearly"
PERIOD_MONTHS = {MONTHLY: 1, QUARTERLY: 3, YEARLY: 12}
PERIOD_DAYS = {MONTHLY: 31, QUARTERLY: 92, YEARLY: 366}
STALE_PERIODS = 2
UP, DOWN = "up", "down"
STEADY_SHARE = 0.01  # of the larger of two values: less than this is no movement
VALUE_MOST = 1e12
# The least and the most that a unit allows.
UNIT_RANGE = {
    "percent": (0.0, 100.0),
    "count": (0.0, VALUE_MOST),
    "days": (0.0, VALUE_MOST),
    "hours": (0.0, VALUE_MOST),
    "level": (1.0, 4.0),
}


class IndicatorLight(StrEnum):
    """The traffic light of an indicator."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


class LightReason(StrEnum):
    """Why the light is what it is."""

    REACHED = "reached"
    NEAR = "near"
    BEYOND = "beyond"
    NOT_MEASURED = "not_measured"
    STALE = "stale"
    NO_TARGET = "no_target"


class IndicatorTrend(StrEnum):
    """Which way a value went since the period before."""

    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LightVerdict:
    """A light, and why."""

    light: IndicatorLight
    reason: LightReason


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """A value on a day."""

    on: date
    value: float
    out_of: int | None = None
    source: str = ""


def verdict_of(
    value: float | None,
    *,
    target: float | None,
    band: float,
    direction: str,
    is_fresh: bool = True,
) -> LightVerdict:
    """Return the light of a value: at or over the target green, inside the band amber, else red.

    Args:
        value: in the indicator's unit; None if it was never measured.
        target: in the same unit; None if nobody has set one.
        band: how far beyond the target is still amber, in the same unit, not negative.
        direction: ``up`` if more is better, ``down`` if less is.
        is_fresh: whether it was measured lately.

    Source:
        issue 3, part 5: target, direction, traffic light by rule.

    Example:
        >>> verdict_of(93, target=95, band=5, direction="up").light.value
        'amber'
        >>> verdict_of(31, target=30, band=0, direction="down").light.value
        'red'

    """
    if value is None:
        return LightVerdict(IndicatorLight.GREY, LightReason.NOT_MEASURED)
    if not is_fresh:
        return LightVerdict(IndicatorLight.GREY, LightReason.STALE)
    if target is None:
        return LightVerdict(IndicatorLight.GREY, LightReason.NO_TARGET)
    missing = target - value if direction == UP else value - target
    if missing <= 0:
        return LightVerdict(IndicatorLight.GREEN, LightReason.REACHED)
    if missing <= band:
        return LightVerdict(IndicatorLight.AMBER, LightReason.NEAR)
    return LightVerdict(IndicatorLight.RED, LightReason.BEYOND)


def is_fresh(measured_on: date, *, on: date, frequency: str) -> bool:
    """Return whether a measurement still counts: not older than two of its periods.

    Args:
        measured_on: the day of the measurement.
        on: the day of looking.
        frequency: monthly, quarterly or yearly.

    Source:
        Our own rule: one period may be missed, not two.

    """
    return (on - measured_on).days <= STALE_PERIODS * PERIOD_DAYS[frequency]


def period_start(day: date, *, frequency: str) -> date:
    """Return the first day of the calendar month, quarter or year that a day lies in.

    Source:
        the calendar year.

    Example:
        >>> period_start(date(2026, 5, 20), frequency="quarterly").isoformat()
        '2026-04-01'

    """
    months = PERIOD_MONTHS[frequency]
    return date(day.year, day.month - (day.month - 1) % months, 1)


def before_of(points: Sequence[ValuePoint], *, frequency: str) -> ValuePoint | None:
    """Return the last measurement of an earlier period than that of the newest one.

    Args:
        points: the oldest first.
        frequency: monthly, quarterly or yearly.

    Source:
        Our own rule: a period is compared with the one before it, by the calendar.

    """
    if not points:
        return None
    start = period_start(points[-1].on, frequency=frequency)
    return next((point for point in reversed(points) if point.on < start), None)


def trend_of(now: float | None, before: float | None, *, direction: str) -> IndicatorTrend:
    """Return whether a value went the right way since the period before.

    Args:
        now: the newest value.
        before: that of the period before; None if there is none.
        direction: ``up`` if more is better, ``down`` if less is.

    Source:
        Our own rule: less than a hundredth of the larger value is no movement.

    Example:
        >>> trend_of(12, 20, direction="down").value
        'better'

    """
    if now is None or before is None:
        return IndicatorTrend.UNKNOWN
    change = now - before
    if abs(change) <= STEADY_SHARE * max(abs(now), abs(before)):
        return IndicatorTrend.STEADY
    return IndicatorTrend.BETTER if (change > 0) == (direction == UP) else IndicatorTrend.WORSE


def is_possible(value: float, *, unit: str) -> bool:
    """Return whether a value can be one of this unit.

    Args:
        value: to be tried; it may be infinite or no number at all.
        unit: percent (0 to 100), level (1 to 4), count, days or hours (not negative).

    Source:
        Our own rule.

    """
    least, most = UNIT_RANGE[unit]
    return isfinite(value) and least <= value <= most
