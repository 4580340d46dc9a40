"""One round of telling: what its letters have in common, and how each of them reads.

What is shown before sending and what is sent is made here, by the same function.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn.access.actor import Actor
from samsyn.findings import telling_selectors as selectors
from samsyn.findings.letters import Letter, LinkTo, letter_compose
from samsyn.findings.mailings import Mailing, contacts_of, key_of, mailings
from samsyn.findings.models import Finding
from samsyn.findings.telling_selectors import Route
from samsyn.organisations.models import Contact, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingRound:
    """What all letters of one round have in common, asked once."""

    operator: Organisation
    reply_to: str
    contacts: Mapping[int, tuple[Contact, ...]]
    open_totals: dict[int, int]
    only_urgent: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter as it would be sent now, and to whom."""

    mailing: Mailing
    letter: Letter


def routes_to(
    *,
    actor: Actor,
    operator: Organisation,
    only_urgent: bool = False,
    only_to: Organisation | None = None,
) -> list[Route]:
    """Return where untold findings go; with ``only_to``, those that this organisation is told."""
    routes = selectors.route_list(actor=actor, operator=operator, only_urgent=only_urgent)
    return [route for route in routes if only_to is None or only_to in route.receivers]


def round_begin(
    *,
    actor: Actor,
    operator: Organisation,
    routes: Sequence[Route],
    only_urgent: bool = False,
    now: datetime,
) -> TellingRound:
    """Return what the letters on these routes have in common."""
    places = list(dict.fromkeys(place for route in routes for place in route.receivers))
    return TellingRound(
        operator=operator,
        reply_to=selectors.operator_address(actor=actor, operator=operator),
        contacts=contacts_of(actor=actor, routes=routes),
        open_totals=selectors.open_totals(actor=actor, receivers=places),
        only_urgent=only_urgent,
        now=now,
    )


def letters_due(
    findings: Sequence[Finding], routes: Sequence[Route], this_round: TellingRound
) -> Iterator[tuple[Mailing, list[Finding]]]:
    """Yield to whom a letter is to be written, and about which findings."""
    for mailing in mailings(routes, this_round.contacts, selectors.had_already(routes)):
        its = [f for f in findings if key_of(f) in mailing.keys and f.pk not in mailing.known]
        if its:
            yield mailing, its


def letter_for(
    mailing: Mailing, findings: Sequence[Finding], this_round: TellingRound, link_to: LinkTo
) -> Letter:
    """Return the letter to one contact."""
    receiver = mailing.receiver
    return letter_compose(
        receiver=receiver,
        operator=this_round.operator,
        findings=findings,
        language=mailing.contact.spoken,
        open_total=this_round.open_totals.get(receiver.pk, len(findings)),
        link_to=link_to,
        now=this_round.now,
        is_urgent=this_round.only_urgent,
    )


def letters_previewed(
    *, actor: Actor, operator: Organisation, receiver: Organisation, now: datetime
) -> list[Preview]:
    """Return the letters to one organisation as they would be sent now.

    The links for answering lead nowhere: there is no letter yet that they could name.
    """
    routes = routes_to(actor=actor, operator=operator, only_to=receiver)
    this_round = round_begin(actor=actor, operator=operator, routes=routes, now=now)
    findings = selectors.routed_findings(routes=routes)
    return [
        Preview(mailing=mailing, letter=letter_for(mailing, its, this_round, _no_link))
        for mailing, its in letters_due(findings, routes, this_round)
        if mailing.receiver == receiver
    ]


def previewed_mark(previews: Sequence[Preview]) -> str:
    """Return a mark that changes whenever a letter, its reader or the number of letters does."""
    seen = hashlib.sha256()
    for each in previews:
        seen.update(repr((each.mailing.mailbox, each.letter)).encode())
    return seen.hexdigest()


def same_letter(address: str, organisation: Organisation, findings: Sequence[Finding]) -> str:
    """Return what makes a letter the same: its reader, and each finding in its present life."""
    told = hashlib.sha256(f"{organisation.pk} {address.lower()}".encode())
    for pk, lives in sorted((f.pk, f.reopened_count) for f in findings):
        told.update(f" {pk}.{lives}".encode())
    return f"findings:{told.hexdigest()}"


def _no_link(_finding: Finding | None) -> str:
    return "#"
