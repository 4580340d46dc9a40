"""Makes indicators and their measurements for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from samsyn.indicators import services
from samsyn.indicators.models import Indicator, Measurement
from tests.cast import NOON, TODAY, Cast


def make_indicator(cast: Cast, **facts: Any) -> Indicator:
    """Make an indicator of Fjellvik: a share measured by hand, at least 95, amber from 90."""
    given = {
        "name": "Staff trained", "unit": "percent", "direction": "up", "target": 95.0, "band": 5.0,
        "frequency": "monthly",
    }  # fmt: skip
    return services.indicator_add(
        actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, **(given | facts)
    )


def make_measurement(
    cast: Cast, indicator: Indicator | None = None, *, on: date = TODAY, value: float = 92.0
) -> Measurement:
    """Note a value by hand, as Fjellvik's security officer does."""
    return services.measurement_add(
        actor=cast.ingvild, indicator=indicator or make_indicator(cast), on=on, value=value,
        now=NOON, today=max(on, TODAY),
    )  # fmt: skip


def measure(cast: Cast, values: list[float], **facts: Any) -> Indicator:
    """Make an indicator with a value every 31 days, the last one on the cast's day."""
    indicator = make_indicator(cast, **facts)
    for number, value in enumerate(reversed(values)):
        make_measurement(cast, indicator, on=TODAY - timedelta(days=31 * number), value=value)
    return indicator
