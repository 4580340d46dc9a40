"""Whether a claim on a resource counts at once, or is a request that the operator confirms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter

from samsyn.kernel.addresses import AddressRange, address_read
from samsyn.kernel.domains import registrable_domain

# Which names each kind of claim answers for; the same uses as in attribution.
USES = {"domain": ("domain", "mail", "site"), "mail_domain": ("mail",)}


class ClaimReason(StrEnum):
    """Why a claim waits for the operator."""

    OVERLAP = "overlap"
    UNKNOWN = "unknown"
    BROAD = "broad"


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that somebody has made: what it is, and whose."""

    kind: str
    value: str
    organisation_id: int
    resource_id: int


@dataclass(frozen=True, slots=True)
class RangeLimits:
    """How wide a range may be before somebody has to look at it: the shortest prefix lengths."""

    prefix4: int
    prefix6: int


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """What is to be said of a claim.

    ``reasons`` is empty if it counts at once; ``within`` is then the claim that holds it.
    ``rivals`` are the confirmed claims of others that it meets. Those which it meets only by what
    has been observed give no reason of their own: the claimant reads the reasons, and would learn
    at which addresses there is something to be found. ``asked`` are their requests, the earliest
    first; those matter only outside what the claimant has.
    """

    reasons: tuple[ClaimReason, ...]
    within: Held | None
    rivals: tuple[Held, ...]
    asked: tuple[Held, ...] = ()

    @property
    def is_opposed(self) -> bool:
        """Whether something speaks against it, so that nobody may confirm it in passing."""
        return bool(self.rivals or self.asked or ClaimReason.BROAD in self.reasons)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something observed that is a claim's today: where, and by which claim."""

    subject: str
    asn: int | None
    claim: Held


class Holdings:
    """Claims, indexed so that those which meet a new one are found without reading them all.

    Which addresses an AS number or a name stands for is told by what was observed: ``see``.
    """

    def __init__(self, claims: Iterable[Held] = ()) -> None:
        self._prefixes = _Prefixes()
        self._names: dict[str, list[Held]] = {}
        self._below: list[tuple[str, ...]] = []
        self._numbers: dict[str, list[Held]] = {}
        self._seen_at: list[tuple[int, Held]] = []
        self._seen_in: dict[int, dict[Held, None]] = {}
        for claim in claims:
            self.add(claim)

    def add(self, claim: Held) -> None:
        """Add a claim."""
        if claim.kind == "prefix":
            self._prefixes.add(claim)
        elif claim.kind == "asn":
            self._numbers.setdefault(claim.value, []).append(claim)
        elif registrable_domain(claim.value):  # attribution knows no other names either
            if claim.value not in self._names:
                insort(self._below, _labels(claim.value))
            self._names.setdefault(claim.value, []).append(claim)

    def see(self, sightings: Iterable[Sighting]) -> None:
        """Take in what is attributed today by claims to AS numbers and names."""
        for sighting in sightings:
            if sighting.asn and sighting.claim.kind in USES:
                self._seen_in.setdefault(sighting.asn, {})[sighting.claim] = None
            with suppress(ValueError):  # a name is at no address
                self._seen_at.append((address_read(sighting.subject).first, sighting.claim))
        self._seen_at.sort(key=itemgetter(0))

    def outranked(self, kind: str, value: str) -> list[Held]:
        """Return the claims that lose what is theirs today if this one counts.

        A range counts before an AS number, and both before names, as in attribution.
        """
        if kind == "asn":
            return list(self._seen_in.get(int(value), ()))
        if kind != "prefix" or self.around(kind, value):
            return []  # a range that lies inside another takes from that one only
        wanted = address_read(value)
        start = bisect_left(self._seen_at, wanted.first, key=itemgetter(0))
        end = bisect_right(self._seen_at, wanted.last, key=itemgetter(0))
        return list(dict.fromkeys(claim for _at, claim in self._seen_at[start:end]))

    def around(self, kind: str, value: str) -> list[Held]:
        """Return the claims that hold all of this, itself included; the narrowest first."""
        if kind == "prefix":
            return self._prefixes.around(address_read(value))
        if kind == "asn":
            return list(self._numbers.get(value, ()))
        labels = value.split(".")
        names = (".".join(labels[start:]) for start in range(len(labels)))
        return [c for name in names for c in self._names.get(name, ()) if _share(c.kind, kind)]

    def inside(self, kind: str, value: str) -> list[Held]:
        """Return the claims that lie inside this, itself left out."""
        if kind == "prefix":
            return self._prefixes.inside(address_read(value))
        if kind == "asn":
            return []
        wanted, found = _labels(value), []
        for labels in self._below[bisect_left(self._below, wanted) :]:
            if labels[: len(wanted)] != wanted:
                break
            if labels != wanted:
                found += self._names[".".join(reversed(labels))]
        return [c for c in found if _share(c.kind, kind)]


@dataclass
class _Prefixes:
    """Address ranges, by where they begin."""

    by_range: dict[tuple[int, int], list[Held]] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)
    sizes: set[int] = field(default_factory=set)

    def add(self, claim: Held) -> None:
        found = address_read(claim.value)
        ends = (found.first, found.last)
        if ends not in self.by_range:
            insort(self.starts, ends)
            self.sizes.add(found.last - found.first)
        self.by_range.setdefault(ends, []).append(claim)

    def around(self, wanted: AddressRange) -> list[Held]:
        found: list[Held] = []
        for size in sorted(self.sizes):
            first = wanted.first & ~size
            if first + size >= wanted.last:
                found += self.by_range.get((first, first + size), ())
        return found

    def inside(self, wanted: AddressRange) -> list[Held]:
        found: list[Held] = []
        for ends in self.starts[bisect_left(self.starts, (wanted.first, 0)) :]:
            if ends[0] > wanted.last:
                break
            if ends[1] <= wanted.last and ends != (wanted.first, wanted.last):
                found += self.by_range[ends]
        return found


def judge(
    kind: str,
    value: str,
    *,
    line: frozenset[int],
    holdings: Holdings,
    limits: RangeLimits,
    owner: int,
    asked: Holdings | None = None,
) -> ClaimVerdict:
    """Return whether a claim counts at once, and if not, why.

    It counts at once if the narrowest confirmed claim that holds it is the claimant's own (or of
    its legal entity: a unit inside its parent's range), nobody else has anything inside it or is
    attributed by AS number or name what is seen there, and it is not broad. Whatever anybody
    asks for, nobody confirmed loses anything by it.

    Args:
        kind: prefix, asn, domain or mail_domain.
        value: canonical.
        line: the claimant, what it is a unit of, and its own units.
        holdings: the confirmed claims.
        limits: how wide a range may be.
        owner: the claimant.
        asked: the requests of everybody: who has asked first stands against whoever comes then.

    Source:
        Samsyn's own choice, docs/adr/0012-a-claim-is-a-request.md.

    """
    around, inside = holdings.around(kind, value), holdings.inside(kind, value)
    holders = _holders(kind, around)
    taken = [c for c in around if (c.kind, c.value) == (kind, value) and c.organisation_id != owner]
    strangers = [c for c in (*holders, *inside) if c and c.organisation_id not in line]
    known = dict.fromkeys([*taken, *strangers])
    seen = [c for c in holdings.outranked(kind, value) if c.organisation_id not in line]
    rivals = tuple(dict.fromkeys([*known, *seen]))
    is_own = not rivals and None not in holders
    waiting = () if is_own else _asked(kind, value, line, asked)
    reasons = []
    if known or waiting:
        reasons.append(ClaimReason.OVERLAP)
    elif None in holders:
        reasons.append(ClaimReason.UNKNOWN)
    if _is_broad(kind, value, limits):
        reasons.append(ClaimReason.BROAD)
    return ClaimVerdict(tuple(reasons), None if reasons else holders[0], rivals, waiting)


def _asked(kind: str, value: str, line: frozenset[int], asked: Holdings | None) -> tuple[Held, ...]:
    """Return others' requests for this, for what it lies in or for a part of it."""
    if asked is None:
        return ()
    met = [*asked.around(kind, value), *asked.inside(kind, value)]
    others = {claim for claim in met if claim.organisation_id not in line}
    return tuple(sorted(others, key=lambda claim: claim.resource_id))


def meeting(kind: str, value: str, holdings: Holdings) -> list[Held]:
    """Return every claim that holds this, equals it, lies inside it or is seen to be outranked.

    Source:
        Samsyn's own choice, docs/adr/0012-a-claim-is-a-request.md.

    """
    met = [*holdings.around(kind, value), *holdings.inside(kind, value)]
    return [*met, *holdings.outranked(kind, value)]


def _holders(kind: str, around: Sequence[Held]) -> list[Held | None]:
    """Return the narrowest claim for each use of a name, or for a range; None where nobody's.

    An AS number lies inside nothing.
    """
    if kind in USES:
        return [_holder(use, around) for use in USES[kind]]
    return [around[0] if around and kind == "prefix" else None]


def _holder(use: str, around: Iterable[Held]) -> Held | None:
    """Return the narrowest claim for one use; a mail domain beats the same domain."""
    mine = [c for c in around if use in USES[c.kind]]
    return min(mine, key=lambda c: (-len(c.value), c.kind != "mail_domain"), default=None)


def _is_broad(kind: str, value: str, limits: RangeLimits) -> bool:
    if kind != "prefix":
        return False
    length = int(value.rsplit("/", 1)[1])
    return length < (limits.prefix6 if ":" in value else limits.prefix4)


def _share(one: str, other: str) -> bool:
    """Return whether two kinds of names answer for some of the same."""
    return not set(USES[one]).isdisjoint(USES[other])


def _labels(name: str) -> tuple[str, ...]:
    return tuple(reversed(name.split(".")))
