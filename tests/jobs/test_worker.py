"""The worker: what is due runs, a killed run is found, a failing one does not stop the rest."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from samsyn.jobs.models import Run, RunState
from samsyn.jobs.registry import JOBS, job
from samsyn.jobs.rules import Daily, Every, is_lost, next_due
from samsyn.jobs.services import job_start, work_once
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.cast import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def only(monkeypatch):
    """Leave no other job than the one of the test."""
    monkeypatch.setattr("samsyn.jobs.services.JOBS", JOBS)
    kept = dict(JOBS)
    JOBS.clear()
    yield
    JOBS.clear()
    JOBS.update(kept)


def make_job(work, schedule=None):
    return job("test", title="Test", schedule=schedule)(work)


def test_it_runs_what_was_asked_for(cast, only):
    make_job(lambda *, actor, progress, n: {"n": n, "by": actor.label})
    job_start(actor=cast.astrid, operator=cast.samvakt, name="test", n=3)
    run = work_once()
    assert (run.state, run.result) == (RunState.DONE, {"n": 3, "by": "job:test"})


def test_it_is_not_started_twice_at_once(cast, only):
    make_job(lambda *, actor, progress: {})
    job_start(actor=cast.astrid, operator=cast.samvakt, name="test")
    with pytest.raises(RuleViolation, match="under way"):
        job_start(actor=cast.astrid, operator=cast.samvakt, name="test")


def test_a_member_may_not_start_it(cast, only):
    make_job(lambda *, actor, progress: {})
    with pytest.raises(NotAllowed):
        job_start(actor=cast.ingvild, operator=cast.samvakt, name="test")


def test_a_failure_is_kept_without_its_details(cast, only):
    def fail(*, actor, progress):
        raise ZeroDivisionError("secret")

    make_job(fail)
    job_start(actor=cast.astrid, operator=cast.samvakt, name="test")
    run = work_once()
    assert (run.state, run.problem) == (RunState.FAILED, "ZeroDivisionError")


def test_a_killed_run_is_found_and_starts_again(cast, only):
    make_job(lambda *, actor, progress: {"again": True})
    Run.objects.create(
        job="test", state=RunState.RUNNING, due_at=NOON, started_at=NOON, beat_at=NOON
    )
    run = work_once(now=NOON + HOUR)
    assert run.result == {"again": True}
    assert Run.objects.filter(state=RunState.LOST).count() == 1


def test_a_scheduled_job_runs_when_it_is_due_and_not_before(db, only):
    make_job(lambda *, actor, progress: {}, schedule=Every(HOUR))
    assert work_once(now=NOON) is not None
    assert work_once(now=NOON + HOUR / 2) is None
    assert work_once(now=NOON + HOUR) is not None


def test_progress_is_seen_while_it_works(db, only):
    seen = []

    def work(*, actor, progress):
        progress("Reading", 3, 10)
        seen.append(Run.objects.get().done)
        return {}

    make_job(work, schedule=Every(HOUR))
    work_once(now=NOON)
    assert seen == [3]


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (datetime(2026, 3, 27, 6, 30, tzinfo=UTC), datetime(2026, 3, 28, 6, 30, tzinfo=UTC)),
        # Summer time begins on 29 March 2026: the same local time is an hour earlier in UTC.
        (datetime(2026, 3, 28, 6, 30, tzinfo=UTC), datetime(2026, 3, 29, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_daily_job_keeps_its_local_time(last, due):
    assert next_due(Daily(time(7, 30)), last, last + HOUR) == due


def test_a_daily_job_that_never_ran_waits_for_its_time():
    assert next_due(Daily(time(7, 30)), None, NOON) == NOON.replace(day=3, hour=6, minute=30)


def test_a_daily_job_that_was_missed_for_a_week_runs_once():
    due = next_due(Daily(time(7, 30)), NOON - timedelta(days=7), NOON)
    assert due <= NOON
    assert next_due(Daily(time(7, 30)), due, NOON) > NOON


def test_silence_for_five_minutes_is_a_death():
    assert not is_lost(NOON, NOON + timedelta(minutes=4))
    assert not is_lost(NOON, NOON + timedelta(minutes=5))
    assert is_lost(NOON, NOON + timedelta(minutes=6))
    assert is_lost(None, NOON)


def test_a_job_that_is_safe_beside_itself_may_count_as_lost_sooner(cast, only):
    begun = []
    soon = timedelta(seconds=90)
    job("soon", title="Soon", lost_after=soon)(lambda *, actor, progress: begun.append(1) or {})
    make_job(lambda *, actor, progress: begun.append(2) or {})
    for name in ("soon", "test"):
        Run.objects.create(
            job=name, actor="job:x", state=RunState.RUNNING, due_at=NOON, beat_at=NOON
        )
    assert work_once(now=NOON + timedelta(seconds=89)) is None
    work_once(now=NOON + timedelta(seconds=91))
    assert begun == [1]
    assert work_once(now=NOON + timedelta(seconds=93)) is None
