"""When the activities of a year are due: months and windows, working days, late or done."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

MONTHS = tuple(range(1, 13))
MONTHLY, QUARTERLY, YEARLY = "monthly", "quarterly", "yearly"
SATURDAY = 5
# Days that are no holidays in law but on which nobody works, such as Swedish Midsummer Eve.
KINDS_OF_HOLIDAY = ("public", "de_facto")
AHEAD, OPEN, LATE, DONE, SKIPPED, REMOVED = "ahead", "open", "late", "done", "skipped", "removed"
SETTLED = frozenset({DONE, SKIPPED})
MONTHS_AHEAD = 18
MONTHS_AT_BEGIN = 12
YEAR_DAYS = 365  # what indicators look back over (issue 3, part 5)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A turn of an activity: the month that it belongs to, and its window."""

    month: date  # the first day of the month
    opens_on: date
    due_on: date


def months_of(frequency: str, months: Collection[int]) -> tuple[int, ...]:
    """Return the months in which an activity is due.

    Args:
        frequency: monthly, quarterly or yearly.
        months: 1 to 12; none for a monthly activity means all.

    Raises:
        ValueError: a month is none, a quarterly activity is not due once in each quarter,
            or a yearly one has no month.

    Source:
        issue 3, part 3: templates monthly, quarterly, yearly.

    """
    chosen = tuple(sorted(set(months)))
    if any(month not in MONTHS for month in chosen):
        raise ValueError("months are 1 to 12")
    if frequency == MONTHLY:
        return chosen or MONTHS
    if frequency == QUARTERLY and [quarter_of(month) for month in chosen] != [1, 2, 3, 4]:
        raise ValueError("one month in each quarter")
    if not chosen:
        raise ValueError("at least one month")
    return chosen


def quarter_of(month: int) -> int:
    """Return the quarter, 1 to 4, that a month is in.

    Source:
        the calendar year.

    """
    return (month - 1) // 3 + 1


def slot_in(
    month: date, *, from_day: int, to_day: int, country: str = "", is_shifted: bool = False
) -> Slot:
    """Return the window of an activity in a month.

    Args:
        month: any day of the month.
        from_day: the first day of the window, 1 to 31.
        to_day: the last; one that the month lacks, such as 30 February, is its last day.
        country: two letters, whose holidays count.
        is_shifted: move the last day to a working day.

    Source:
        issue 3, part 3: window, shift to working days by country's holidays; 29 February.

    """
    first = month.replace(day=1)
    last = calendar.monthrange(first.year, first.month)[1]
    due_on = first.replace(day=min(to_day, last))
    if is_shifted:
        due_on = working_day(due_on, country=country)
    opens_on = first.replace(day=min(from_day, last))
    return Slot(month=first, opens_on=min(opens_on, due_on), due_on=due_on)


def working_day(day: date, *, country: str) -> date:
    """Return the day if it is worked on, else the next in its month, else the last before it.

    So that what belongs to a month is due in that month.

    Args:
        day: the wanted day.
        country: two letters; one whose holidays nobody knows has only weekends.

    Source:
        issue 3, part 3: shift to working days by country's holidays.

    """
    for step in (1, -1):
        found = day
        while not is_working(found, country=country):
            found += timedelta(days=step)
        if found.month == day.month:
            return found
    return day


def is_working(day: date, *, country: str) -> bool:
    """Return whether people work on that day in a country.

    Source:
        the package ``holidays``: public days, and those that are kept in practice.

    """
    return day.weekday() < SATURDAY and day not in _holidays(country.upper(), day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        known = country_holidays(country)
    except NotImplementedError:  # how the package says that it does not know a country
        return frozenset()
    kinds = [kind for kind in KINDS_OF_HOLIDAY if kind in known.supported_categories]
    return frozenset(country_holidays(country, years=year, categories=tuple(kinds) or None))


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of every month from the month of one day to that of another.

    Source:
        the calendar.

    """
    count = (last.year - first.year) * 12 + last.month - first.month
    return [month_later(first, n) for n in range(count + 1)]


def month_later(day: date, months: int) -> date:
    """Return the first day of the month that is so many months after that of ``day``.

    Source:
        the calendar.

    """
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def turn_of(frequency: str, months: Collection[int], month: date) -> str:
    """Return the turn that a month stands for: within one, an activity is done once.

    A yearly activity with a single month turns with the year, a quarterly one with the
    quarter; all others with the month.

    Source:
        issue 3, part 3: an activity that moves to another month is not done twice.

    """
    if frequency == YEARLY and len(months) == 1:
        return f"{month.year}"
    if frequency == QUARTERLY:
        return f"{month.year}-Q{quarter_of(month.month)}"
    return f"{month.year}-{month.month:02d}"


def slots_wanted(
    *,
    frequency: str,
    months: Collection[int],
    from_day: int,
    to_day: int,
    country: str,
    is_shifted: bool,
    since: date,
    until: date,
    settled: Collection[date] = (),
) -> list[Slot]:
    """Return the turns of an activity that are due from one day on, to the end of a month.

    Args:
        frequency: monthly, quarterly or yearly.
        months: in which it is due.
        from_day: the first day of the window.
        to_day: the last.
        country: two letters, whose holidays count.
        is_shifted: move the last day to a working day.
        since: what was due before this day is not made any more.
        until: a day in the last month.
        settled: the months of what is done or skipped; their turns are not made again.

    Source:
        issue 3, part 3.

    """
    due = months_of(frequency, months)
    over = {turn_of(frequency, due, month) for month in settled}
    slots = [
        slot_in(month, from_day=from_day, to_day=to_day, country=country, is_shifted=is_shifted)
        for month in months_between(since, until)
        if month.month in due and turn_of(frequency, due, month) not in over
    ]
    return [slot for slot in slots if slot.due_on >= since]


def paired(
    kept: Collection[date], wanted: Iterable[Slot]
) -> tuple[list[tuple[date, Slot]], list[Slot], list[date]]:
    """Return which coming turn moves where, which are new, and which fall away.

    A turn stays in its month if that is still wanted; the others move in their order, so that
    in a person's calendar the same event moves and is not replaced by another.

    Args:
        kept: the months of the coming turns that exist.
        wanted: the turns as they shall be.

    Source:
        RFC 5545, 3.8.4.7: a UID is kept when an event changes.

    """
    by_month = {slot.month: slot for slot in wanted}
    moves = [(month, by_month[month]) for month in sorted(kept) if month in by_month]
    free = [month for month in sorted(kept) if month not in by_month]
    new = [slot for month, slot in sorted(by_month.items()) if month not in set(kept)]
    moves += list(zip(free, new, strict=False))
    return moves, new[len(free) :], free[len(new) :]


def standing_of(*, state: str, opens_on: date, due_on: date, today: date) -> str:
    """Return how a turn stands on a day: ahead, open, late, done, skipped or removed.

    Source:
        product.md, The spine; issue 3, part 3: what is done, late, ahead.

    """
    if state != AHEAD:
        return state
    if due_on < today:
        return LATE
    return OPEN if opens_on <= today else AHEAD


def is_on_time(*, state: str, due_on: date, done_on: date | None) -> bool | None:
    """Return whether a turn that was due was done by its day; None where that is not asked.

    What was skipped with a reason is neither on time nor late: it has its own figure.

    Args:
        state: ahead, done, skipped or removed.
        due_on: the last day of its window.
        done_on: the day it was done, if it was.

    Source:
        Our own rule, from issue 3, part 5: activities on time.

    """
    if state in {SKIPPED, REMOVED}:
        return None
    return state == DONE and done_on is not None and done_on <= due_on
