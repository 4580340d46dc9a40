"""Where a request comes from: behind proxies the address that they add, never what is made up."""

from __future__ import annotations

import pytest
from allauth.core.internal.ratelimit import get_ip
from django.core.exceptions import ImproperlyConfigured

from samsyn.access import pace
from samsyn.access.adapters import AccountAdapter
from samsyn.access.http import client_address, client_place
from samsyn.annual_wheel.feed_views import WRONG_MOST as FEEDS_MOST
from samsyn.findings.answering import WRONG_MOST as ANSWERS_MOST
from samsyn.maturity.rate_views import WRONG_MOST as SEATS_MOST
from samsyn.settings import environment
from samsyn.site.health import proxies

PROXY = "10.0.0.1"


@pytest.fixture
def still(monkeypatch):
    """A clock that stands, so that all of a test is in one window."""
    monkeypatch.setattr(pace, "clock", lambda: 1_800_000_000.0)


def asked(rf, forwarded=None, remote=PROXY):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return rf.get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("number", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.5", PROXY),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1,<script>,203.0.113.5", "203.0.113.5"),
        (2, "1.1.1.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "203.0.113.5", PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "203.0.113.5, ", PROXY),
        (1, "unknown", PROXY),
        (1, "203.0.113.999", PROXY),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "[2001:db8::5]:4711", "2001:db8::5"),
        (1, "2001:DB8:0::5", "2001:db8::5"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "x" * 5000, PROXY),
    ],
)
def test_the_address_is_the_one_that_our_proxies_saw(rf, settings, number, forwarded, address):
    settings.TRUSTED_PROXIES = number
    request = asked(rf, forwarded)
    assert client_address(request) == address
    assert AccountAdapter().get_client_ip(request) == address


def test_a_socket_file_has_no_address_and_breaks_nothing(rf, settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(asked(rf, remote="")) == ""
    assert AccountAdapter().get_client_ip(asked(rf, remote="")) == "0.0.0.0"  # noqa: S104  a word for none


def test_the_addresses_of_one_household_count_as_one_place(rf, settings):
    settings.TRUSTED_PROXIES = 1
    one, two = asked(rf, "2001:db8:1:2::5"), asked(rf, "2001:db8:1:2:ffff::9")
    assert client_place(one) == client_place(two) == get_ip(one)
    assert client_place(asked(rf, "2001:db8:1:3::5")) != client_place(one)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/answer/wrong/", ANSWERS_MOST),
        ("/rate/in/wrong/", SEATS_MOST),
        ("/wheel/feed/wrong.ics", FEEDS_MOST),
    ],
)
def test_who_guesses_links_behind_a_proxy_stops_nobody_else(client, settings, still, url, most):
    settings.TRUSTED_PROXIES = 1
    codes = [
        client.get(url, headers={"x-forwarded-for": f"1.1.1.{n}, 203.0.113.5"}).status_code
        for n in range(most + 2)
    ]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert client.get(url, headers={"x-forwarded-for": "203.0.113.6"}).status_code == 404


@pytest.mark.django_db
def test_who_is_not_behind_a_proxy_makes_up_no_address(client, settings, still):
    settings.TRUSTED_PROXIES = 0
    for n in range(ANSWERS_MOST + 1):
        answer = client.get("/answer/wrong/", headers={"x-forwarded-for": f"1.1.1.{n}"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("new", "old", "number"),
    [("", "off", 0), ("", "on", 1), ("0", "on", 0), ("2", "off", 2), ("3", "on", 3), ("9", "", 9)],
)
def test_the_number_of_proxies_is_read_also_under_its_old_name(monkeypatch, new, old, number):
    monkeypatch.setenv("SAMSYN_TRUSTED_PROXIES", new)
    monkeypatch.setenv("SAMSYN_TRUSTED_PROXY", old)
    assert environment.trusted_proxies() == number
    assert environment.uses_old_name() == (not new and old == "on")


@pytest.mark.parametrize("wrong", ["10", "-1", "on", "1.5", "²"])
def test_a_number_of_proxies_that_is_none_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("SAMSYN_TRUSTED_PROXIES", wrong)
    with pytest.raises(ImproperlyConfigured):
        environment.trusted_proxies()


@pytest.mark.parametrize(
    ("base", "hosts", "number", "is_fine"),
    [
        ("https://samsyn.example", ["samsyn.example"], 1, True),
        ("https://samsyn.example", [".example"], 2, True),
        ("http://127.0.0.1:8000", ["127.0.0.1"], 0, True),
        ("https://samsyn.example", ["samsyn.example"], 0, False),
        ("https://samsyn.example", ["other.example"], 1, False),
        ("https://samsyn.example", ["*"], 1, False),
        ("http://samsyn.example", ["samsyn.example"], 1, False),
        ("http://samsyn.example", ["samsyn.example"], 0, False),
    ],
)
def test_doctor_says_when_address_names_and_proxies_do_not_fit(
    settings, base, hosts, number, is_fine
):
    settings.BASE_URL, settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = base, hosts, number
    assert proxies().is_fine is is_fine
