"""Which part of a name somebody has registered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from samsyn.kernel.domains import host_in, registrable_domain

LABEL = st.sampled_from(["www", "fjellvik", "a", "mail", "xn--bod-2na"])
SUFFIX = st.sampled_from(
    [
        "no",
        "se",
        "kommune.no",
        "herad.no",
        "vgs.no",
        "co.uk",
        "pp.se",
        "gs.oslo.no",
        "com",
        "example",
    ]
)


@settings(deadline=None)  # the list is loaded at the first call
@given(st.lists(LABEL, max_size=4), SUFFIX)
def test_it_agrees_with_another_reading_of_the_list(labels, suffix):
    name = ".".join([*labels, suffix])
    known = PublicSuffixList(only_icann=True)
    assert registrable_domain(name) == (known.privatesuffix(name) or "")


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("WWW.Fjellvik.Kommune.no.", "fjellvik.kommune.no"),
        ("kommune.no", ""),
        ("a.b.fjellvik.example", "fjellvik.example"),
        ("192.0.2.1", ""),
        ("", ""),
    ],
)
def test_a_municipality_is_a_domain_of_its_own(name, registered):
    assert registrable_domain(name) == registered


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.fjellvik.example/x?y", "www.fjellvik.example"),
        ("fjellvik.example", "fjellvik.example"),
        ("http://u:p@fjellvik.example:8080", "fjellvik.example"),
        ("http://[broken", ""),
        ("two words", ""),
    ],
)
def test_a_web_address_names_its_host(text, host):
    assert host_in(text) == host
