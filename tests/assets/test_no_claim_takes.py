"""Whatever anybody claims, an earlier confirmed owner is attributed what it was before."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.assets.rules import Held, Holdings, RangeLimits, claim_kind, judge
from samsyn.kernel.addresses import address_read
from samsyn.monitoring.ownership import Ownership, ownership

# 1 is a municipality, 2 and 3 its units, 4 another.
LINES = {1: {1, 2, 3}, 2: {1, 2}, 3: {1, 3}, 4: {4}}
LIMITS = RangeLimits(20, 40)
PREFIXES = [
    "198.18.0.0/16", "198.18.0.0/22", "198.18.0.0/24", "198.18.0.0/25", "198.18.0.128/25",
    "198.18.0.192/26", "2001:db8::/32", "2001:db8::/39", "2001:db8:7::/48",
]  # fmt: skip
NAMES = ["a.example", "b.a.example", "c.b.a.example", "x.kommune.no", "kommune.no"]
NUMBERS = [("asn", "64500"), ("asn", "64501")]
FAMILIES = {
    "addresses": [*(("prefix", prefix) for prefix in PREFIXES), *NUMBERS],
    "names": [(kind, name) for kind in ("domain", "mail_domain") for name in NAMES],
}


def claims(
    resources: list[tuple[str, str]],
) -> st.SearchStrategy[list[tuple[int, tuple[str, str]]]]:
    claim = st.tuples(st.sampled_from(sorted(LINES)), st.sampled_from(resources))
    return st.lists(claim, min_size=8, max_size=8)


ADDRESSES = [None, "198.18.0.1", "198.18.0.129", "198.18.0.193", "2001:db8:7::1"]
HOSTS = [None, "www.c.b.a.example", "b.a.example", "a.example", "y.x.kommune.no"]


@dataclass(frozen=True)
class Claim:
    """A claim as attribution reads it, and what it is held as."""

    held: Held
    is_confirmed: bool
    operated_by_id: None = None

    @property
    def kind(self) -> str:
        return claim_kind(self.held.kind, self.held.value)

    @property
    def value(self) -> str:
        return self.held.value

    @property
    def organisation_id(self) -> int:
        return self.held.organisation_id

    @property
    def resource_id(self) -> int:
        return self.held.resource_id


def judged(owner: int, resource: tuple[str, str], made: list[Claim]) -> Claim:
    verdict = judge(
        *resource,
        line=frozenset(LINES[owner]),
        holdings=Holdings(claim.held for claim in made if claim.is_confirmed),
        limits=LIMITS,
        owner=owner,
    )
    return Claim(Held(*resource, owner, len(made)), not verdict.reasons)


def owners_of(owned: Ownership) -> list[int | None]:
    """Return whose each possible observation is, in the order that attribution searches."""
    starts = [start for start, _owner in owned.intervals]
    numbers = dict(owned.asns)
    names = {(use, name): owner for use, name, owner in owned.names}
    by_address = [_by_address(owned, starts, address) for address in ADDRESSES]
    by_number = [numbers.get(number, -1) for number in (0, 64500, 64501)]
    by_name = [[_by_name(names, use, host) for use in ("domain", "mail", "site")] for host in HOSTS]
    found = (
        next((place for place in (address, number, *uses) if place >= 0), None)
        for address in by_address
        for number in by_number
        for uses in by_name
    )
    return [None if place is None else owned.owners[place].organisation_id for place in found]


def _by_address(owned: Ownership, starts: list[int], address: str | None) -> int:
    if address is None:
        return -1
    return owned.intervals[bisect_right(starts, address_read(address).first) - 1][1]


def _by_name(names: dict[tuple[str, str], int], use: str, host: str | None) -> int:
    labels = (host or "").split(".")
    around = (names.get((use, ".".join(labels[start:]))) for start in range(len(labels)))
    return next((owner for owner in around if owner is not None), -1)


@pytest.mark.parametrize("family", sorted(FAMILIES))
@settings(derandomize=True, max_examples=200, deadline=None)
@given(data=st.data())
def test_no_claim_takes_anything_from_who_had_it(family, data):
    first, then = data.draw(claims(FAMILIES[family])), data.draw(claims(FAMILIES[family]))
    made: list[Claim] = []
    for owner, resource in first:  # what operators have confirmed, whatever they were thinking of
        if resource not in {(c.held.kind, c.held.value) for c in made if c.is_confirmed}:
            made.append(Claim(Held(*resource, owner, len(made)), is_confirmed=True))
    for owner, resource in then:
        before = owners_of(ownership(made))
        made.append(judged(owner, resource, made))
        for had, has in zip(before, owners_of(ownership(made)), strict=True):
            assert had is None or has in LINES[had]


def test_the_law_catches_a_claim_that_counts_without_being_judged():
    mine = Claim(Held("prefix", "198.18.0.0/24", 4, 0), is_confirmed=True)
    taken = Claim(Held("prefix", "198.18.0.128/25", 1, 1), is_confirmed=True)
    before, after = owners_of(ownership([mine])), owners_of(ownership([mine, taken]))
    assert any(had == 4 and has == 1 for had, has in zip(before, after, strict=True))
