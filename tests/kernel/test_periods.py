"""A period is whole calendar months, and the one before it is as long."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.kernel.limits import DAY_FIRST, DAY_LAST
from samsyn.kernel.periods import Period


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        (" 2026-10 ", "2026-10-01", "2026-10-31"),
    ],
)
def test_a_period_is_read_with_its_first_and_its_last_day(text, begins, ends):
    period = Period.read(text)
    assert (str(period.begins_on), str(period.ends_on)) == (begins, ends)
    assert str(period) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "26", "2026-1", "2026-10-01", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match=r"period|month"):
        Period.read(text)


def test_the_first_and_the_last_year_that_days_are_kept_of_can_be_read():
    for year in (DAY_FIRST.year, DAY_LAST.year):
        assert Period.read(f"{year:04}").begins_on.year == year
    for year in (DAY_FIRST.year - 1, DAY_LAST.year + 1):
        with pytest.raises(ValueError, match="period"):
            Period.read(f"{year:04}")


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2026-01", "2025-12", "2026-02"),
        ("2026-12", "2026-11", "2027-01"),
        ("2026-Q1", "2025-Q4", "2026-Q2"),
        ("2026-Q4", "2026-Q3", "2027-Q1"),
        ("2026", "2025", "2027"),
    ],
)
def test_the_period_before_and_after_is_as_long(text, before, after):
    period = Period.read(text)
    assert (str(period.before), str(period.after)) == (before, after)


def test_a_day_is_in_its_month():
    assert Period.month_of(date(2028, 2, 29)) == Period(date(2028, 2, 1))


def test_the_last_days_of_months_up_to_its_end_are_in_their_order():
    found = [str(day) for day in Period.read("2026-Q1").month_ends(4)]
    assert found == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]
