"""When a job is due, and when a run counts as lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOST_AFTER = timedelta(minutes=5)  # ten missed beats; a killed worker is found within that time


@dataclass(frozen=True, slots=True)
class Every:
    """A job that runs again this long after it began."""

    gap: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that runs once a day at a local time."""

    at: time
    zone: str = "Europe/Oslo"


Schedule = Every | Daily


def next_due(schedule: Schedule, last: datetime | None, now: datetime) -> datetime:
    """Return when a scheduled job is to run next.

    Args:
        schedule: how often.
        last: when it was last due, in UTC; None if it never was.
        now: this moment, in UTC.

    Returns:
        A moment in UTC. A job that never ran begins at once if it runs every so often,
        and at its next time if it runs daily. After a long pause it runs once, not once
        for each time it missed. A daily time that the clock skips in spring runs an hour
        later, one that occurs twice runs once. It is never later than ``longest_wait`` from
        now: a last time that lies in the future is from before the clock was put back.

    Source:
        Our own rule; time zones by the IANA database.

    """
    last = None if last is None else min(last, now)
    if isinstance(schedule, Every):
        return now if last is None else max(last + schedule.gap, now)
    zone = ZoneInfo(schedule.zone)
    after = now if last is None else max(last, now - timedelta(days=1))
    day = after.astimezone(zone).date()
    due = datetime.combine(day, schedule.at, tzinfo=zone).astimezone(UTC)
    if due <= after:
        following = datetime.combine(day + timedelta(days=1), schedule.at, tzinfo=zone)
        due = following.astimezone(UTC)
    return due


def longest_wait(schedule: Schedule | None) -> timedelta:
    """Return how long a run may wait for its time: one period of its job.

    What was asked for waits for nothing; a day may have 25 hours when the clock changes.

    Source:
        Our own rule.

    """
    if schedule is None:
        return timedelta(0)
    return schedule.gap if isinstance(schedule, Every) else timedelta(hours=25)


def is_lost(beat_at: datetime | None, now: datetime, *, after: timedelta = LOST_AFTER) -> bool:
    """Return whether a running run has shown no sign of life for too long.

    Args:
        beat_at: the last sign of life; None if there was none.
        now: this moment.
        after: how long is too long for its job.

    A beat from the future is from before the clock was put back: one that lives beats again.

    Source:
        Our own rule: five minutes without a beat, unless the job says otherwise.

    """
    return beat_at is None or abs(now - beat_at) > after
