"""Letters that did not arrive: what they told counts as not told, and what to do is shown.

A letter is looked at once when it was refused, given up or sent back, and again if it is
sent after all. It takes back only what it alone has told its organisation of: another
letter to the same one, on its way or delivered, keeps that told.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.db.models import F, Q, QuerySet

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.findings.answer_links import ABOUT
from samsyn.findings.models import Finding, FindingEvent, FindingEventKind
from samsyn.messages.models import LETTERS, NOT_ARRIVED, Message, MessageState

AT_ONCE = 500
logger = logging.getLogger(__name__)
COUNTED = (MessageState.WAITING, MessageState.SENDING, MessageState.SENT, MessageState.KEPT)
T = TypeVar("T")
Life = tuple[int, int | None]  # a finding, and how often it had been reopened


def letters_settle(*, actor: Actor, now: datetime) -> int:
    """Settle each letter of which it is known by now whether it arrived; return how many."""
    with beyond_scope("which letters there are; the gate asks for each"):
        waiting = list(_unsettled().order_by("pk"))
    return sum(_settled(actor, letter, now) for letter in waiting)


def _settled(actor: Actor, letter: Message, now: datetime) -> bool:
    """Settle one letter on its own; what is wrong with it keeps no other waiting."""
    try:
        letter_settle(actor=actor, letter=letter, now=now)
    except Exception:  # logged whole; the others are settled, and this one is tried again
        logger.exception("letter %s could not be settled", letter.pk)
        return False
    return True


def _unsettled() -> QuerySet[Message]:
    rows = Message.unscoped.filter(kind__in=LETTERS)  # scope: the gate asks for each
    return rows.filter(
        Q(state__in=NOT_ARRIVED, undone_at__isnull=True)
        | Q(state=MessageState.SENT, undone_at__isnull=False)
    ).select_related("organisation", "operator")


@command(Permission.MESSAGES_SEND)
def letter_settle(*, actor: Actor, letter: Message, now: datetime) -> Message:
    """Take back what a letter told that did not arrive; or tell it, if it was sent after all."""
    rows = _unsettled().filter(pk=letter.pk)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",))
    with beyond_scope("findings of the letter, which the host's has of other owners"):
        found = rows.first()
        if found is not None:  # else another process was faster
            _settle(actor, letter, found, now)
    return letter


def _settle(actor: Actor, letter: Message, found: Message, now: datetime) -> None:
    if found.state == MessageState.SENT:
        _tell_after_all(actor, found, now)
        letter.undone_at = None
    else:
        _untell(actor, found, now)
        letter.undone_at, letter.dedupe_key = now, f"undone:{letter.key}"
    letter.save(update_fields=["undone_at", "dedupe_key"])


def lives_in(letter: Message) -> list[Life]:
    """Return the findings that a letter tells of, each with how often it had been reopened."""
    ids = list(letter.about.get("ids", ())) if letter.about.get("type") == ABOUT else []
    lives = letter.about.get("lives") or [None] * len(ids)  # letters from before have none
    return list(zip(ids, lives, strict=True))


@beyond_scope("letters to the same organisation, of which only the findings are read")
def lives_counted(
    organisations: Collection[int], *, since: datetime, other_than: int = 0
) -> dict[str, set[Life]]:
    """Return what letters told that arrived or are on their way, by address in small letters."""
    rows = Message.unscoped.filter(  # scope: see above
        organisation__in=organisations, kind__in=LETTERS, state__in=COUNTED, created_at__gte=since
    ).exclude(pk=other_than)
    found: dict[str, set[Life]] = {}
    for letter in rows.only("to", "about").iterator(chunk_size=AT_ONCE):
        found.setdefault(letter.to.lower(), set()).update(lives_in(letter))
    return found


def _untell(actor: Actor, letter: Message, now: datetime) -> None:
    lives = lives_in(letter)
    findings = _told_by(letter, lives)
    if not findings:
        return
    since = min(finding.first_seen_at for finding in findings)
    told = lives_counted([letter.organisation_id], since=since, other_than=letter.pk)
    kept = set[Life]().union(*told.values())
    life = dict(lives)
    alone = [finding for finding in findings if (finding.pk, life[finding.pk]) not in kept]
    for some in _parts(alone):
        rows = Finding.unscoped.filter(pk__in=[f.pk for f in some])  # scope: the letter's own
        rows.update(told_at=None, told_reopened=None)
        _note(actor, some, FindingEventKind.UNDELIVERED, letter.to, now)


def _told_by(letter: Message, lives: Sequence[Life]) -> list[Finding]:
    """Return the findings that count as told by a letter, and were not answered since."""
    return [
        finding
        for finding, life in _findings(lives)
        if finding.told_at is not None
        and (finding.told_at == letter.created_at or finding.told_reopened == life)
        and not (finding.answered_at and finding.answered_at >= letter.created_at)
    ]


def _tell_after_all(actor: Actor, letter: Message, now: datetime) -> None:
    """Count as told what nobody has been told of meanwhile, if it is in the same life."""
    findings = [
        finding
        for finding, life in _findings(lives_in(letter))
        if finding.told_at is None and life in {None, finding.reopened_count}
    ]
    for some in _parts(findings):
        rows = Finding.unscoped.filter(pk__in=[f.pk for f in some])  # scope: the letter's own
        rows.update(told_at=letter.sent_at, told_reopened=F("reopened_count"))
        _note(actor, some, FindingEventKind.TOLD, letter.to, now)


def _findings(lives: Sequence[Life]) -> Iterable[tuple[Finding, int | None]]:
    life = dict(lives)
    for some in _parts(list(life)):
        for finding in Finding.unscoped.filter(pk__in=some):  # scope: the letter's own
            yield finding, life[finding.pk]


def _note(
    actor: Actor, findings: Sequence[Finding], kind: FindingEventKind, note: str, now: datetime
) -> None:
    FindingEvent.unscoped.bulk_create(  # scope: the letter's own
        FindingEvent(finding=finding, at=now, kind=kind, by=actor.label[:200], note=note[:1000])
        for finding in findings
    )


def _parts(things: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]
