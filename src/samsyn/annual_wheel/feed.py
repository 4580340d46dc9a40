"""A person's year as iCalendar (RFC 5545), for the calendars that subscribe to it.

All-day events, so that no clock change moves them. An event keeps its UID for good; its
SEQUENCE grows with every change. What is skipped or has fallen away is sent as cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Calendar, Event, vDuration, vText

from samsyn.access.actor import Actor
from samsyn.annual_wheel.dues import Due, dues_of, kind_words
from samsyn.annual_wheel.models import Occurrence, OccurrenceState
from samsyn.annual_wheel.selectors import feed_rows
from samsyn.kernel.texts import one_line
from samsyn.ui.moments import day_text

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
ROWS_MOST = 1500  # a virtual CISO of forty organisations has them in a second and a half
AGAIN = timedelta(hours=6)
CANCELLED = frozenset({OccurrenceState.SKIPPED, OccurrenceState.REMOVED})


def feed_address(secret: str) -> str:
    """Return the whole address of a feed."""
    return f"{settings.BASE_URL}{reverse('wheel:feed', args=[secret])}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A calendar, and the organisations whose year is in it."""

    text: str
    organisations: frozenset[int]


def feed_of(*, actor: Actor, today: date, is_own_only: bool) -> Sent:
    """Return what an actor sees of the year as iCalendar.

    Args:
        actor: sees what is theirs, or all that they may see.
        today: three months before it and thirteen after it are sent.
        is_own_only: only what is theirs, as a person or by role.

    """
    since, until = today - BACK, today + AHEAD
    calendar = Calendar()
    calendar.add("prodid", "-//Samsyn//Annual wheel//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("The year of security work"))
    calendar.add("refresh-interval", vDuration(AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(AGAIN))
    rows = feed_rows(actor=actor, since=since, until=until, is_own_only=is_own_only)
    owners = set()
    for turn in rows[:ROWS_MOST]:
        owners.add(turn.organisation_id)
        calendar.add_component(_turn(turn))
    words = kind_words()
    for due in dues_of(actor=actor, since=since, until=until, is_own_only=is_own_only):
        owners.add(due.organisation_id)
        calendar.add_component(_due(due, words[due.kind], today))
    return Sent(text=str(calendar.to_ical().decode()), organisations=frozenset(owners))


def _turn(turn: Occurrence) -> Event:
    activity = turn.activity
    event = _event(
        uid=f"{turn.uid}@samsyn", on=turn.due_on, at=turn.changed_at, sequence=turn.version - 1
    )
    done = f"✓ {activity.title}" if turn.state == OccurrenceState.DONE else activity.title
    event.add("summary", one_line(done))
    event.add("status", "CANCELLED" if turn.state in CANCELLED else "CONFIRMED")
    lines = _lines(
        _("From %(first)s to %(last)s")
        % {"first": day_text(turn.opens_on), "last": day_text(turn.due_on)},
        activity.output,
        activity.legal_ground,
        turn.organisation.name,
    )
    event.add("description", lines)
    event.add("url", f"{settings.BASE_URL}{turn.get_absolute_url()}")
    event.add("categories", [vText(pgettext("calendar", "Annual wheel"))])
    return event


def _due(due: Due, word: str, today: date) -> Event:
    """Return something of another room."""
    at = datetime.combine(today, time.min, tzinfo=UTC)
    event = _event(uid=f"{due.uid}@samsyn", on=due.on, at=at, sequence=due.revision)
    event.add("summary", one_line(f"{due.title} ({word})"))
    event.add("status", "CONFIRMED")
    event.add("description", _lines(due.who, due.organisation))
    event.add("url", f"{settings.BASE_URL}{due.url}")
    return event


def _lines(*lines: str) -> str:
    """Return what is said as lines that every calendar ends where we do."""
    return "\n".join(one_line(line) for line in lines if line)


def _event(*, uid: str, on: date, at: datetime, sequence: int) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("sequence", sequence)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
