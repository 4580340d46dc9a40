"""A resource is found as the list writes it, and by what lies inside it."""

from __future__ import annotations

import pytest

from samsyn.assets.selectors import resource_list
from tests.cast import make_resource


@pytest.fixture
def held(cast):
    make_resource(cast.fjellvik, "asn", "64498")
    make_resource(cast.fjellvik, "prefix", "198.18.101.0/24")
    make_resource(cast.fjellvik, "prefix", "2001:db8:500::/48")
    make_resource(cast.fjellvik, "domain", "xn--blvik-nra.example")
    return cast


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("AS64498", "64498"),
        ("as 64498", "64498"),
        ("198.18.101.84", "198.18.101.0/24"),
        ("198.18.101.64/26", "198.18.101.0/24"),
        ("2001:DB8:500:0::1", "2001:db8:500::/48"),
        ("www.blåvik.example", "xn--blvik-nra.example"),
        ("https://blåvik.example/start", "xn--blvik-nra.example"),
    ],
)
def test_it_is_found_as_people_write_it(held, search, found):
    assert [one.value for one in resource_list(actor=held.jonas, search=search)] == [found]


@pytest.mark.parametrize("search", ["AS644", "198.18.102.1", "198.18.0.0/8", "10.0.0.1", "blåvik"])
def test_what_lies_elsewhere_is_not_found(held, search):
    assert not resource_list(actor=held.jonas, search=search).filter(
        value__in=["64498", "198.18.101.0/24", "2001:db8:500::/48", "xn--blvik-nra.example"]
    )


def test_nobody_finds_what_they_may_not_see(held):
    assert not resource_list(actor=held.sigrid, search="198.18.101.84")
