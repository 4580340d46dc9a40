"""Addresses as keys, and whose prefix is the longest."""

from __future__ import annotations

import ipaddress

import pytest
import pytricia
from hypothesis import given
from hypothesis import strategies as st

from samsyn.kernel.addresses import (
    AddressRange,
    Covering,
    address_key,
    address_read,
    family_cuts,
    flatten,
    is_unspecified,
    plain_ipv6,
)

V4 = st.integers(0, 2**32 - 1)
V6 = st.integers(0, 2**128 - 1)
# Few different starts, so that prefixes often lie in one another.
PREFIXES_4 = st.lists(
    st.tuples(st.integers(0, 7).map(lambda i: i << 29 | 0x0A0B0C00), st.integers(0, 32)),
    max_size=30,
)
PREFIXES_6 = st.lists(
    st.tuples(st.integers(0, 7).map(lambda i: 0x20010DB8 << 96 | i << 70), st.integers(0, 128)),
    max_size=30,
)


def owner_at(cuts: list[tuple[str, int]] | list[tuple[int, int]], key: str | int) -> int:
    return [index for start, index in cuts if start <= key][-1]


def ranges_of(networks) -> list[AddressRange]:
    return [address_read(str(network)) for network in networks]


@given(PREFIXES_4, st.lists(V4, min_size=1, max_size=20))
def test_longest_prefix_wins_as_pytricia_says(prefixes, wanted):
    networks = sorted({ipaddress.ip_network((a, n), strict=False) for a, n in prefixes})
    tree = pytricia.PyTricia(32)
    for place, network in enumerate(networks):
        tree[network] = place
    cuts, _sixes = family_cuts(flatten([(r.first, r.last) for r in ranges_of(networks)]))
    near = [int(n.network_address) for n in networks] + [int(n.broadcast_address) for n in networks]
    for number in [*wanted, *near]:
        address = ipaddress.IPv4Address(number)
        assert address_read(str(address)).place == (number, None)
        assert owner_at(cuts, number) == (tree.get(address) if address in tree else -1)


@given(PREFIXES_6, st.lists(V6, min_size=1, max_size=20))
def test_longest_prefix_wins_for_ipv6(prefixes, wanted):
    networks = sorted(
        n
        for n in {ipaddress.ip_network((a, n), strict=False) for a, n in prefixes}
        if n.prefixlen > 0 and not n.overlaps(ipaddress.ip_network("::ffff:0:0/96"))
    )
    tree = pytricia.PyTricia(128)
    for place, network in enumerate(networks):
        tree[network] = place
    _fours, cuts = family_cuts(flatten([(r.first, r.last) for r in ranges_of(networks)]))
    near = [int(n.network_address) for n in networks] + [int(n.broadcast_address) for n in networks]
    for number in [*wanted, *near]:
        address = ipaddress.IPv6Address(number)
        if address.ipv4_mapped is None:
            key = address_key(number)
            assert owner_at(cuts, key) == (tree.get(address) if address in tree else -1)


@given(V6, V6)
def test_keys_sort_like_addresses(one, other):
    keys = [address_key(number) for number in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)


@given(V6)
def test_the_quick_way_reads_ipv6_like_the_slow_one(number):
    text = str(ipaddress.IPv6Address(number)).upper()
    lines, others = plain_ipv6([text])
    if lines:
        found = address_read(text)
        assert (lines, others) == ([f"{text},{found.text},{found.place[1]}"], [])
    else:
        assert others == [text]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("198.51.100.7/24", "198.51.100.0/24"),
        ("198.51.100.7/32", "198.51.100.7"),
    ],
)
def test_an_address_is_written_in_one_way(text, canonical):
    assert address_read(text).text == canonical


@pytest.mark.parametrize(
    "text", ["", "x", "192.0.2.256", "010.0.0.1", "1.2.3", "fe80::1%eth0", "1" * 99]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="not"):
        address_read(text)


def test_zero_says_that_no_address_is_known():
    assert is_unspecified(address_read("0.0.0.0"))  # noqa: S104  a text, nothing binds to it
    assert is_unspecified(address_read("::"))
    assert not is_unspecified(address_read("192.0.2.1"))


def test_a_network_belongs_to_the_narrowest_claim_that_holds_all_of_it():
    claims = Covering(map(address_read, ["198.51.100.0/24", "198.51.0.0/16", "198.51.100.0/30"]))
    assert claims.find(address_read("198.51.100.0/25")) == 0
    assert claims.find(address_read("198.51.100.0/23")) == 1
    assert claims.find(address_read("198.48.0.0/12")) == -1
