"""Whose a resource is, prepared so that a million observations can be asked at once.

The most specific confirmed claim wins: longest prefix, then AS number, then registered domain,
then mail domain or web site. A request decides nothing: whoever has a confirmed claim keeps it,
whatever others ask for. What two organisations ask for and nobody has confirmed is nobody's;
it is counted as contested.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from samsyn.kernel.addresses import NOBODY, AddressRange, Covering, address_read, flatten
from samsyn.kernel.domains import ascii_name, registrable_domain

PREFIXES = frozenset({"prefix", "prefix4", "prefix6"})
CONTESTED = -2  # in place of an owner: several ask for it, nobody has it
# Which names each kind of claim answers for; a domain also stands for its mail and its site.
NAME_USES = {
    "domain": ("domain", "mail", "site"),
    "mail_domain": ("mail",),
    "site": ("site",),
}


class ClaimLike(Protocol):
    """What we need to know of a claim (``assets.rules.Claim``)."""

    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def operated_by_id(self) -> int | None: ...
    @property
    def resource_id(self) -> int: ...
    @property
    def is_confirmed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Who gets what is seen on a resource."""

    organisation_id: int
    operated_by_id: int | None
    resource_id: int


@dataclass(slots=True)
class Ownership:
    """All claims, ready for look-up; owners are named by their place in ``owners``."""

    digest: str
    has_contested: bool = False
    owners: list[Owner] = field(default_factory=list)
    intervals: list[tuple[int, int]] = field(default_factory=list)
    asns: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[str, str, int]] = field(default_factory=list)
    _covering: Covering = field(default_factory=lambda: Covering([]))
    _ranges: list[int] = field(default_factory=list)

    def of_network(self, wanted: AddressRange) -> int:
        """Return the owner of the narrowest prefix that holds a whole network, or -1."""
        found = self._covering.find(wanted)
        return NOBODY if found == NOBODY else self._ranges[found]


def ownership(claims: Iterable[ClaimLike]) -> Ownership:
    """Return the claims prepared for attribution.

    A claim on a public suffix (``kommune.no``) is left out: it is nobody's alone.
    Of several confirmed claims to the same resource the oldest counts.
    """
    rows = sorted(claims, key=lambda claim: claim.resource_id)
    held = [claim for claim in rows if claim.is_confirmed]
    asked = _asked_by_several(claim for claim in rows if not claim.is_confirmed)
    made = Ownership("")
    marks = _add_prefixes(made, held, asked)
    marks += _add_asns(made, held, asked)
    marks += _add_names(made, held, asked)
    made.has_contested = bool(marks)
    made.digest = _digest(held, marks)
    return made


def is_within(host: str, domain: str) -> bool:
    """Return whether a host belongs to a domain as registered, not only by its letters.

    Example:
        >>> is_within("www.fjellvik.example", "fjellvik.example")
        True

    """
    return registrable_domain(host) == registrable_domain(domain)


def _asked_by_several(requests: Iterable[ClaimLike]) -> list[ClaimLike]:
    """Return one request for each resource that more than one organisation asks for."""
    groups: dict[tuple[str, str], list[ClaimLike]] = {}
    for request in requests:
        groups.setdefault((request.kind, request.value.lower()), []).append(request)
    several = (g for g in groups.values() if len({r.organisation_id for r in g}) > 1)
    return [group[0] for group in several]


def _add_prefixes(
    made: Ownership, held: Sequence[ClaimLike], asked: Sequence[ClaimLike]
) -> list[ClaimLike]:
    """Add the ranges; return the requests that are marked since nobody has anything around them."""
    known: dict[tuple[int, int], AddressRange] = {}
    for claim in held:
        if claim.kind in PREFIXES:
            found = address_read(claim.value)
            if (found.first, found.last) not in known:
                known[(found.first, found.last)] = found
                made._ranges.append(_owner(made, claim))  # noqa: SLF001  builds an instance of its own class
    made._covering = Covering(known.values())  # noqa: SLF001  builds an instance of its own class
    marked = {}
    for claim in asked:
        wanted = address_read(claim.value) if claim.kind in PREFIXES else None
        if wanted is not None and made.of_network(wanted) == NOBODY:
            marked[(wanted.first, wanted.last)] = claim
    owners = [*made._ranges, *([CONTESTED] * len(marked)), NOBODY]  # noqa: SLF001  -1 is the last
    made.intervals = [(start, owners[place]) for start, place in flatten([*known, *marked])]
    return list(marked.values())


def _add_asns(
    made: Ownership, held: Sequence[ClaimLike], asked: Sequence[ClaimLike]
) -> list[ClaimLike]:
    known: dict[int, int] = {}
    for claim in held:
        if claim.kind == "asn" and _asn(claim) not in known:
            known[_asn(claim)] = _owner(made, claim)
    marked = [claim for claim in asked if claim.kind == "asn" and _asn(claim) not in known]
    made.asns = [*known.items(), *((_asn(claim), CONTESTED) for claim in marked)]
    return marked


def _asn(claim: ClaimLike) -> int:
    return int(claim.value.upper().removeprefix("AS"))


def _add_names(
    made: Ownership, held: Sequence[ClaimLike], asked: Sequence[ClaimLike]
) -> list[ClaimLike]:
    names: dict[tuple[str, str], int] = {}
    for kind, uses in NAME_USES.items():  # domains come first: a mail domain as such beats them
        own: dict[tuple[str, str], int] = {}
        for claim in held:
            if claim.kind == kind and _is_somebodys(claim):
                owner = _owner(made, claim)
                for use in uses:
                    own.setdefault((use, _name(claim)), owner)
        names |= own
    marked = {}
    for claim in asked:
        for use in NAME_USES.get(claim.kind, ()):
            if _is_somebodys(claim) and not _is_held(names, use, _name(claim)):
                marked[(use, _name(claim))] = claim
    owned = [(use, name, owner) for (use, name), owner in names.items()]
    made.names = [*owned, *((use, name, CONTESTED) for use, name in marked)]
    return list(marked.values())


def _is_somebodys(claim: ClaimLike) -> bool:
    return claim.kind == "site" or bool(registrable_domain(claim.value))


def _name(claim: ClaimLike) -> str:
    """Return a name as observations have it: letters in their ASCII form."""
    try:
        return ascii_name(claim.value).rstrip(".")
    except UnicodeError:  # matches nothing
        return claim.value.lower().rstrip(".")


def _is_held(names: Container[tuple[str, str]], use: str, name: str) -> bool:
    """Return whether somebody has the name, or one that it lies under."""
    labels = name.split(".")
    return any((use, ".".join(labels[start:])) in names for start in range(len(labels)))


def _owner(made: Ownership, claim: ClaimLike) -> int:
    """Add the owner that a claim makes; return its place."""
    made.owners.append(Owner(claim.organisation_id, claim.operated_by_id, claim.resource_id))
    return len(made.owners) - 1


def _digest(held: Iterable[ClaimLike], marks: Iterable[ClaimLike]) -> str:
    told = hashlib.sha256()
    for claim in held:
        fields = (
            claim.kind,
            claim.value,
            claim.organisation_id,
            claim.operated_by_id,
            claim.resource_id,
        )
        told.update(repr(fields).encode())
    for mark in sorted({(claim.kind, claim.value) for claim in marks}):
        told.update(repr(mark).encode())
    return told.hexdigest()[:16]
