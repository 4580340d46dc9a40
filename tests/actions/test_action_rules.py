"""The roads between states, and what dates mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from samsyn.actions import rules


def test_no_road_leads_to_confirmed():
    assert not any("confirmed" in roads for roads in rules.ROADS.values())


@pytest.mark.parametrize(
    ("state", "wanted", "is_road"),
    [
        ("proposed", "planned", True),
        ("proposed", "done", False),
        ("planned", "done", True),
        ("in_progress", "done", True),
        ("done", "in_progress", True),
        ("done", "declined", False),
        ("confirmed", "planned", False),
        ("declined", "proposed", True),
    ],
)
def test_the_roads(state, wanted, is_road):
    assert rules.may_go(state, wanted) is is_road


@pytest.mark.parametrize(
    ("result", "state"), [("yes", "confirmed"), ("partly", "planned"), ("no", "planned")]
)
def test_only_an_effect_that_shows_closes(result, state):
    assert rules.state_after_check("done", result) == state


@pytest.mark.parametrize(("state", "result"), [("planned", "yes"), ("done", "perhaps")])
def test_what_is_not_done_cannot_be_checked(state, result):
    with pytest.raises(ValueError, match=state):
        rules.state_after_check(state, result)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 11, 29), 3, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_months_later_when_the_month_is_shorter(day, months, later):
    assert rules.months_later(day, months) == later


@pytest.mark.parametrize(
    ("due", "horizon"),
    [
        (date(2028, 8, 29), "near"),
        (date(2028, 8, 30), "mid"),
        (date(2029, 2, 28), "mid"),
        (date(2029, 3, 1), "later"),
        (date(2020, 1, 1), "near"),
    ],
)
def test_the_horizon_of_a_plan_agreed_on_a_leap_day(due, horizon):
    assert rules.horizon_of(due, agreed_on=date(2028, 2, 29)) == horizon


def test_the_check_is_in_three_months_unless_a_day_is_chosen():
    done = date(2027, 11, 30)
    assert rules.check_due_on(done) == date(2028, 2, 29)
    assert rules.check_due_on(done, date(2027, 12, 24)) == date(2027, 12, 24)
    assert rules.check_due_on(done, date(2027, 1, 1)) == date(2028, 2, 29)
    assert rules.check_due_on(done, done) == done  # it shows at once


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),  # the clock goes on at 1 UTC
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 21, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),  # and back again
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_is_the_organisations_also_when_the_clock_is_changed(moment, day):
    assert rules.local_day(moment, "Europe/Oslo") == day


def test_the_date_itself_is_still_in_time():
    due = date(2028, 2, 29)
    late = {"state": "planned", "due_on": due, "check_on": None}
    assert not rules.is_overdue(**late, today=due)
    assert rules.is_overdue(**late, today=date(2028, 3, 1))
    assert not rules.is_overdue(**{**late, "state": "declined"}, today=date(2029, 1, 1))


def test_what_is_done_is_late_when_nobody_has_looked():
    done = {"state": "done", "due_on": date(2026, 1, 1), "check_on": date(2026, 6, 1)}
    assert not rules.is_overdue(**done, today=date(2026, 5, 1))
    assert rules.is_overdue(**done, today=date(2026, 6, 2))


@pytest.mark.parametrize(
    ("state", "has_owner", "has_date", "step"),
    [
        ("proposed", False, False, "decide"),
        ("planned", False, True, "give_owner"),
        ("planned", True, False, "give_date"),
        ("planned", True, True, "start"),
        ("in_progress", True, True, "finish"),
        ("done", False, False, "check"),
        ("confirmed", True, True, "nothing"),
    ],
)
def test_the_next_step(state, has_owner, has_date, step):
    assert rules.next_step(state=state, has_owner=has_owner, has_date=has_date) == step


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2028, 2, 14), None),
        (date(2028, 2, 15), "ahead"),
        (date(2028, 2, 25), "ahead"),
        (date(2028, 2, 26), "soon"),
        (date(2028, 2, 29), "soon"),
        (date(2028, 3, 1), "late"),
    ],
)
def test_owners_are_reminded_in_three_stages(today, stage):
    found = rules.reminder_due(
        state="planned", due_on=date(2028, 2, 29), check_on=None, today=today
    )
    assert (found.stage if found else None) == stage


def test_nobody_is_reminded_of_what_is_only_proposed():
    due = {"due_on": date(2026, 1, 1), "check_on": None, "today": date(2026, 2, 1)}
    assert rules.reminder_due(state="proposed", **due) is None


@pytest.mark.parametrize(
    ("state", "stage"), [("done", "soon"), ("planned", "late"), ("confirmed", None)]
)
def test_what_is_done_is_reminded_of_by_its_check_and_no_more_by_its_date(state, stage):
    found = rules.reminder_due(
        state=state,
        due_on=date(2026, 1, 1),
        check_on=date(2026, 6, 3),
        today=date(2026, 6, 1),
    )
    assert (found.stage if found else None) == stage


def test_nobody_is_reminded_of_what_has_no_date():
    today = date(2026, 6, 1)
    undated = {"due_on": None, "check_on": None, "today": today}
    assert rules.reminder_due(state="planned", **undated) is None
    assert rules.reminder_due(state="done", **{**undated, "due_on": today}) is None
    assert not rules.is_overdue(state="planned", **undated)
