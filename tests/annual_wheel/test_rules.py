"""When activities are due."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.annual_wheel import rules
from samsyn.annual_wheel.rules import Slot


def wanted(**changed):
    given = {
        "frequency": "monthly",
        "months": (),
        "from_day": 1,
        "to_day": 10,
        "country": "NO",
        "is_shifted": False,
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 1),
    } | changed
    return rules.slots_wanted(**given)


def days(slots):
    return [slot.due_on.isoformat() for slot in slots]


def test_a_monthly_activity_is_due_every_month():
    assert len(wanted()) == 12
    assert days(wanted(months=[1, 2, 8]))[-1] == "2026-08-10"


def test_a_quarterly_activity_is_due_once_in_each_quarter():
    found = wanted(frequency="quarterly", months=[3, 6, 9, 12])
    assert days(found) == ["2026-03-10", "2026-06-10", "2026-09-10", "2026-12-10"]
    with pytest.raises(ValueError, match="quarter"):
        rules.months_of("quarterly", [1, 2, 6, 9])


def test_a_yearly_activity_needs_a_month():
    assert days(wanted(frequency="yearly", months=[5])) == ["2026-05-10"]
    with pytest.raises(ValueError, match="month"):
        rules.months_of("yearly", [])
    with pytest.raises(ValueError, match="12"):
        rules.months_of("yearly", [13])


@pytest.mark.parametrize(("year", "last"), [(2026, 28), (2028, 29)])
def test_a_day_that_a_month_lacks_is_its_last(year, last):
    slot = rules.slot_in(date(year, 2, 14), from_day=29, to_day=31)
    assert slot == Slot(date(year, 2, 1), date(year, 2, last), date(year, 2, last))


def test_an_activity_of_29_february_comes_every_year():
    found = wanted(frequency="yearly", months=[2], from_day=29, to_day=29, until=date(2029, 1, 1))
    assert days(found) == ["2026-02-28", "2027-02-28", "2028-02-29"]


@pytest.mark.parametrize(
    ("day", "country", "shifted"),
    [
        ("2026-05-17", "NO", "2026-05-18"),  # Constitution Day, a Sunday
        ("2026-05-14", "NO", "2026-05-15"),  # Ascension Day, a Thursday
        ("2026-04-03", "SE", "2026-04-07"),  # Good Friday, over Easter Monday
        ("2026-06-19", "SE", "2026-06-22"),  # Midsummer Eve is kept in practice
        ("2026-06-19", "NO", "2026-06-19"),
        ("2026-06-06", "SE", "2026-06-08"),
        ("2026-01-31", "NO", "2026-01-30"),  # a Saturday at the month's end: the day before
        ("2026-05-31", "SE", "2026-05-29"),
        ("2026-03-02", "NO", "2026-03-02"),
        ("2026-12-25", "XX", "2026-12-25"),  # a country that nobody knows has weekends only
        ("2026-12-26", "XX", "2026-12-28"),
    ],
)
def test_what_falls_on_a_day_off_moves_to_a_working_day(day, country, shifted):
    assert rules.working_day(date.fromisoformat(day), country=country).isoformat() == shifted


def test_a_window_never_opens_after_it_is_due():
    slot = rules.slot_in(date(2026, 1, 1), from_day=31, to_day=31, country="NO", is_shifted=True)
    assert slot.opens_on == slot.due_on == date(2026, 1, 30)


def test_what_was_due_before_is_not_made_any_more():
    assert days(wanted(since=date(2026, 3, 11)))[0] == "2026-04-10"
    assert days(wanted(since=date(2026, 3, 10)))[0] == "2026-03-10"


def test_what_is_done_this_year_is_not_made_again_when_its_month_moves():
    found = wanted(
        frequency="yearly", months=[9], since=date(2026, 4, 1), until=date(2027, 12, 1),
        settled=[date(2026, 3, 1)],
    )  # fmt: skip
    assert days(found) == ["2027-09-10"]


def test_a_turn_that_moves_is_the_same_turn():
    slots = wanted(frequency="quarterly", months=[2, 6, 9, 12])
    kept = [date(2026, m, 1) for m in (3, 6, 9, 12)]
    moves, new, gone = rules.paired(kept, slots)
    assert {a.month: b.month.month for a, b in moves} == {3: 2, 6: 6, 9: 9, 12: 12}
    assert (new, gone) == ([], [])


def test_turns_too_many_fall_away_and_missing_ones_are_new():
    yearly = wanted(frequency="yearly", months=[6])
    moves, new, gone = rules.paired([date(2026, m, 1) for m in rules.MONTHS], yearly)
    assert len(moves) == 1
    assert len(gone) == 11
    moves, new, gone = rules.paired([date(2026, 6, 1)], wanted())
    assert (len(moves), len(new), len(gone)) == (1, 11, 0)


@pytest.mark.parametrize(
    ("state", "today", "standing"),
    [
        ("ahead", "2026-03-01", "ahead"),
        ("ahead", "2026-03-05", "open"),
        ("ahead", "2026-03-10", "open"),
        ("ahead", "2026-03-11", "late"),
        ("done", "2026-03-11", "done"),
        ("skipped", "2026-03-11", "skipped"),
    ],
)
def test_a_turn_is_ahead_open_late_or_settled(state, today, standing):
    found = rules.standing_of(
        state=state,
        opens_on=date(2026, 3, 5),
        due_on=date(2026, 3, 10),
        today=date.fromisoformat(today),
    )
    assert found == standing


def test_months_run_over_the_turn_of_the_year():
    assert rules.month_later(date(2026, 11, 30), 3) == date(2027, 2, 1)
    assert len(rules.months_between(date(2026, 11, 30), date(2028, 5, 1))) == 19


@pytest.mark.parametrize(
    ("state", "done_on", "on_time"),
    [
        ("done", "2026-03-10", True),  # the last day is in time
        ("done", "2026-03-11", False),
        ("done", "2026-02-01", True),
        ("done", None, False),
        ("ahead", None, False),
        ("ahead", "2026-03-01", False),  # opened again after it was done
        ("skipped", None, None),
        ("removed", None, None),
    ],
)
def test_only_what_was_done_by_its_day_is_on_time_and_what_was_skipped_is_not_asked(
    state, done_on, on_time
):
    found = rules.is_on_time(
        state=state,
        due_on=date(2026, 3, 10),
        done_on=done_on and date.fromisoformat(done_on),
    )
    assert found is on_time


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)]
)
def test_a_quarter_is_three_months(month, quarter):
    assert rules.quarter_of(month) == quarter


def test_a_yearly_activity_with_two_months_is_done_twice_a_year():
    found = wanted(frequency="yearly", months=[3, 9], settled=[date(2026, 3, 1)])
    assert days(found) == ["2026-09-10"]


def test_a_monthly_activity_done_in_one_month_is_due_in_the_next():
    found = wanted(settled=[date(2026, 1, 1)])
    assert days(found)[0] == "2026-02-10"
    assert len(found) == 11


def test_a_quarterly_activity_done_in_a_quarter_is_not_made_again_in_it():
    found = wanted(
        frequency="quarterly", months=[3, 6, 9, 12], settled=[date(2026, 1, 1), date(2026, 5, 1)]
    )
    assert days(found) == ["2026-09-10", "2026-12-10"]


def test_turns_are_shifted_by_the_holidays_of_their_country():
    """6 June is Sweden's national day and a Saturday in 2026; 17 May a Sunday, and Norway's."""
    moved = {"frequency": "yearly", "months": [5], "to_day": 17, "is_shifted": True}
    assert days(wanted(**moved)) == ["2026-05-18"]
    assert days(wanted(**moved, country="")) == ["2026-05-18"]
    eve = {"frequency": "yearly", "months": [6], "to_day": 19, "is_shifted": True}
    assert days(wanted(**eve, country="SE")) == ["2026-06-22"]
    assert days(wanted(**eve, country="NO")) == ["2026-06-19"]
    assert days(wanted(**{**eve, "is_shifted": False}, country="SE")) == ["2026-06-19"]
