"""Whose a resource is, prepared so that a million observations can be asked at once.

The most specific claim wins: longest prefix, then AS number, then registered domain,
then mail domain or web site. Where two organisations claim the very same resource,
nobody gets the observation until that is settled; it is counted as contested.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from samsyn.kernel.addresses import NOBODY, AddressRange, Covering, address_read, flatten
from samsyn.kernel.domains import registrable_domain

PREFIXES = frozenset({"prefix", "prefix4", "prefix6"})
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


@dataclass(frozen=True, slots=True)
class Owner:
    """Who gets what is seen on a resource; nobody where ``is_contested``."""

    organisation_id: int | None
    operated_by_id: int | None
    resource_id: int | None
    is_contested: bool


@dataclass(slots=True)
class Ownership:
    """All claims, ready for look-up; owners are named by their place in ``owners``."""

    digest: str
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
    Claims on the same resource by one organisation count once, the oldest first.
    """
    rows = sorted(claims, key=lambda claim: claim.resource_id)
    made = Ownership(_digest(rows))
    _add_prefixes(made, [claim for claim in rows if claim.kind in PREFIXES])
    for value, group in _grouped(claim for claim in rows if claim.kind == "asn"):
        made.asns.append((int(value.upper().removeprefix("AS")), _owner(made, group)))
    for kind, uses in NAME_USES.items():
        for value, group in _grouped(claim for claim in rows if claim.kind == kind):
            if kind == "site" or registrable_domain(value):
                owner = _owner(made, group)
                made.names += [(use, value, owner) for use in uses]
    made.names = _own_kind_first(made.names)
    return made


def is_within(host: str, domain: str) -> bool:
    """Return whether a host belongs to a domain as registered, not only by its letters.

    Example:
        >>> is_within("www.fjellvik.example", "fjellvik.example")
        True

    """
    return registrable_domain(host) == registrable_domain(domain)


def _add_prefixes(made: Ownership, claims: Sequence[ClaimLike]) -> None:
    by_range: dict[tuple[int, int], list[ClaimLike]] = {}
    known: dict[tuple[int, int], AddressRange] = {}
    for claim in claims:
        found = address_read(claim.value)
        known[(found.first, found.last)] = found
        by_range.setdefault((found.first, found.last), []).append(claim)
    ranges = list(by_range)
    made._ranges = [_owner(made, by_range[ends]) for ends in ranges]  # noqa: SLF001
    made._covering = Covering(known[ends] for ends in ranges)  # noqa: SLF001
    made.intervals = [
        (start, NOBODY if place == NOBODY else made._ranges[place])  # noqa: SLF001
        for start, place in flatten(ranges)
    ]


def _owner(made: Ownership, group: Sequence[ClaimLike]) -> int:
    """Add the owner of claims to one and the same resource; return its place."""
    first = group[0]
    if len({claim.organisation_id for claim in group}) > 1:
        made.owners.append(Owner(None, None, None, is_contested=True))
    else:
        made.owners.append(
            Owner(
                first.organisation_id, first.operated_by_id, first.resource_id, is_contested=False
            )
        )
    return len(made.owners) - 1


def _grouped(claims: Iterable[ClaimLike]) -> Iterable[tuple[str, list[ClaimLike]]]:
    groups: dict[str, list[ClaimLike]] = {}
    for claim in claims:
        groups.setdefault(claim.value.lower().rstrip("."), []).append(claim)
    return groups.items()


def _own_kind_first(names: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Where a mail domain is claimed as such, that beats the claim on the domain."""
    chosen: dict[tuple[str, str], int] = {}
    for use, value, owner in names:  # domains come first, the own kind after
        chosen[(use, value)] = owner
    return [(use, value, owner) for (use, value), owner in chosen.items()]


def _digest(claims: Iterable[ClaimLike]) -> str:
    told = hashlib.sha256()
    for claim in claims:
        fields = (
            claim.kind,
            claim.value,
            claim.organisation_id,
            claim.operated_by_id,
            claim.resource_id,
        )
        told.update(repr(fields).encode())
    return told.hexdigest()[:16]
