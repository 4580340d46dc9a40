"""What makes a member red on the map, and what counts as new."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from samsyn.cockpit.rules import MapLevel, level
from samsyn.findings.rules import yesterday_began

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, MapLevel.CALM),
        ({"open_count": 9}, MapLevel.MINOR),
        ({"open_count": 9, "high": 1}, MapLevel.HIGH),
        ({"open_count": 9, "high": 4, "critical": 1}, MapLevel.CRITICAL),
        ({"open_count": 9, "critical": 2}, MapLevel.CRITICAL),
        ({"open_count": 9, "critical": 3}, MapLevel.CRITICAL_OLD_OR_MANY),
        ({"open_count": 9, "critical": 1, "old_critical": 1}, MapLevel.CRITICAL_OLD_OR_MANY),
    ],
)
def test_the_worst_that_is_open_decides(numbers, expected):
    none = {"open_count": 0, "high": 0, "critical": 0, "old_critical": 0}
    assert level(**(none | numbers)) == expected


def test_new_is_since_yesterday_began_where_the_reader_is():
    morning = datetime(2026, 3, 2, 7, 30, tzinfo=OSLO)
    assert yesterday_began(morning) == datetime(2026, 3, 1, tzinfo=OSLO)


def test_the_night_the_clocks_change_does_not_move_it():
    after = datetime(2026, 3, 29, 12, tzinfo=OSLO)
    assert yesterday_began(after).isoformat() == "2026-03-28T00:00:00+01:00"
