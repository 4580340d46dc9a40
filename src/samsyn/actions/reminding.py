"""Reminding owners of what is due: one letter a day at most for each person and organisation.

What was sent is kept (``SentReminder``), so that no date is told of twice: not by a second
run, and not by two workers. A person who serves several organisations gets a letter for
each, so that what belongs to one never stands in another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of
from samsyn.actions.models import Action, ActionState, SentReminder
from samsyn.actions.rules import OPEN, REMIND_DAYS, local_day, reminder_due
from samsyn.actions.selectors import action_list, gone_among, holders_of
from samsyn.kernel.errors import Conflict
from samsyn.messages.models import MessageKind
from samsyn.messages.rules import clean_line, linkless
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import operator_serving

ROWS_MOST = 40
ABOUT = "actions.Action"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAction:
    """One action that a person is reminded of."""

    action: Action
    stage: str  # ahead, soon or late
    due_on: date

    @property
    def is_check(self) -> bool:
        """Whether it is the effect that is to be looked at."""
        return self.action.state == ActionState.DONE

    @property
    def title(self) -> str:
        """What is to be done, without links of whoever wrote it."""
        return linkless(self.action.title)

    @property
    def url(self) -> str:
        """The address in a letter."""
        return f"{settings.BASE_URL}{self.action.get_absolute_url()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a round of reminding came to."""

    letters: int = 0
    actions: int = 0
    nobody: int = 0  # actions without anybody to remind

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the job gives them."""
        return {"letters": self.letters, "actions": self.actions, "nobody": self.nobody}


def owners_remind(*, actor: Actor, now: datetime) -> Reminded:
    """Remind every owner of what is due in 14 or 3 days or late, of each date once."""
    today = local_day(now, settings.DISPLAY_TIME_ZONE)
    todo, nobody = _todo(actor, today)
    senders: dict[int, Organisation] = {}
    letters = actions = 0
    for organisation, person, due in todo.values():
        if organisation.pk not in senders:
            served_by = operator_serving(actor=actor, organisation=organisation)
            senders[organisation.pk] = served_by or organisation
        sender = senders[organisation.pk]
        sent = owner_remind(
            actor=actor, organisation=organisation, operator=sender, person=person, due=due, now=now
        )
        letters, actions = letters + bool(sent), actions + len(sent)
    return Reminded(letters=letters, actions=actions, nobody=nobody)


@command(Permission.MESSAGES_SEND)
def owner_remind(
    *,
    actor: Actor,
    organisation: Organisation,
    operator: Organisation,
    person: Person,
    due: list[DueAction],
    now: datetime,
) -> list[SentReminder]:
    """Write one letter to one owner about the actions of one organisation.

    Args:
        organisation: whose actions they are.
        operator: who writes.
        person: who owns them.
        due: what is due; what the person was told of already is left out.
        now: when it is written.

    """
    fresh = [each for each in due if not _was_told(person, each)]
    if not fresh:
        return []
    sent = [
        SentReminder(
            action=each.action, person=person, stage=each.stage, due_on=each.due_on, sent_at=now
        )
        for each in fresh
    ]
    SentReminder.unscoped.bulk_create(sent)  # scope: on actions found in scope
    draft = letter_about(person=person, organisation=organisation, due=fresh)
    try:
        message_enqueue(
            actor=actor,
            organisation=organisation,
            operator=operator,
            draft=draft,
            about={"type": ABOUT, "ids": [each.action.pk for each in fresh]},
            dedupe_key=_same_letter(person, fresh),
            now=now,
        )
    except Conflict:  # another worker was faster by a hair
        return []
    return sent


def letter_about(*, person: Person, organisation: Organisation, due: list[DueAction]) -> Draft:
    """Return the letter in the person's own language; its subject names no action."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        ordered = sorted(due, key=lambda each: (each.due_on, each.action.priority))
        subject = _subject(organisation, due)
        shown = {
            "subject": subject,
            "person": linkless(person.name.partition(" ")[0]),
            "organisation": linkless(clean_line(organisation.name)),
            "late": [each for each in ordered if each.stage == "late"][:ROWS_MOST],
            "ahead": [each for each in ordered if each.stage != "late"][:ROWS_MOST],
            "count": len(due),
            "list_url": f"{settings.BASE_URL}/actions/?mine=on&state=unclosed",
            "language": person.language,
        }
        return Draft(
            kind=MessageKind.REMINDER,
            to=person.email,
            language=person.language,
            subject=subject,
            text=_tidy(render_to_string("actions/reminder.txt", shown)),
            html=render_to_string("actions/reminder.html", shown),
        )


def _subject(organisation: Organisation, due: list[DueAction]) -> str:
    count, late = len(due), sum(each.stage == "late" for each in due)
    words = ngettext("%d action waits for you", "%d actions wait for you", count) % count
    if late:
        words += ", " + ngettext("%d is late", "%d are late", late) % late
    return clean_line(f"{words} – {organisation.name}")


def _todo(
    actor: Actor, today: date
) -> tuple[dict[tuple[int, int], tuple[Organisation, Person, list[DueAction]]], int]:
    todo: dict[tuple[int, int], tuple[Organisation, Person, list[DueAction]]] = {}
    nobody = 0
    rows = list(_near(actor, today))
    gone = gone_among(actor=actor, actions=rows)
    roles: dict[tuple[int, str], list[Person]] = {}
    may_read = _Readers()
    for action in rows:
        due = _due(action, today)
        if due is None:
            continue
        owners = [] if action.pk in gone else _people(action, roles)
        people = [one for one in owners if may_read(one, action.organisation_id)]
        nobody += not people
        for person in people:
            key = (action.organisation_id, person.pk)
            todo.setdefault(key, (action.organisation, person, []))[2].append(due)
    return todo, nobody


class _Readers:
    """Tells who may see an organisation's actions now: each person is asked of once.

    Whoever works for the operator may own an action and have lost the way to it: by an
    agreement or an assignment that has ended.
    """

    def __init__(self) -> None:
        self.actors: dict[int, Actor] = {}

    def __call__(self, person: Person, organisation_id: int) -> bool:
        actor = self.actors.setdefault(person.pk, actor_of(person))
        return actor.may(Permission.ACTIONS_VIEW, organisation_id)


def _near(actor: Actor, today: date) -> QuerySet[Action]:
    """Return the actions with a date so near that somebody may have to be reminded."""
    until = today + timedelta(days=max(REMIND_DAYS))
    undone = Q(state__in=sorted(OPEN - {"proposed"}), due_on__lte=until)
    return action_list(actor=actor).filter(
        undone | Q(state=ActionState.DONE, effect_due_on__lte=until)
    )


def _due(action: Action, today: date) -> DueAction | None:
    found = reminder_due(
        state=action.state, due_on=action.due_on, check_on=action.effect_due_on, today=today
    )
    return DueAction(action=action, stage=found.stage, due_on=found.due_on) if found else None


def _people(action: Action, roles: dict[tuple[int, str], list[Person]]) -> Iterable[Person]:
    if action.owner_person is not None:
        return [action.owner_person]
    if not action.owner_role:
        return []
    key = (action.organisation_id, action.owner_role)
    if key not in roles:
        roles[key] = holders_of(organisation_id=key[0], role=key[1])
    return roles[key]


def _was_told(person: Person, due: DueAction) -> bool:
    return SentReminder.unscoped.filter(  # scope: of an action found in scope
        action=due.action, person=person, stage=due.stage, due_on=due.due_on
    ).exists()


def _same_letter(person: Person, due: list[DueAction]) -> str:
    told = hashlib.sha256(str(person.pk).encode())
    for each in sorted(f"{d.action.pk} {d.stage} {d.due_on}" for d in due):
        told.update(each.encode())
    return f"actions:{told.hexdigest()}"


def _tidy(text: str) -> str:
    """Return a text without the empty lines that template tags leave."""
    return "\n".join(_lines(text)).strip() + "\n"


def _lines(text: str) -> Iterator[str]:
    was_empty = True
    for line in text.splitlines():
        if line.strip() or not was_empty:
            yield line.rstrip()
        was_empty = not line.strip()
