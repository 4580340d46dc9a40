"""The wheel of an organisation's year and the year as a table, from what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.access.actor import Actor
from samsyn.access.letters import as_read
from samsyn.annual_wheel.circle import WheelDot, WheelMark, WheelWords, wheel_svg
from samsyn.annual_wheel.dues import Due, dues_of, kind_words
from samsyn.annual_wheel.models import ActivityFrequency, Occurrence, PlanningMark
from samsyn.annual_wheel.rules import DONE, LATE, OPEN, SKIPPED
from samsyn.annual_wheel.selectors import mark_list, year_of
from samsyn.annual_wheel.wording import STANDING, month_names, sign_html, standing
from samsyn.organisations.models import Organisation
from samsyn.ui.charts import WEB, Palette
from samsyn.ui.moments import day_text

SOON = timedelta(days=30)
FIRST_YEAR, LAST_YEAR = 2000, 2200
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelItem:
    """One line of the list beside the wheel."""

    on: date
    title: str
    who: str
    url: str
    state: str
    sign: SafeString
    word: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """All that an organisation's year holds."""

    organisation: Organisation
    year: int
    today: date
    turns: list[Occurrence]
    dues: list[Due]
    marks: list[PlanningMark]


def year_asked(text: str, *, today: date) -> int:
    """Return the year that an address names; anything else is this year."""
    is_year = text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR))
    return int(text) if is_year and FIRST_YEAR <= int(text) <= LAST_YEAR else today.year


def year_read(*, actor: Actor, organisation: Organisation, year: int, today: date) -> Year:
    """Read the year of an organisation: its turns, what other rooms have due, its marks."""
    return Year(
        organisation=organisation,
        year=year,
        today=today,
        turns=year_of(actor=actor, organisation=organisation.pk, year=year, today=today),
        dues=dues_of(
            actor=actor,
            since=date(year, 1, 1),
            until=date(year, 12, 31),
            organisation=organisation.pk,
        ),
        marks=list(mark_list(actor=actor, organisation=organisation.pk)),
    )


def wheel_content(*, found: Year) -> dict[str, Any]:
    """Return what the page of the wheel shows."""
    items = items_of(found)
    soon = found.today + SOON
    is_this_year = found.year == found.today.year
    current = [
        i
        for i in items
        if i.state in {LATE, OPEN} or (i.state == OTHER and found.today <= i.on <= soon)
    ]
    return {
        "organisation": found.organisation,
        "year": found.year,
        "drawing": drawing(found),
        "sentence": sentence(found),
        "current": current if is_this_year else [],
        "next": _next(items, found) if is_this_year else [],
        "months": _by_month(items),
        "legend": legend(),
        "marks": [(mark, mark_words(mark)) for mark in found.marks],
        "before_url": year_url("wheel:wheel", found.organisation.pk, found.year - 1),
        "after_url": year_url("wheel:wheel", found.organisation.pk, found.year + 1),
    }


def year_url(name: str, organisation: int, year: int) -> str:
    """Return the address of an organisation's year."""
    return f"{reverse(name)}?{urlencode({'organisation': organisation, 'year': year})}"


def items_of(found: Year) -> list[WheelItem]:
    """Return all that the year holds as lines, the first due first."""
    words = kind_words()
    lines = [_turn(turn, found.today) for turn in found.turns]
    lines += [_due(due, words[due.kind], found.today) for due in found.dues]
    return sorted(lines, key=lambda item: (item.on, item.title))


def _due(due: Due, word: str, today: date) -> WheelItem:
    state = LATE if due.is_late(today) else OTHER
    return WheelItem(
        on=due.on,
        title=due.title,
        who=due.who,
        url=due.url,
        state=state,
        sign=sign_html(state),
        word=f"{word}, {str(STANDING[LATE][0]).lower()}" if state == LATE else word,
        day=day_text(due.on),
    )


def _turn(turn: Occurrence, today: date) -> WheelItem:
    state = standing(turn, today)
    return WheelItem(
        on=turn.due_on,
        title=turn.activity.title,
        who=turn.activity.owner_name,
        url=turn.get_absolute_url(),
        state=state,
        sign=sign_html(state),
        word=str(STANDING[state][0]),
        day=day_text(turn.due_on),
    )


def _next(items: list[WheelItem], found: Year) -> list[WheelItem]:
    soon = found.today + SOON
    return [i for i in items if i.state == "ahead" and i.on <= soon]


def _by_month(items: list[WheelItem]) -> list[tuple[str, list[WheelItem]]]:
    names = month_names("F")
    found = [(names[n - 1], [i for i in items if i.on.month == n]) for n in range(1, 13)]
    return [(name, inside) for name, inside in found if inside]


def sentence(found: Year) -> str:
    """Return the state of the year in a sentence."""
    states = [standing(turn, found.today) for turn in found.turns]
    late = states.count(LATE) + sum(due.is_late(found.today) for due in found.dues)
    said = ngettext(
        "%(done)d of %(total)d activity is done.",
        "%(done)d of %(total)d activities are done.",
        len(states),
    ) % {"done": states.count(DONE), "total": len(states)}
    if skipped := states.count(SKIPPED):
        said += " " + ngettext("%d is skipped.", "%d are skipped.", skipped) % skipped
    if not late:
        return said + " " + _("Nothing is late.")
    return said + " " + ngettext("%d thing is late.", "%d things are late.", late) % late


def legend() -> list[tuple[SafeString, Any]]:
    """Return the signs of the wheel and what they mean."""
    others = (OTHER, _("due elsewhere: actions, decisions, promises"))
    return [(sign_html(state), text) for state, (text, _tone) in STANDING.items()] + [
        (sign_html(others[0]), others[1])
    ]


def mark_words(mark: PlanningMark) -> str:
    """Return the months of a mark."""
    names = month_names("F")
    first, last = names[mark.from_month - 1], names[mark.to_month - 1]
    return first if mark.from_month == mark.to_month else f"{first}–{last}"


def drawing(found: Year, palette: Palette = WEB) -> SafeString:
    """Return the wheel as SVG."""
    done = sum(turn.state == DONE for turn in found.turns)
    drawn = wheel_svg(
        _dots(found),
        year=found.year,
        words=WheelWords(
            months=month_names(),
            quarter=pgettext("quarter", "Q%d"),
            today=_("today, %s") % day_text(found.today),
            several=_("%d things"),
            middle=str(found.year),
            below=_("%(done)d of %(total)d done") % {"done": done, "total": len(found.turns)},
        ),
        marks=[
            WheelMark(from_month=m.from_month, to_month=m.to_month, name=m.title)
            for m in found.marks
        ],
        today=found.today,
        several_url=partial(_several_url, found),
        title=_("The year %(year)d of %(name)s")
        % {"year": found.year, "name": found.organisation.name},
        description=sentence(found),
        palette=palette,
    )
    return mark_safe(drawn)  # noqa: S308  the drawing escapes its texts


def _several_url(found: Year, ring: str, first: date, last: date) -> str:
    """Return where several things on one spot lead: to just these, or to the year's months."""
    query: dict[str, Any] = {"organisation": found.organisation.pk}
    if ring == OTHER:
        return f"{reverse('wheel:year')}?{urlencode({**query, 'year': found.year})}"
    query |= {"frequency": ring, "due_after": first.isoformat(), "due_until": last.isoformat()}
    return f"{reverse('wheel:list')}?{urlencode(query)}"


def _dots(found: Year) -> list[WheelDot]:
    words = kind_words()
    dots = []
    for turn in found.turns:
        state = standing(turn, found.today)
        told = f"{turn.activity.title}, {day_text(turn.due_on)}: {STANDING[state][0]}"
        dots.append(
            WheelDot(
                on=turn.due_on,
                ring=turn.activity.frequency,
                state=state,
                text=told,
                url=turn.get_absolute_url(),
            )
        )
    for due in found.dues:
        text = f"{due.title}, {day_text(due.on)}: {words[due.kind]}"
        state = LATE if due.is_late(found.today) else OTHER
        dots.append(WheelDot(on=due.on, ring=OTHER, state=state, text=text, url=due.url))
    return dots


def table_of(found: Year) -> list[tuple[str, list[tuple[Any, list[list[WheelItem]]]]]]:
    """Return the year as a table: activities in groups, with their turns in twelve months."""
    rows: dict[int, tuple[Any, list[list[WheelItem]]]] = {}
    for turn in found.turns:
        row = rows.setdefault(turn.activity_id, (turn.activity, [[] for _n in range(12)]))
        row[1][turn.due_on.month - 1].append(_turn(turn, found.today))
    ordered = sorted(rows.values(), key=lambda row: as_read(row[0].title))
    return [
        (str(frequency.label), inside)
        for frequency in ActivityFrequency
        if (inside := [row for row in ordered if row[0].frequency == frequency])
    ]
