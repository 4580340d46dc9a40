"""Management's meeting: prepared, held, frozen with the pack that it saw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_rough_room
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.kernel.errors import RuleViolation
from samsyn.reporting.content import agenda_texts
from samsyn.reporting.keeping import check
from samsyn.reporting.models import AgendaItem, Meeting, MeetingState
from samsyn.reporting.packs import content_of
from samsyn.reporting.rules import digest

CHANGEABLE = frozenset(
    {"title", "held_on", "begins_at", "place", "chair", "participants", "preparation", "language"}
)
POINTS_MOST = 40


@command(Permission.REPORTING_LEAD)
def meeting_prepare(
    *, actor: Actor, organisation: Any, title: str, held_on: date, **more: Any
) -> Meeting:
    """Prepare a meeting with the usual agenda, in the meeting's language.

    Args:
        organisation: whose management meets.
        title: what it is called.
        held_on: the day.
        more: begins_at, place, chair, participants (one name a line), preparation, language.

    Raises:
        RuleViolation: something is missing or too long.

    """
    said = {name: value for name, value in more.items() if name in CHANGEABLE}
    require_rough_room(
        "meetings",
        Meeting.unscoped.filter(organisation=organisation),  # scope: a number
    )
    meeting = Meeting(organisation=organisation, title=title.strip(), held_on=held_on, **said)
    meeting.language = said.get("language") or organisation.language
    check(meeting)
    meeting.save()
    AgendaItem.unscoped.bulk_create(  # scope: of the meeting just made
        AgendaItem(
            meeting=meeting, key=text.key, place=place, title=text.title, about=text.about,
            planned_minutes=text.minutes,
        )
        for place, text in enumerate(agenda_texts(meeting.language))
    )  # fmt: skip
    return meeting


@command(Permission.REPORTING_LEAD)
def meeting_change(*, actor: Actor, meeting: Meeting, **values: Any) -> Meeting:
    """Change when, where and who, and the notes from the pre-meeting.

    Raises:
        RuleViolation: it is frozen.

    """
    _require_open(meeting)
    names = sorted(CHANGEABLE & values.keys())
    for name in names:
        setattr(meeting, name, values[name])
    check(meeting)
    keep(meeting, names, state=MeetingState.PREPARED)
    return meeting


@command(Permission.REPORTING_LEAD)
def item_add(
    *, actor: Actor, meeting: Meeting, title: str, about: str = "", planned_minutes: int = 5
) -> AgendaItem:
    """Put a point of one's own at the end of the agenda.

    Raises:
        RuleViolation: the meeting is frozen, or the agenda is full.

    """
    _require_open(meeting)
    place = meeting.items.count()
    if place >= POINTS_MOST:
        raise RuleViolation(_("An agenda holds at most %d points.") % POINTS_MOST)
    item = AgendaItem(
        meeting=meeting, place=place, title=title.strip(), about=about.strip(),
        planned_minutes=planned_minutes,
    )  # fmt: skip
    check(item)
    item.save()
    return item


@command(Permission.REPORTING_LEAD)
def item_write(*, actor: Actor, item: AgendaItem, minutes: str) -> AgendaItem:
    """Write what was said on a point.

    Raises:
        RuleViolation: the meeting is frozen.

    """
    _require_open(item.meeting)
    item.minutes = minutes.strip()
    check(item)
    item.save(update_fields=["minutes"])
    return item


@command(Permission.REPORTING_LEAD)
def meeting_freeze(*, actor: Actor, meeting: Meeting, now: datetime) -> Meeting:
    """Close a meeting that has been held: figures, words, decisions and minutes are frozen.

    Raises:
        RuleViolation: nobody took part, it has not been held, or it is frozen already.
        Conflict: somebody else has changed it meanwhile.

    """
    _require_open(meeting)
    today = timezone.localdate(now)
    if not meeting.names:
        raise RuleViolation(_("Say first who took part."), field="participants")
    if meeting.held_on > today:
        raise RuleViolation(_("It has not been held yet."))
    content = content_of(actor=actor, meeting=meeting, today=today)
    values = {
        "state": MeetingState.FROZEN,
        "pack": content,
        "digest": digest(content),
        "frozen_at": now,
        "frozen_by": actor.label[:200],
    }
    for name, value in values.items():
        setattr(meeting, name, value)
    keep(meeting, values, state=MeetingState.PREPARED)
    return meeting


def _require_open(meeting: Meeting) -> None:
    """Require that a meeting is not frozen, also by somebody else since it was read.

    It is locked until the end of the transaction: what is written while another freezes it is
    in the pack, or refused.
    """
    rows = Meeting.unscoped.select_for_update()  # scope: of one found in scope
    states = rows.filter(pk=meeting.pk).values_list("state", flat=True)
    if meeting.is_frozen or states.first() == MeetingState.FROZEN:
        raise RuleViolation(_("The meeting is frozen; it does not change any more."))
