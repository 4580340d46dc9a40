"""A job waits one period of its own at most, however the clock jumps, and runs no turn twice."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from samsyn.jobs.models import Run, RunState
from samsyn.jobs.rules import Daily, Every, longest_wait, next_due
from samsyn.jobs.services import job_start, work_once
from samsyn.messages.delivery import claim
from samsyn.messages.models import Message, MessageState
from tests.cast import NOON
from tests.jobs.test_worker import make_job, only  # noqa: F401  a fixture

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
SCHEDULES = [Every(HOUR), Daily(time(7, 30))]


def turns(begin, *, hours):
    """Let the worker look every half hour; return when it ran something."""
    looks = (begin + n * HOUR / 2 for n in range(hours * 2))
    return [now for now in looks if work_once(now=now) is not None]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_clock_is_put_back_a_year_and_the_job_runs_within_its_period(db, only, schedule):  # noqa: F811
    make_job(lambda *, actor, progress: {}, schedule=schedule)
    assert turns(NOON + YEAR, hours=26)
    ran = turns(NOON, hours=26)
    assert ran
    assert ran[0] - NOON <= longest_wait(schedule)
    assert len(ran) <= 26
    assert Run.objects.filter(state=RunState.WAITING).count() == 1


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_clock_jumps_a_year_ahead_and_the_missed_turns_are_one(db, only, schedule):  # noqa: F811
    make_job(lambda *, actor, progress: {}, schedule=schedule)
    turns(NOON, hours=26)
    done = [work_once(now=NOON + YEAR) for _look in range(9)]
    assert 1 <= sum(run is not None for run in done) <= 2  # what waited, and what is due now
    turns(NOON + 2 * HOUR, hours=26)  # and back again
    assert Run.objects.filter(state=RunState.WAITING).count() == 1


def test_what_was_asked_for_before_the_jump_runs_at_once(cast, only):  # noqa: F811
    make_job(lambda *, actor, progress: {})
    run = job_start(actor=cast.astrid, operator=cast.samvakt, name="test")
    assert work_once(now=run.due_at - YEAR) is not None


def test_a_run_killed_before_the_jump_is_found(db, only):  # noqa: F811
    make_job(lambda *, actor, progress: {"again": True})
    later = NOON + YEAR
    Run.objects.create(
        job="test", state=RunState.RUNNING, due_at=later, started_at=later, beat_at=later
    )
    assert work_once(now=NOON).result == {"again": True}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_whatever_was_last_the_next_time_is_within_a_period(schedule):
    for last in (None, NOON - YEAR, NOON, NOON + HOUR, NOON + YEAR):
        assert next_due(schedule, last, NOON) - NOON <= longest_wait(schedule)


def test_a_run_waits_for_one_period_at_most_and_what_was_asked_for_for_nothing():
    assert longest_wait(None) == timedelta(0)
    assert longest_wait(Every(timedelta(minutes=7))) == timedelta(minutes=7)
    assert longest_wait(Daily(time(4))) == timedelta(hours=25)  # a day in October


def test_a_clock_set_back_a_little_changes_nothing(db, only):  # noqa: F811
    make_job(lambda *, actor, progress: {}, schedule=Every(HOUR))
    work_once(now=NOON)
    work_once(now=NOON + timedelta(seconds=1))
    due = Run.objects.get(state=RunState.WAITING).due_at
    work_once(now=NOON - timedelta(seconds=1))
    assert Run.objects.get(state=RunState.WAITING).due_at in {due, due - timedelta(seconds=1)}


@pytest.mark.parametrize(
    ("state", "at"), [(MessageState.WAITING, "next_try_at"), (MessageState.SENDING, "leased_until")]
)
def test_a_letter_that_waited_before_the_jump_is_sent(cast, state, at):
    message = letter(cast, state, **{at: NOON + YEAR})
    assert claim(NOON) == message


def test_a_letter_that_waits_as_long_as_it_should_is_left_alone(cast):
    letter(cast, MessageState.WAITING, next_try_at=NOON + 24 * HOUR)
    assert claim(NOON) is None


def test_a_letter_on_its_way_is_not_sent_twice_when_the_clock_is_corrected(cast):
    letter(cast, MessageState.SENDING, leased_until=NOON + timedelta(minutes=6))
    assert claim(NOON) is None


def letter(cast, state, **times) -> Message:
    return Message.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        kind="letter",
        dedupe_key="x",
        to="a@b.example",
        language="nb",
        subject="S",
        text="T",
        state=state,
        **times,
    )
