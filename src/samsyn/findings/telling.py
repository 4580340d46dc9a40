"""Telling: each member's technical contacts get one letter with what is new, never twice."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.findings import telling_selectors as selectors
from samsyn.findings.answer_links import ABOUT, answer_url
from samsyn.findings.mailings import Mailing, key_of
from samsyn.findings.models import Finding, FindingEvent, FindingEventKind
from samsyn.findings.telling_rounds import (
    TellingRound,
    letter_for,
    letters_due,
    round_begin,
    routes_to,
    same_letter,
)
from samsyn.findings.telling_selectors import Route
from samsyn.kernel.errors import SamsynError
from samsyn.messages.models import MessageKind, new_key
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.models import Organisation

logger = logging.getLogger(__name__)
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """An organisation with something to be told, and nobody to tell."""

    organisation: str
    findings: int
    pk: int
    is_refused: bool = False  # it has addresses, and none of them takes mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Members that share findings and could not be told, and why."""

    organisations: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingResult:
    """What one round of telling did: counts, and who could not be told."""

    members: int = 0
    messages: int = 0
    findings: int = 0
    nobody: tuple[Silence, ...] = ()
    failed: tuple[Failure, ...] = ()

    def __add__(self, other: TellingResult) -> TellingResult:
        return TellingResult(
            members=self.members + other.members,
            messages=self.messages + other.messages,
            findings=self.findings + other.findings,
            nobody=self.nobody + other.nobody,
            failed=self.failed + other.failed,
        )

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the trail, the command and the job give them."""
        return {
            "members": self.members,
            "messages": self.messages,
            "findings": self.findings,
            "nobody": {silence.organisation: silence.findings for silence in self.nobody},
            "failed": {name: f.reason for f in self.failed for name in f.organisations},
        }


@command(Permission.MESSAGES_SEND, atomic=False)
def finding_tell(
    *,
    actor: Actor,
    operator: Organisation,
    now: datetime,
    only_urgent: bool = False,
    only_to: Organisation | None = None,
) -> TellingResult:
    """Tell every member what is new to it; run again, it sends nothing again.

    Members that share a finding (one runs a resource for the other) are told in one
    transaction; a kill in between leaves each wholly told or wholly untold. What fails for
    one address does not keep the others from being told; the result names it. What nobody could
    be told stays untold.

    Args:
        operator: who writes; only members with an agreement in force are told.
        now: when the letters are written.
        only_urgent: only critical findings, in a letter of their own.
        only_to: one member; with it are told those that share its findings, of these.

    """
    routes = routes_to(actor=actor, operator=operator, only_urgent=only_urgent, only_to=only_to)
    told = TellingResult(nobody=silences(routes))
    if not any(route.receivers for route in routes):
        return told
    actor.organisation_ids(Permission.MESSAGES_SEND)  # asked once, not for every letter
    this_round = round_begin(
        actor=actor, operator=operator, routes=routes, only_urgent=only_urgent, now=now
    )
    for group in selectors.route_groups(routes):
        told += _group_tell(actor, group, this_round)
    return told


def _group_tell(actor: Actor, group: Sequence[Route], this_round: TellingRound) -> TellingResult:
    """Tell one group on its own: a failure rolls back its letters only."""
    places = _organisations(group)
    try:
        return members_tell(actor=actor, organisations=places, routes=group, this_round=this_round)
    except Exception as error:  # noqa: BLE001  what is wrong with one group keeps no other waiting
        reason = _reason(error)
    receivers = dict.fromkeys(place.name for route in group for place in route.receivers)
    return TellingResult(failed=(Failure(organisations=tuple(receivers), reason=reason),))


def _reason(error: Exception) -> str:
    """Return why a letter could not be written, in words; the log keeps what nobody foresaw."""
    if isinstance(error, SamsynError):
        return str(error)
    logger.error("A letter could not be written.", exc_info=error)
    return _("Something went wrong. The server's log says what.")


def finding_tell_plan(
    *, actor: Actor, operator: Organisation, only_urgent: bool = False
) -> TellingResult:
    """Return what a round of telling would do now, without doing it."""
    routes = selectors.route_list(actor=actor, operator=operator, only_urgent=only_urgent)
    receivers = selectors.receiver_list(actor=actor, routes=routes)
    return TellingResult(
        members=len(receivers),
        messages=sum(len(receiver.contacts) for receiver in receivers),
        findings=sum(r.findings for r in routes if r.receivers and not r.is_refused),
        nobody=silences(routes),
    )


@command(Permission.MESSAGES_SEND)
def members_tell(
    *,
    actor: Actor,
    organisations: list[Organisation],  # noqa: ARG001  the gate reads it
    routes: Sequence[Route],
    this_round: TellingRound,
) -> TellingResult:
    """Write the letters to members that share findings, and note the findings as told.

    Args:
        organisations: owners and receivers; the gate asks for the permission in each.
        routes: one group of ``route_groups``.
        this_round: what it shares with the other groups.

    """
    findings = selectors.routed_findings(
        routes=routes, only_urgent=this_round.only_urgent, lock=True
    )
    if not findings:  # another worker was faster
        return TellingResult()
    written, told = _write_letters(actor, findings, routes, this_round)
    refused = {route.key for route in routes if route.is_refused}
    written_of = [finding for finding in findings if finding.pk in written]
    reached = [finding for finding in written_of if key_of(finding) not in refused]
    _mark(actor, reached, written, this_round.now)
    _pass_over(actor, [f for f in written_of if key_of(f) in refused], this_round.now)
    return told + TellingResult(findings=len(reached))


def silences(routes: Sequence[Route]) -> tuple[Silence, ...]:
    """Return the owners that nobody can be told for, with how many findings wait there."""
    waiting: dict[Organisation, int] = {}
    refused = {route.owner for route in routes if route.is_refused}
    for route in routes:
        if not route.receivers or route.is_refused:
            waiting[route.owner] = waiting.get(route.owner, 0) + route.findings
    return tuple(
        Silence(organisation=owner.name, findings=n, pk=owner.pk, is_refused=owner in refused)
        for owner, n in sorted(waiting.items(), key=lambda each: each[0].name)
    )


def _organisations(routes: Sequence[Route]) -> list[Organisation]:
    owners = [route.owner for route in routes]
    receivers = [place for route in routes for place in route.receivers]
    return list(dict.fromkeys([*owners, *receivers]))


def _write_letters(
    actor: Actor, findings: list[Finding], routes: Sequence[Route], this_round: TellingRound
) -> tuple[dict[int, list[str]], TellingResult]:
    """Write to each contact on its own; return who was written to about each, and what failed."""
    written: dict[int, list[str]] = {}
    receivers: set[Organisation] = set()
    problems: dict[Organisation, list[str]] = {}
    messages = 0
    for mailing, its in letters_due(findings, routes, this_round):
        address = mailing.contact.email
        try:
            with transaction.atomic():
                _write_letter(actor, mailing, its, this_round)
        except Exception as error:  # noqa: BLE001  what is wrong with one address keeps no other waiting
            problems.setdefault(mailing.receiver, []).append(f"{address}: {_reason(error)}")
            continue
        messages += 1
        receivers.add(mailing.receiver)
        for finding in its:
            written.setdefault(finding.pk, []).append(address)
    return written, TellingResult(
        members=len(receivers), messages=messages, failed=_failures(problems)
    )


def _failures(problems: dict[Organisation, list[str]]) -> tuple[Failure, ...]:
    return tuple(
        Failure(organisations=(place.name,), reason=" ".join(said))
        for place, said in problems.items()
    )


def _write_letter(
    actor: Actor, mailing: Mailing, findings: list[Finding], this_round: TellingRound
) -> None:
    key, address = new_key(), mailing.contact.email
    letter = letter_for(mailing, findings, this_round, partial(answer_url, key))
    message_enqueue(
        actor=actor,
        organisation=mailing.receiver,
        operator=this_round.operator,
        draft=Draft(
            kind=MessageKind.URGENT if this_round.only_urgent else MessageKind.DIGEST,
            to=address,
            reply_to=this_round.reply_to,
            language=letter.language,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            file_name=letter.file_name,
            file_text=letter.file_text,
        ),
        about={
            "type": ABOUT,
            "ids": [finding.pk for finding in findings],
            "lives": [finding.reopened_count for finding in findings],
        },
        dedupe_key=same_letter(address, mailing.receiver, findings),
        key=key,
        now=this_round.now,
    )


def _mark(
    actor: Actor,
    findings: Sequence[Finding],
    written: dict[int, list[str]],
    now: datetime,
) -> None:
    for start in range(0, len(findings), AT_ONCE):
        some = findings[start : start + AT_ONCE]
        pks = [f.pk for f in some]
        rows = Finding.unscoped.filter(pk__in=pks)  # scope: on routes found in scope
        rows.update(told_at=now, told_reopened=F("reopened_count"))
        FindingEvent.unscoped.bulk_create(  # scope: on routes found in scope
            FindingEvent(
                finding=finding,
                at=now,
                kind=FindingEventKind.TOLD,
                by=actor.label[:200],
                note=_readers(written[finding.pk]),
            )
            for finding in some
        )


def _pass_over(actor: Actor, findings: Sequence[Finding], now: datetime) -> None:
    """Note that only others than the owner got the letter: it takes no mail, and is not told."""
    FindingEvent.unscoped.bulk_create(  # scope: on routes found in scope
        FindingEvent(
            finding=finding,
            at=now,
            kind=FindingEventKind.UNDELIVERED,
            by=actor.label[:200],
            note=finding.organisation.name,
        )
        for finding in findings
    )


def _readers(addresses: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(addresses))[:1000]
