"""Resources: written one way, claimed, withdrawn, and decided when several claim them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samsyn.assets.rules import Unreadable, as_read, canonical
from samsyn.assets.selectors import claims, resource_list
from samsyn.assets.services import resource_claim, resource_withdraw
from tests.cast import TODAY, make_resource


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        ("prefix", " 192.0.2.0/24 ", "192.0.2.0/24"),
        ("prefix", "2001:DB8::/32", "2001:db8::/32"),
        ("prefix", "192.0.2.1", "192.0.2.1/32"),
        ("prefix", "::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("prefix", "198.18.0.0/15", "198.18.0.0/15"),
        ("prefix", "203.0.113.0/24", "203.0.113.0/24"),
        ("asn", "as64500", "64500"),
        ("domain", "Fjellvik.EXAMPLE.", "fjellvik.example"),
        ("mail_domain", "blåvik.example", "xn--blvik-nra.example"),
    ],
)
def test_it_is_written_one_way(kind, text, written):
    assert canonical(kind, text) == written


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("prefix", "192.0.2.1/24"),
        ("prefix", "0.0.0.0/0"),
        ("prefix", "house"),
        ("prefix", "::ffff:0:0/96"),
        ("prefix", "2001:db8::%x/32"),
        ("prefix", "fe80::%1"),
        ("prefix", "::1%eth0"),
        ("prefix", "2001:db8::%/48"),
        ("prefix", "10.0.0.0/8"),
        ("prefix", "10.1.2.0/24"),
        ("prefix", "::ffff:10.0.0.0/104"),
        ("prefix", "127.0.0.1"),
        ("prefix", "169.254.0.0/16"),
        ("prefix", "172.16.0.0/12"),
        ("prefix", "192.168.1.0/24"),
        ("prefix", "224.0.0.0/4"),
        ("prefix", "fc00::/7"),
        ("prefix", "fe80::/64"),
        ("prefix", "ff02::1"),
        ("prefix", "::1"),
        ("asn", "0"),
        ("asn", "4294967296"),
        ("asn", "٣"),
        ("domain", "example"),
        ("domain", "-bad.example"),
        ("domain", "kommune.no"),
        ("domain", "co.uk"),
        ("mail_domain", "github.io"),
        ("domain", "azurewebsites.net"),
        ("domain", "a" * 64 + ".example"),
        ("domain", "has space.example"),
        ("colour", "red"),
    ],
)
def test_what_is_none_is_refused(kind, text):
    with pytest.raises(Unreadable):
        canonical(kind, text)


ADDRESSES = st.from_regex(r"\A[0-9a-f:.]{0,12}(%[a-z0-9%]{0,4})?(/[0-9]{0,3})?\Z")


@given(st.sampled_from(["prefix", "asn", "domain"]), st.text(max_size=60) | ADDRESSES)
@example("prefix", "2001:db8::%x/32")
def test_no_text_breaks_it_and_writing_again_changes_nothing(kind, text):
    try:
        written = canonical(kind, text)
    except Unreadable:
        return
    assert canonical(kind, written) == written


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("xn--blvik-nra.example", "blåvik.example (xn--blvik-nra.example)"),
        ("www.xn--sr-varanger-ggb.example", "www.sør-varanger.example"),
        ("fjellvik.example", "fjellvik.example"),
        ("xn--a.example", "xn--a.example"),
        ("xn--.example", "xn--.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        ("198.18.0.0/24", "198.18.0.0/24"),
    ],
)
def test_a_name_is_read_in_its_own_letters(value, read):
    assert as_read(value).startswith(read)
    assert value in as_read(value)


@given(st.text(alphabet="abcxyz0189-", max_size=20))
def test_whatever_stands_after_the_sign_of_other_letters_can_be_shown(text):
    name = f"xn--{text}.example"
    assert as_read(name) == name or as_read(name).endswith(f" ({name})")


def test_a_technician_adds_what_is_missing(cast):
    made = resource_claim(
        actor=cast.jonas, organisation=cast.fjellvik, kind="prefix", value="203.0.113.0/24"
    )
    assert str(made) == "203.0.113.0/24"


def test_the_host_sees_what_it_runs_for_others(cast):
    values = {r.value for r in resource_list(actor=cast.jonas)}
    assert "198.18.5.0/24" in values
    assert "198.18.4.0/24" not in values


def test_a_rival_claim_is_shown_to_both_without_the_others_name(cast):
    make_resource(cast.elvdal, "domain", "fjellvik.example", state="requested")
    ours = resource_list(actor=cast.jonas, contested=True)
    assert [(r.value, r.is_contested) for r in ours] == [("fjellvik.example", True)]
    theirs = resource_list(actor=cast.sigrid, contested=True)
    assert [r.organisation for r in theirs] == [cast.elvdal]


def test_a_withdrawn_claim_is_out_of_attribution(cast):
    resource = resource_list(actor=cast.job).get(value="64500")
    resource_withdraw(actor=cast.astrid, resource=resource, on=TODAY)
    assert "64500" not in {c.value for c in claims(actor=cast.job)}


def test_attribution_is_told_the_family_and_the_host(cast):
    found = {c.value: c for c in claims(actor=cast.job)}
    assert found["2001:db8:100::/48"].kind == "prefix6"
    assert found["198.18.5.0/24"].operated_by_id == cast.fjellvik.pk
