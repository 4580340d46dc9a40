"""Who was invited sets up a second factor alone, from the link in the mail to the next sign-in."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from samsyn.access.links import password_link
from samsyn.access.permissions import Role
from samsyn.access.services import membership_grant
from samsyn.messages.password_requests import requests_answer

pytestmark = pytest.mark.django_db
WORDS = "an entirely new sentence"
ACTIVATE = "/accounts/2fa/totp/activate/"
PASSKEY = "/accounts/2fa/webauthn/add/"


@pytest.fixture(autouse=True)
def required(settings):
    """Where a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.MFA_TOTP_TOLERANCE = 1  # a period that ends during the test decides nothing


def opens(link):
    """Open a link to a new password, choose one, and return the browser."""
    browser = Client()
    there = browser.get(link.split("testserver")[-1].removeprefix("http://127.0.0.1:8000"))
    browser.post(there.url, {"name": "Ny", "password1": WORDS, "password2": WORDS})
    return browser


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def comes_to(browser, path):
    """Return a page that asks for the password once more."""
    asked = browser.get(path).headers.get("Location", "")
    assert asked.startswith("/accounts/reauthenticate/"), asked
    page = browser.post(asked, {"password": WORDS}, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, path)
    return page


def sets_up(browser):
    """Activate an authenticator app as its owner does; return its secret."""
    page = comes_to(browser, ACTIVATE)
    secret = page.context["form"].secret
    assert browser.post(ACTIVATE, {"code": code(secret)}).status_code == 302
    return secret


def is_in(browser):
    return browser.get("/me/").status_code == 200


def signs_in(email, secret):
    """Sign in again, elsewhere, with password and code."""
    cache.clear()  # the code that activated the app does not count as used
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": email, "password": WORDS})
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    return browser


def invited(cast):
    email = "new@fjellvik.example"
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=email, name="Ny", role=Role.TECHNICIAN
    )
    Client().post("/accounts/password/reset/", {"email": email})
    requests_answer()
    words = mail.outbox[-1].body.split()
    return email, next(word for word in words if "/accounts/password/reset/key/" in word)


def test_an_invited_person_activates_an_app_and_signs_in_with_it(cast):
    email, link = invited(cast)
    browser = opens(link)
    assert browser.get("/me/").url == "/accounts/2fa/"
    secret = sets_up(browser)
    assert is_in(browser)
    assert is_in(signs_in(email, secret))


def test_who_signed_in_with_the_password_first_sets_it_up_too(cast):
    email, link = invited(cast)
    opens(link)
    browser = Client()
    browser.post("/accounts/login/", {"login": email, "password": WORDS})
    sets_up(browser)
    assert is_in(browser)


def test_the_page_for_a_passkey_opens(cast):
    _email, link = invited(cast)
    comes_to(opens(link), PASSKEY)


@pytest.mark.once  # setup connects as the owner, which ends this transaction
def test_the_first_administrator_sets_it_up_too(db, capsys):
    call_command("setup", operator="Nordvakt", admin="first@nordvakt.example")
    said = capsys.readouterr().out
    link = next(word for word in said.split() if "/accounts/password/reset/key/" in word)
    secret = sets_up(opens(link))
    assert is_in(signs_in("first@nordvakt.example", secret))


def test_a_link_from_the_console_will_do(cast):
    browser = opens(password_link(cast.people["jonas"]))
    sets_up(browser)
    assert is_in(browser)
