"""The jobs that rooms have, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from samsyn.access.actor import Actor
from samsyn.jobs.rules import LOST_AFTER, Schedule


class ProgressCallback(Protocol):
    """What a job calls to say how far it has come."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None: ...


Work = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its name, what it does in words, when it runs and the function.

    ``is_wanted`` is asked whenever the worker is free: the job runs as soon as it says yes.
    ``lost_after`` is how long a run may show no sign of life before another begins: shorter, at
    least two beats, where the job is safe beside itself and others wait for it.
    """

    name: str
    title: Any
    schedule: Schedule | None
    work: Work
    is_wanted: Callable[[], bool] | None = None
    lost_after: timedelta = LOST_AFTER


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    title: Any,
    schedule: Schedule | None = None,
    is_wanted: Callable[[], bool] | None = None,
    lost_after: timedelta = LOST_AFTER,
) -> Callable[[Work], Work]:
    """Register a function as a job: ``work(*, actor, progress, **arguments) -> dict``.

    It must be safe to run again after being killed anywhere: runs are started anew.
    """

    def register(work: Work) -> Work:
        JOBS[name] = Job(name, title, schedule, work, is_wanted, lost_after)
        return work

    return register


def quiet(step: str, done: int = 0, total: int = 0) -> None:
    """Say nothing: the progress of work that nobody watches."""
    del step, done, total


def run_now(name: str, *, actor: Actor, **arguments: Any) -> dict[str, Any]:
    """Run a job here and now, without a record of the run; for the command line and tests."""
    return JOBS[name].work(actor=actor, progress=quiet, **arguments)
