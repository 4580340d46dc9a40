"""What a value says of itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.indicators.rules import (
    PERIOD_DAYS,
    IndicatorLight,
    IndicatorTrend,
    ValuePoint,
    before_of,
    is_fresh,
    is_possible,
    period_start,
    trend_of,
    verdict_of,
)

values = st.floats(min_value=-1e6, max_value=1e6)
bands = st.floats(min_value=0, max_value=1e4)
directions = st.sampled_from(["up", "down"])
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1))
SHADE = {IndicatorLight.GREEN: 0, IndicatorLight.AMBER: 1, IndicatorLight.RED: 2}


@given(values, values, bands, directions)
def test_the_target_itself_is_green_and_what_is_better_never_darker(value, target, band, way):
    def light(each):
        return verdict_of(each, target=target, band=band, direction=way).light

    assert light(target) == IndicatorLight.GREEN
    better = value + 1 if way == "up" else value - 1
    assert SHADE[light(better)] <= SHADE[light(value)]


@given(values, values, bands)
def test_the_two_directions_mirror_each_other(value, target, band):
    up = verdict_of(value, target=target, band=band, direction="up")
    down = verdict_of(-value, target=-target, band=band, direction="down")
    assert up == down


@given(values, values, directions)
def test_without_a_band_nothing_is_amber(value, target, way):
    assert verdict_of(value, target=target, band=0, direction=way).light != IndicatorLight.AMBER


@pytest.mark.parametrize(
    ("value", "target", "fresh", "reason"),
    [(None, 95, True, "not_measured"), (99, 95, False, "stale"), (99, None, True, "no_target")],
)
def test_what_cannot_be_judged_is_grey_and_says_why(value, target, fresh, reason):
    found = verdict_of(value, target=target, band=0, direction="up", is_fresh=fresh)
    assert (found.light, found.reason) == (IndicatorLight.GREY, reason)


@given(days, st.sampled_from(sorted(PERIOD_DAYS)))
def test_a_value_counts_for_two_of_its_periods(day, frequency):
    last = day + timedelta(days=2 * PERIOD_DAYS[frequency])
    assert is_fresh(day, on=last, frequency=frequency)
    assert not is_fresh(day, on=last + timedelta(days=1), frequency=frequency)


@given(days, st.sampled_from(sorted(PERIOD_DAYS)))
def test_a_period_begins_on_a_first_and_holds_its_day(day, frequency):
    start = period_start(day, frequency=frequency)
    assert start.day == 1
    assert timedelta() <= day - start <= timedelta(days=PERIOD_DAYS[frequency])
    assert period_start(start, frequency=frequency) == start


@given(values, values, directions)
def test_a_trend_turned_round_is_the_opposite(now, before, way):
    opposite = {
        IndicatorTrend.BETTER: IndicatorTrend.WORSE,
        IndicatorTrend.WORSE: IndicatorTrend.BETTER,
        IndicatorTrend.STEADY: IndicatorTrend.STEADY,
    }
    found = trend_of(now, before, direction=way)
    assert trend_of(before, now, direction=way) == opposite[found]
    assert trend_of(now, None, direction=way) == IndicatorTrend.UNKNOWN


def test_a_period_is_compared_with_the_one_before_it():
    points = [
        ValuePoint(date(2026, 1, 30), 1),
        ValuePoint(date(2026, 3, 31), 2),
        ValuePoint(date(2026, 5, 2), 3),
    ]
    assert before_of(points, frequency="monthly") == points[1]
    assert before_of(points, frequency="quarterly") == points[1]
    assert before_of(points, frequency="yearly") is None
    assert before_of([], frequency="monthly") is None
    first = [ValuePoint(date(2026, 4, 1), 1), ValuePoint(date(2026, 4, 30), 2)]
    assert before_of(first, frequency="monthly") is None  # the first day is of the same month


@pytest.mark.parametrize(
    ("value", "unit", "fits"),
    [(100, "percent", True), (0, "percent", True), (0, "count", True), (1, "level", True),
     (5, "level", False), (100.1, "percent", False), (-1, "count", False), (0.5, "level", False),
     (4, "level", True), (float("nan"), "days", False), (float("inf"), "hours", False)],
)  # fmt: skip
def test_a_value_must_be_one_of_its_unit(value, unit, fits):
    assert is_possible(value, unit=unit) is fits
