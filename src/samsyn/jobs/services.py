from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, job_actor
from samsyn.access.commands import command
from samsyn.access.disk import disk_error
from samsyn.access.permissions import Permission
from samsyn.jobs.models import Run, RunState
from samsyn.jobs.registry import JOBS, Job
from samsyn.jobs.rules import LOST_AFTER, Every, is_lost, longest_wait, next_due
from samsyn.kernel.errors import RuleViolation, SamsynError

log = logging.getLogger("samsyn.jobs")
BEAT = timedelta(seconds=30)
PROGRESS_SECONDS = 0.5
KEEP = timedelta(days=90)
KEEP_QUIET = timedelta(days=2)  # of what runs every few minutes


@command(Permission.JOBS_RUN)
def job_start(*, actor: Actor, operator: Any, name: str, **arguments: Any) -> Run:
    """Ask for a run of a job; the worker takes it at once when it is free.

    Raises:
        RuleViolation: there is no such job, or it is waiting or running already.

    """
    if name not in JOBS:
        raise RuleViolation(_("There is no such job."))
    busy = Run.objects.filter(job=name, state__in=[RunState.WAITING, RunState.RUNNING])
    if busy.filter(due_at__lte=timezone.now()).exists():
        raise RuleViolation(_("It is already under way."))
    return Run.objects.create(
        job=name, actor=actor.label, arguments=arguments, due_at=timezone.now()
    )


def job_due(name: str, *, asked_by: str) -> None:
    """Let a job run as soon as the worker is free; for services whose change it follows.

    A run that has begun may have read what was before the change: it does not count.
    """
    now = timezone.now()
    waiting = Run.objects.filter(job=name, state=RunState.WAITING, due_at__lte=now)
    if not waiting.exists():
        Run.objects.create(job=name, actor=asked_by, due_at=now)


def work_once(*, now: datetime | None = None) -> Run | None:  # house: the worker, not a person
    """Do the next thing that is due: mark lost runs, plan scheduled ones, run one."""
    now = now or timezone.now()
    _sweep(now)
    _bound_waits(now)
    _plan(now)
    run = _claim(now)
    if run is not None:
        _perform(run)
    return run


def _sweep(now: datetime) -> None:
    for run in Run.objects.filter(state=RunState.RUNNING):
        known = JOBS.get(run.job)
        if is_lost(run.beat_at, now, after=known.lost_after if known else LOST_AFTER):
            run.state, run.ended_at = RunState.LOST, now
            run.save(update_fields=["state", "ended_at"])
            if known and known.schedule is None:
                Run.objects.create(
                    job=run.job, actor=run.actor, arguments=run.arguments, due_at=now
                )
    # Both times must be old: a clock that jumps during a run must not take its latest turn.
    Run.objects.filter(ended_at__lt=now - KEEP, due_at__lt=now - KEEP).delete()
    often = [j.name for j in JOBS.values() if j.is_wanted or isinstance(j.schedule, Every)]
    quiet = Run.objects.filter(job__in=often, state=RunState.DONE)
    quiet.filter(ended_at__lt=now - KEEP_QUIET, due_at__lt=now - KEEP_QUIET).delete()


def _bound_waits(now: datetime) -> None:
    """Let no run wait longer than its job's period: its time was set before the clock jumped."""
    for run in Run.objects.filter(state=RunState.WAITING, due_at__gt=now):
        known = JOBS.get(run.job)
        schedule = known.schedule if known else None
        if run.due_at > now + longest_wait(schedule):
            run.due_at = next_due(schedule, now, now) if schedule else now
            run.save(update_fields=["due_at"])


def _plan(now: datetime) -> None:
    """See that each scheduled job has one run waiting, now or later, and each that is wanted."""
    for job in JOBS.values():
        if job.schedule is None and not (job.is_wanted and job.is_wanted()):
            continue
        runs = Run.objects.filter(job=job.name)
        if runs.filter(state__in=[RunState.WAITING, RunState.RUNNING]).exists():
            continue
        # A run of a later time is from before the clock was put back.
        last = runs.filter(due_at__lte=now).order_by("-due_at").first()
        due = next_due(job.schedule, last.due_at if last else None, now) if job.schedule else now
        Run.objects.create(job=job.name, actor=job_actor(job.name).label, due_at=due)


def _claim(now: datetime) -> Run | None:
    with transaction.atomic():
        waiting = Run.objects.filter(state=RunState.WAITING, due_at__lte=now).order_by("pk")
        if connection.vendor == "postgresql":
            waiting = waiting.select_for_update(skip_locked=True)
        run = waiting.first()
        if run is not None:
            run.state, run.started_at, run.beat_at = RunState.RUNNING, now, now
            run.save(update_fields=["state", "started_at", "beat_at"])
    return run


def _perform(run: Run) -> None:
    try:
        job = _job_named(run.job)
        with _beating(run):
            run.result = job.work(
                actor=job_actor(run.job), progress=_Reporter(run), **run.arguments
            )
        run.state = RunState.DONE
    except SamsynError as error:
        run.state, run.problem = RunState.FAILED, str(disk_error(error) or error)
    except Exception as error:  # the worker must outlive any one job
        log.exception("job %s failed", run.job)
        run.state = RunState.FAILED
        run.problem = str(disk_error(error) or type(error).__name__)
    run.ended_at = timezone.now()
    run.save(update_fields=["state", "problem", "result", "ended_at"])


def _job_named(name: str) -> Job:
    if name not in JOBS:
        raise RuleViolation(_("There is no such job."))
    return JOBS[name]


class _Reporter:
    """Writes a run's progress, at most twice a second."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.last = -PROGRESS_SECONDS

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if monotonic() - self.last < PROGRESS_SECONDS and step == self.run.step:
            return
        self.last = monotonic()
        self.run.step, self.run.done, self.run.total = step[:200], done, total
        # How far it has come is not worth failing for, when others write for half a minute.
        with nullcontext() if connection.in_atomic_block else suppress(OperationalError):
            Run.objects.filter(pk=self.run.pk).update(
                step=self.run.step, done=done, total=total, beat_at=timezone.now()
            )


@contextmanager
def _beating(run: Run) -> Iterator[None]:
    """Show signs of life from a thread of its own while a long step works."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT.total_seconds()):
            Run.objects.filter(pk=run.pk).update(beat_at=timezone.now())
            close_old_connections()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
