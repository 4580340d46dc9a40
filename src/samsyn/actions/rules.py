"""The life of an action: its states and the only roads between them, and what its dates mean."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

OPEN = frozenset({"proposed", "planned", "in_progress"})  # something is left to be done
CLOSED = frozenset({"confirmed", "declined"})
# From a state to the states that an act may lead to. To "confirmed" there is no road but
# the answer to the effect check (``state_after_check``).
ROADS: dict[str, frozenset[str]] = {
    "proposed": frozenset({"planned", "declined"}),
    "planned": frozenset({"in_progress", "done", "declined", "proposed"}),
    "in_progress": frozenset({"done", "planned", "declined"}),
    "done": frozenset({"in_progress"}),
    "confirmed": frozenset(),
    "declined": frozenset({"proposed"}),
}
AFTER_CHECK = {"yes": "confirmed", "partly": "planned", "no": "planned"}
HORIZONS = ((6, "near"), (12, "mid"))
CHECK_AFTER_MONTHS = 3
REMIND_DAYS = (14, 3)
# For indicators (issue 3, part 5), our own rules: an effect counts for a year after it was
# looked at; from the decision on, an action is to be somebody's.
EFFECT_WINDOW_DAYS = 365
OWNED_FROM = frozenset({"planned", "in_progress"})


def may_go(state: str, wanted: str) -> bool:
    """Return whether an act may lead from one state to another.

    Source:
        product.md, The spine: proposed, decided, under way, done, effect confirmed or
        effect missing, which opens it again; nobody closes an action without the check.

    """
    return wanted in ROADS[state]


def state_after_check(state: str, result: str) -> str:
    """Return the state of an action once somebody has looked whether it helped.

    Args:
        state: only what is done can be checked.
        result: yes, partly or no.

    Raises:
        ValueError: it is not done, or the result is none of these.

    Source:
        product.md, The spine: without the effect it is opened again.

    """
    if state != "done" or result not in AFTER_CHECK:
        raise ValueError(f"{state} {result}")
    return AFTER_CHECK[result]


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; a day which that month lacks is its last.

    Source:
        Our own rule, as for deadlines counted in months in the Nordic administrations.

    Example:
        >>> months_later(date(2027, 11, 30), 3)
        datetime.date(2028, 2, 29)

    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def horizon_of(due_on: date, *, agreed_on: date) -> str:
    """Return in which stretch of a plan a date lies: near (0-6 months), mid (6-12) or later.

    Args:
        due_on: when it is to be done.
        agreed_on: the day from which the plan counts.

    Source:
        The time plan of the maturity dialogue: 0-6 months, 6-12 months and beyond.

    Example:
        >>> horizon_of(date(2027, 2, 28), agreed_on=date(2026, 8, 29))
        'near'

    """
    for months, name in HORIZONS:
        if due_on <= months_later(agreed_on, months):
            return name
    return "later"


def check_due_on(done_on: date, asked_for: date | None = None) -> date:
    """Return when it is to be looked whether an action helped.

    Args:
        done_on: the day it was done.
        asked_for: the day somebody has chosen; one that is past counts for nothing.

    Source:
        Our own rule: three months, so that an effect has had time to show.

    """
    if asked_for is not None and asked_for >= done_on:
        return asked_for
    return months_later(done_on, CHECK_AFTER_MONTHS)


def local_day(moment: datetime, zone: str) -> date:
    """Return which day it is in a zone: the day by which something is late or not.

    Args:
        moment: with a time zone.
        zone: name of the IANA database.

    Source:
        Our own rule: a date means the whole day where the organisation is, also on the
        nights when the clock is changed.

    """
    return moment.astimezone(ZoneInfo(zone)).date()


def is_overdue(*, state: str, due_on: date | None, check_on: date | None, today: date) -> bool:
    """Return whether an action is late: undone after its date, or done and not looked at again.

    Args:
        state: one of the states.
        due_on: when it is to be done.
        check_on: when its effect is to be checked.
        today: this day.

    Source:
        Our own rule: the date itself is still in time.

    """
    limit = check_on if state == "done" else due_on
    return state not in CLOSED and limit is not None and limit < today


def next_step(*, state: str, has_owner: bool, has_date: bool) -> str:
    """Return what an action waits for.

    Returns:
        decide, give_owner, give_date, start, finish, check or nothing.

    Source:
        Our own rule: an owner and a date come before the work.

    """
    if state in CLOSED:
        return "nothing"
    if state == "proposed":
        return "decide"
    if state == "done":
        return "check"
    if not has_owner:
        return "give_owner"
    if not has_date:
        return "give_date"
    return "start" if state == "planned" else "finish"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What an owner is reminded of: in 14 days, in 3 days, or that it is late."""

    stage: str
    due_on: date


def reminder_due(
    *, state: str, due_on: date | None, check_on: date | None, today: date
) -> Reminder | None:
    """Return what the owner should be reminded of today, or None.

    Each stage comes once for each date (the caller keeps what was sent). Whoever was not
    reminded at 14 days, because the job did not run or the date is new, is so later.

    Args:
        state: one of the states; nobody is reminded of what is proposed or closed.
        due_on: when it is to be done.
        check_on: when its effect is to be checked.
        today: this day.

    Source:
        Issue 3, part 2: 14 and 3 days before, and when it is late.

    Example:
        >>> reminder_due(state="planned", due_on=date(2026, 3, 4), check_on=None,
        ...              today=date(2026, 3, 1)).stage
        'soon'

    """
    if state in CLOSED or state == "proposed":
        return None
    limit = check_on if state == "done" else due_on
    if limit is None:
        return None
    left = (limit - today).days
    far, near = REMIND_DAYS
    if left < 0:
        return Reminder("late", limit)
    if left <= near:
        return Reminder("soon", limit)
    return Reminder("ahead", limit) if left <= far else None
