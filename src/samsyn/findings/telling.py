"""Telling: each member's technical contacts get one letter with what is new, never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.findings import telling_selectors as selectors
from samsyn.findings.answer_links import ABOUT, answer_url
from samsyn.findings.letters import letter_compose
from samsyn.findings.models import EventKind, Finding, FindingEvent
from samsyn.findings.telling_selectors import Receiver, Route
from samsyn.messages.models import Kind, new_key
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.models import Organisation

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """An organisation with something to be told, and nobody to tell."""

    organisation: str
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one round of telling did: counts, and whom it could not reach."""

    members: int = 0
    messages: int = 0
    findings: int = 0
    nobody: tuple[Silence, ...] = ()

    def __add__(self, other: Told) -> Told:
        return Told(
            members=self.members + other.members,
            messages=self.messages + other.messages,
            findings=self.findings + other.findings,
            nobody=self.nobody + other.nobody,
        )

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the trail, the command and the job give them."""
        return {
            "members": self.members,
            "messages": self.messages,
            "findings": self.findings,
            "nobody": {silence.organisation: silence.findings for silence in self.nobody},
        }


@command(Permission.MESSAGES_SEND, atomic=False)
def finding_tell(
    *, actor: Actor, operator: Organisation, now: datetime, only_urgent: bool = False
) -> Told:
    """Tell every member what is new to it; run again, it sends nothing again.

    Members that share a finding (one runs a resource for the other) are told in one
    transaction; a kill in between leaves each wholly told or wholly untold.

    Args:
        operator: who writes; only members with an agreement in force are told.
        now: when the letters are written.
        only_urgent: only critical findings, in a letter of their own.

    """
    routes = selectors.route_list(actor=actor, operator=operator, only_urgent=only_urgent)
    told = Told(nobody=silences(routes))
    for group in selectors.route_groups(routes):
        told += members_tell(
            actor=actor,
            operator=operator,
            organisations=_organisations(group),
            routes=group,
            only_urgent=only_urgent,
            now=now,
        )
    return told


def finding_tell_plan(*, actor: Actor, operator: Organisation, only_urgent: bool = False) -> Told:
    """Return what a round of telling would do now, without doing it."""
    routes = selectors.route_list(actor=actor, operator=operator, only_urgent=only_urgent)
    receivers = selectors.receiver_list(actor=actor, routes=routes)
    return Told(
        members=len(receivers),
        messages=sum(len(receiver.contacts) for receiver in receivers),
        findings=sum(route.findings for route in routes if route.receivers),
        nobody=silences(routes),
    )


@command(Permission.MESSAGES_SEND)
def members_tell(
    *,
    actor: Actor,
    operator: Organisation,
    organisations: list[Organisation],  # noqa: ARG001  the gate reads it
    routes: Sequence[Route],
    only_urgent: bool,
    now: datetime,
) -> Told:
    """Write the letters to members that share findings, and note the findings as told.

    Args:
        organisations: owners and receivers; the gate asks for the permission in each.
        routes: one group of ``route_groups``.

    """
    findings = named_findings(actor=actor, routes=routes, only_urgent=only_urgent, lock=True)
    if not findings:  # another worker was faster
        return Told()
    addresses: dict[tuple[int, int | None], list[str]] = {}
    receivers = selectors.receiver_list(actor=actor, routes=routes)
    sent = 0
    for receiver in receivers:
        keys = {route.key for route in routes if receiver.organisation in route.receivers}
        its = [f for f in findings if (f.organisation_id, f.operated_by_id) in keys]
        sent += _write_letters(actor, operator, receiver, its, only_urgent, now)
        for key in keys:
            addresses.setdefault(key, []).extend(c.email for c in receiver.contacts)
    _mark(actor, findings, addresses, now)
    return Told(members=len(receivers), messages=sent, findings=len(findings))


def silences(routes: Sequence[Route]) -> tuple[Silence, ...]:
    """Return the owners that nobody can be told for, with how many findings wait there."""
    waiting: dict[str, int] = {}
    for route in routes:
        if not route.receivers:
            waiting[route.owner.name] = waiting.get(route.owner.name, 0) + route.findings
    return tuple(Silence(organisation=name, findings=n) for name, n in sorted(waiting.items()))


def _organisations(routes: Sequence[Route]) -> list[Organisation]:
    owners = [route.owner for route in routes]
    receivers = [place for route in routes for place in route.receivers]
    return list(dict.fromkeys([*owners, *receivers]))


def named_findings(
    *, actor: Actor, routes: Sequence[Route], only_urgent: bool = False, lock: bool = False
) -> list[Finding]:
    """Return the findings on these routes, with the owner and host that the routes know."""
    findings = selectors.routed_findings(
        actor=actor, routes=routes, only_urgent=only_urgent, lock=lock
    )
    by_key = {route.key: route for route in routes}
    for finding in findings:
        route = by_key[finding.organisation_id, finding.operated_by_id]
        finding.organisation, finding.operated_by = route.owner, route.host
    return findings


def _write_letters(
    actor: Actor,
    operator: Organisation,
    receiver: Receiver,
    findings: list[Finding],
    only_urgent: bool,
    now: datetime,
) -> int:
    if not findings:
        return 0
    organisation = receiver.organisation
    open_total = selectors.open_count(actor=actor, organisation=organisation)
    reply_to = selectors.operator_address(actor=actor, operator=operator)
    for contact in receiver.contacts:
        key = new_key()
        letter = letter_compose(
            receiver=organisation,
            operator=operator,
            findings=findings,
            language=contact.spoken,
            open_total=open_total,
            link_to=partial(answer_url, key),
            now=now,
            is_urgent=only_urgent,
        )
        message_enqueue(
            actor=actor,
            organisation=organisation,
            operator=operator,
            draft=Draft(
                kind=Kind.URGENT if only_urgent else Kind.DIGEST,
                to=contact.email,
                reply_to=reply_to,
                language=letter.language,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
            ),
            about={"type": ABOUT, "ids": [finding.pk for finding in findings]},
            dedupe_key=_same_letter(contact.email, organisation, findings),
            key=key,
            now=now,
        )
    return len(receiver.contacts)


def _same_letter(address: str, organisation: Organisation, findings: Sequence[Finding]) -> str:
    """Return what makes a letter the same: its reader, and each finding in its present life."""
    told = hashlib.sha256(f"{organisation.pk} {address.lower()}".encode())
    for pk, lives in sorted((f.pk, f.reopened_count) for f in findings):
        told.update(f" {pk}.{lives}".encode())
    return f"findings:{told.hexdigest()}"


def _mark(
    actor: Actor,
    findings: Sequence[Finding],
    addresses: dict[tuple[int, int | None], list[str]],
    now: datetime,
) -> None:
    for start in range(0, len(findings), AT_ONCE):
        some = findings[start : start + AT_ONCE]
        rows = Finding.objects.visible_to(actor).filter(pk__in=[f.pk for f in some])
        rows.update(told_at=now)
        FindingEvent.everything.bulk_create(  # scope: of findings found in scope
            FindingEvent(
                finding=finding,
                at=now,
                kind=EventKind.TOLD,
                by=actor.label[:200],
                note=_readers(addresses[finding.organisation_id, finding.operated_by_id]),
            )
            for finding in some
        )


def _readers(addresses: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(addresses))[:1000]
