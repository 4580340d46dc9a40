"""The calendar: what is due on each day of a month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.actions.board import address_of
from samsyn.actions.decision_selectors import decisions_running_out
from samsyn.actions.models import ActionState
from samsyn.actions.selectors import UNCLOSED_WORD, action_list
from samsyn.actions.wording import date_of, is_late
from samsyn.kernel.periods import Period

SHOWN_MOST = 4
READ_MOST = 500
DAYS = 7
FIRST_YEAR, LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarItem:
    """Something on a day: its kind is due, check or runs_out."""

    kind: str
    word: str
    title: str
    who: str
    url: str
    is_late: bool
    owner_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the month's grid."""

    on: date
    is_inside: bool
    is_today: bool
    items: tuple[CalendarItem, ...]
    more: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month as weeks from Monday, with the ways to its neighbours."""

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[int, tuple[Day, ...]], ...]  # number of the week, its days
    before: str
    after: str
    is_empty: bool

    @property
    def items(self) -> list[CalendarItem]:
        """All that is shown."""
        return [item for _number, days in self.weeks for day in days for item in day.items]


def month_asked(text: str, *, today: date) -> Period:
    """Return the month that an address names; anything else is this month."""
    try:
        period = Period.read(text)
    except ValueError:
        return Period.month_of(today)
    if period.months != 1 or not FIRST_YEAR <= period.begins_on.year <= LAST_YEAR:
        return Period.month_of(today)
    return period


def month_of(*, actor: Actor, period: Period, **filters: Any) -> Month:
    """Return what is due in a month: work, effect checks, and decisions that run out."""
    weeks = calendar.Calendar().monthdatescalendar(period.begins_on.year, period.begins_on.month)
    first, last = weeks[0][0], weeks[-1][-1]
    items = _items(actor, first, last, filters)
    today = timezone.localdate()
    return Month(
        title=formats.date_format(period.begins_on, "YEAR_MONTH_FORMAT"),
        weekdays=tuple(formats.date_format(day, "D") for day in weeks[0]),
        weeks=tuple(
            (
                week[0].isocalendar().week,
                tuple(_day(day, period, today, items.get(day, []), filters) for day in week),
            )
            for week in weeks
        ),
        before=str(period.before),
        after=str(period.after),
        is_empty=not items,
    )


def _items(
    actor: Actor, first: date, last: date, filters: dict[str, Any]
) -> dict[date, list[CalendarItem]]:
    found: dict[date, list[CalendarItem]] = {}
    rows = action_list(
        actor=actor,
        state=UNCLOSED_WORD,
        due_after=first,
        due_before=last + timedelta(days=1),
        **filters,
    ).order_by("priority", "pk")
    rows = rows.defer("why", "how", "effect_note", "effect_question", "source_text")
    today = timezone.localdate()
    for action in rows[:READ_MOST]:
        is_check = action.state == ActionState.DONE
        item = CalendarItem(
            kind="check" if is_check else "due",
            word=_("effect check") if is_check else _("due"),
            title=action.title,
            who=action.owner_name,
            url=action.get_absolute_url(),
            is_late=is_late(action, today),
            owner_id=action.owner_id,
        )
        found.setdefault(date_of(action) or first, []).append(item)
    if not filters.get("owner") and not filters.get("area"):
        _add_decisions(found, actor, first, last, filters.get("organisation"))
    return found


def _add_decisions(
    found: dict[date, list[CalendarItem]],
    actor: Actor,
    first: date,
    last: date,
    organisation: int | None,
) -> None:
    rows = decisions_running_out(actor=actor, since=first, until=last, organisation=organisation)
    for decision in rows[:READ_MOST]:
        item = CalendarItem(
            kind="runs_out",
            word=_("runs out"),
            title=decision.title,
            who=decision.decided_by,
            url=decision.get_absolute_url(),
            is_late=False,
            owner_id=decision.owner_id,
        )
        found.setdefault(decision.valid_until or first, []).append(item)


def _day(
    day: date, period: Period, today: date, items: list[CalendarItem], filters: dict[str, Any]
) -> Day:
    query = address_of(filters)
    query |= {
        "state": UNCLOSED_WORD,
        "due_after": day.isoformat(),
        "due_before": (day + timedelta(days=1)).isoformat(),
    }
    return Day(
        on=day,
        is_inside=day.month == period.begins_on.month,
        is_today=day == today,
        items=tuple(items[:SHOWN_MOST]),
        more=max(0, len(items) - SHOWN_MOST),
        url=f"{reverse('actions:list')}?{urlencode(query)}",
    )
