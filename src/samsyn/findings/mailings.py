"""Who reads the letters: the contacts that take mail, and what each mailbox is told of.

A mailbox gets one letter about a finding, also when owner and host share it, and nothing
that a letter has already brought it. An address that sent a letter back gets no more until
a person says so: the other technical contacts are told, or those for around the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from samsyn.access.actor import Actor
from samsyn.findings.answer_links import READ_BY
from samsyn.findings.models import Finding
from samsyn.messages.selectors import blocked_addresses
from samsyn.organisations.models import Contact, Organisation, Purpose
from samsyn.organisations.selectors import contact_list

Key = tuple[int, int | None]  # owner and host of a finding


def key_of(finding: Finding) -> Key:
    """Return the key of the route that a finding goes."""
    return finding.organisation_id, finding.operated_by_id


@dataclass(frozen=True, slots=True)
class Known:
    """A finding that a letter has already brought to a mailbox, though others lack it."""

    key: Key
    is_critical: bool


Had = Mapping[str, Mapping[int, Known]]  # by mailbox and finding


class Routed(Protocol):
    """What the letters follow: a route, as ``telling_selectors`` finds them."""

    @property
    def key(self) -> Key: ...
    @property
    def receivers(self) -> tuple[Organisation, ...]: ...
    @property
    def findings(self) -> int: ...
    @property
    def critical(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The contacts that letters can go to, by organisation, and who has only refusing ones."""

    contacts: Mapping[int, tuple[Contact, ...]]
    refused: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One letter to be written: to whom, and the routes whose findings it tells of."""

    receiver: Organisation
    contact: Contact
    keys: frozenset[Key]
    known: Mapping[int, Known] = field(default_factory=dict)  # findings left out

    @property
    def mailbox(self) -> str:
        """The address as it is compared: its case says nothing."""
        return self.contact.email.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One organisation that will get a letter, as the analyst sees it beforehand."""

    organisation: Organisation
    contacts: tuple[Contact, ...]
    findings: int
    critical: int


def readers_of(*, actor: Actor, organisations: Collection[int]) -> Readers:
    """Return the contacts of organisations that take mail, each mailbox once.

    The technical ones; where all of them refuse, those for around the clock.
    """
    rows = contact_list(actor=actor).filter(organisation__in=organisations)
    blocked = blocked_addresses()
    by_purpose: dict[tuple[int, str], list[Contact]] = {}
    for contact in rows.select_related("organisation"):
        by_purpose.setdefault((contact.organisation_id, contact.purpose), []).append(contact)
    found: dict[int, tuple[Contact, ...]] = {}
    refused: set[int] = set()
    for pk in {pk for pk, purpose in by_purpose if purpose == Purpose.TECHNICAL}:
        asked = (by_purpose.get((pk, p), ()) for p in READ_BY)
        takes = ([c for c in some if c.email.lower() not in blocked] for some in asked)
        if some := next(filter(None, takes), None):
            found[pk] = readers_once(some)
        else:
            refused.add(pk)
    return Readers(found, frozenset(refused))


def readers_once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return the contacts without those whose address is an earlier one's, whatever its case."""
    first: dict[str, Contact] = {}
    for contact in contacts:
        first.setdefault(contact.email.lower(), contact)
    return tuple(first.values())


def contacts_of(*, actor: Actor, routes: Iterable[Routed]) -> Mapping[int, tuple[Contact, ...]]:
    """Return the contacts of each receiver of these routes, each mailbox once."""
    places = {place.pk for route in routes for place in route.receivers}
    return readers_of(actor=actor, organisations=places).contacts


def mailings(
    routes: Iterable[Routed], contacts: Mapping[int, tuple[Contact, ...]], had: Had
) -> list[Mailing]:
    """Return the letters to be written on these routes: a mailbox gets one about each finding.

    A mailbox that owner and host share gets the owner's letter; the host's to it tells
    only of what the mailbox does not get otherwise.
    """
    keys: dict[tuple[int, str], set[Key]] = {}
    readers: dict[tuple[int, str], tuple[Organisation, Contact]] = {}
    for route in routes:
        served: set[str] = set()
        for place in route.receivers:
            for contact in contacts.get(place.pk, ()):
                mailbox = contact.email.lower()
                if mailbox not in served:
                    keys.setdefault((place.pk, mailbox), set()).add(route.key)
                    readers[place.pk, mailbox] = place, contact
                served.add(mailbox)
    return [
        Mailing(
            receiver=place,
            contact=contact,
            keys=frozenset(keys[which]),
            known={pk: k for pk, k in had.get(which[1], {}).items() if k.key in keys[which]},
        )
        for which, (place, contact) in readers.items()
    ]


def receivers_counted(routes: Sequence[Routed], letters: Iterable[Mailing]) -> list[Receiver]:
    """Return the organisations that get a letter, those with critical findings first."""
    by_place: dict[Organisation, list[Mailing]] = {}
    for letter in letters:
        if _left(routes, letter):
            by_place.setdefault(letter.receiver, []).append(letter)
    found = [_receiver(place, its, routes) for place, its in by_place.items()]
    return sorted(found, key=lambda r: (-r.critical, -r.findings, r.organisation.name))


def _left(routes: Sequence[Routed], letter: Mailing) -> int:
    """Return how many findings a letter tells of."""
    return sum(r.findings for r in routes if r.key in letter.keys) - len(letter.known)


def _receiver(
    place: Organisation, letters: Sequence[Mailing], routes: Sequence[Routed]
) -> Receiver:
    keys = frozenset[Key]().union(*(letter.keys for letter in letters))
    its = [route for route in routes if route.key in keys]
    known = _known_to_all(letters)
    return Receiver(
        organisation=place,
        contacts=tuple(letter.contact for letter in letters),
        findings=sum(route.findings for route in its) - len(known),
        critical=sum(route.critical for route in its) - sum(k.is_critical for k in known.values()),
    )


def _known_to_all(letters: Sequence[Mailing]) -> dict[int, Known]:
    """Return the findings that each letter on their route leaves out."""
    known = {pk: each for letter in letters for pk, each in letter.known.items()}
    return {
        pk: each
        for pk, each in known.items()
        if all(pk in letter.known for letter in letters if each.key in letter.keys)
    }
