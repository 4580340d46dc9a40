"""What an answer makes of a finding, whether it came in time, and when a day began."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from samsyn.findings.rules import (
    STATE_AFTER_ANSWER,
    days_ago,
    is_answered_in_time,
    state_after_answer,
    yesterday_began,
)

OSLO = ZoneInfo("Europe/Oslo")
TOLD = date(2026, 3, 1)


@pytest.mark.parametrize("state", ["open", "acknowledged", "fixed", "reopened"])
def test_an_answer_decides_the_state_of_what_is_not_closed(state):
    assert state_after_answer(state, "fixed") == "fixed"
    assert state_after_answer(state, "false_alarm") == "acknowledged"


@pytest.mark.parametrize("answer", sorted(STATE_AFTER_ANSWER))
def test_no_answer_opens_or_closes_a_finding(answer):
    assert state_after_answer("closed", answer) == "closed"
    assert state_after_answer("open", answer) in {"acknowledged", "fixed"}


def test_what_is_no_answer_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        state_after_answer("open", "perhaps")


@pytest.mark.parametrize(
    ("days", "in_time"), [(0, True), (1, True), (13, True), (14, True), (15, False)]
)
def test_the_fourteenth_day_is_in_time_and_the_fifteenth_is_not(days, in_time):
    assert is_answered_in_time(TOLD, TOLD + timedelta(days=days)) is in_time


def test_no_answer_is_not_in_time():
    assert is_answered_in_time(TOLD, None) is False


def test_days_begin_at_midnight_where_the_reader_is():
    now = datetime(2026, 3, 2, 0, 30, 15, 999, tzinfo=OSLO)
    assert yesterday_began(now) == datetime(2026, 3, 1, tzinfo=OSLO)
    assert days_ago(now, 1) == datetime(2026, 3, 1, tzinfo=OSLO)
    assert days_ago(now, 30) == datetime(2026, 1, 31, tzinfo=OSLO)
    assert days_ago(now, 0) == datetime(2026, 3, 2, tzinfo=OSLO)


def test_a_day_with_a_changed_clock_still_began_at_midnight():
    after = datetime(2026, 3, 30, 9, 15, tzinfo=OSLO)
    assert yesterday_began(after) == datetime(2026, 3, 29, tzinfo=OSLO)
    assert days_ago(after, 2) == datetime(2026, 3, 28, tzinfo=OSLO)
