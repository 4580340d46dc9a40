"""Moving a single turn to another day: the budget is late this year, the next one is as always."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.annual_wheel.making import occurrence_kept, require_ahead
from samsyn.annual_wheel.models import Occurrence
from samsyn.kernel.errors import RuleViolation

YEAR_DAYS = 366


@command(Permission.WHEEL_WORK)
def occurrence_move(
    *,
    actor: Actor,  # noqa: ARG001  the gate reads it
    occurrence: Occurrence,
    due_on: date,
    now: datetime,
    today: date,
    seen: int | None = None,
) -> Occurrence:
    """Move one turn of an activity to another day; the following ones stay where they are.

    In people's calendars the same event moves. The day stays until the activity itself no
    longer comes round in that month.

    Args:
        due_on: the new last day; not before today, nor more than a year away.
        now: when it is moved.
        today: the first day that it can be moved to.
        seen: the version that the reader had; None takes the present one.

    Raises:
        RuleViolation: it is done or skipped already, or the day is past or too far away.
        Conflict: somebody else was faster.

    """
    require_ahead(occurrence)
    if due_on < today:
        raise RuleViolation(_("Choose today or a later day."), field="due_on")
    if (due_on - max(occurrence.due_on, today)).days > YEAR_DAYS:
        raise RuleViolation(_("Choose a day within a year."), field="due_on")
    occurrence.due_on, occurrence.is_moved = due_on, True
    occurrence.opens_on = min(occurrence.opens_on, due_on)
    return occurrence_kept(occurrence, ["due_on", "opens_on", "is_moved"], now, seen)
