"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from samsyn.ui.moments import (
    day_of_year_text,
    distance_text,
    moment_html,
    moment_text,
    month_text,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(days=-1), "24 hours ago"),
        (timedelta(days=-5), "5 days ago"),
        (timedelta(days=-200), "6 months ago"),
    ],
)
def test_how_far_away(away, words):
    assert distance_text(NOON + away, now=NOON) == words


def test_it_stands_in_the_readers_zone_with_the_weekday():
    with timezone.override(ZoneInfo("Europe/Oslo")), translation.override("en"):
        assert moment_text(NOON) == "Mon 2 Mar 2026 13:00"


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "2026-03-02 12.00"), ("nb", "02.03.2026 12.00")]
)
def test_the_date_is_written_as_the_language_does(language, words):
    with translation.override(language):
        assert words in moment_text(NOON)


def test_a_machine_reads_it_in_utc():
    assert 'datetime="2026-03-02T12:00:00+00:00"' in moment_html(NOON, now=NOON)


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("en", "2 Mar", "Mar 2026"), ("sv", "2 mar", "mar 2026"), ("nb", "2. mar", "mar 2026")],
)
def test_a_short_month_is_written_as_the_language_does(language, day, month):
    with translation.override(language):
        assert (day_of_year_text(NOON.date()), month_text(NOON.date(), with_year=True)) == (
            day,
            month,
        )
