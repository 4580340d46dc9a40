"""A second factor: asked for each time, good for once, and required where that is set."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from django.test import Client

from samsyn.access.services import factors_remove
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.password_requests import requests_answer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FRESH = "an entirely other sentence"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


@pytest.fixture
def ingvild(cast, settings):
    """Ingvild with an authenticator app."""
    settings.MFA_TOTP_TOLERANCE = 1  # a period that ends during the test decides nothing
    TOTP.activate(cast.people["ingvild"], SEED)
    return cast.people["ingvild"]


def code(periods=0):
    return format_hotp_value(hotp_value(SEED, int(time.time()) // PERIOD + periods))


def with_password(person, password=PASSWORD):
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": person.email, "password": password})
    return browser, answer


def gives(browser, text):
    browser.post("/accounts/2fa/authenticate/", {"code": text})
    return is_in(browser)


def is_in(browser):
    return browser.get("/me/").status_code == 200


def test_a_password_alone_does_not_open(ingvild):
    browser, answer = with_password(ingvild)
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)
    assert not gives(browser, "000000")
    assert gives(browser, code())


def test_a_code_opens_once(ingvild):
    used = code()
    assert gives(with_password(ingvild)[0], used)
    assert not gives(with_password(ingvild)[0], used)


@pytest.mark.parametrize("periods", [-3, 3])
def test_a_code_of_another_moment_does_not_open(ingvild, periods):
    assert not gives(with_password(ingvild)[0], code(periods))


def test_the_page_that_asks_for_a_code_mentions_recovery_codes(ingvild):
    page = with_password(ingvild)[0].get("/accounts/2fa/authenticate/")
    assert "give one of your recovery codes" in page.content.decode()


def test_a_recovery_code_opens_once(ingvild):
    one = RecoveryCodes.activate(ingvild).get_unused_codes()[0]
    assert gives(with_password(ingvild)[0], one)
    assert not gives(with_password(ingvild)[0], one)


def forgotten(person, browser=None):
    """Ask for a link, and return its address."""
    asks = browser or Client()
    answer = asks.post("/accounts/password/reset/", {"email": person.email})
    assert answer.status_code == 302
    requests_answer()
    text = mail.outbox[-1].body
    return next(word for word in text.split() if "/accounts/password/reset/key/" in word)


def sets(link, password=FRESH):
    browser = Client()
    there = browser.get(link.split("testserver")[-1])
    if there.status_code != 302:
        return None
    answer = browser.post(there.url, {"password1": password, "password2": password})
    answer.browser = browser
    return answer


def test_a_forgotten_password_is_set_once_by_a_link(cast):
    person = cast.people["jonas"]
    before, _ = with_password(person)
    link = forgotten(person)
    assert sets(link).status_code == 302
    assert not is_in(before), "sessions from before end"
    assert is_in(with_password(person, FRESH)[0])
    assert sets(link, "yet another long sentence") is None


def test_a_forgotten_password_does_not_pass_the_second_factor(ingvild):
    assert not is_in(sets(forgotten(ingvild)).browser)
    browser, answer = with_password(ingvild, FRESH)
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)


def test_where_it_is_required_one_sets_it_up_first(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    person = cast.people["jonas"]
    browser, _ = with_password(person)
    for path in ("/", "/me/", "/api/findings", "/findings/"):
        assert browser.get(path).url == "/accounts/2fa/"
    assert browser.get("/accounts/2fa/").status_code == 200
    TOTP.activate(person, SEED)
    assert is_in(browser)


def test_where_it_is_required_one_who_has_one_goes_on(ingvild, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    browser, _ = with_password(ingvild)
    assert gives(browser, code())


def test_where_it_is_required_recovery_codes_alone_are_none(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    RecoveryCodes.activate(cast.people["jonas"])
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()
    assert not is_in(with_password(cast.people["jonas"])[0])


def test_where_it_is_only_offered_a_password_opens(cast):
    assert is_in(with_password(cast.people["jonas"])[0])


def test_the_console_removes_lost_factors_and_says_so_in_the_trail(ingvild, capsys):
    browser, _ = with_password(ingvild)
    assert gives(browser, code())
    call_command("factor_remove", ingvild.email)
    assert "1 factors removed, 1 sessions ended" in capsys.readouterr().out
    assert not is_in(browser)
    assert is_in(with_password(ingvild)[0])
    entry = Entry.objects.get(action="access.factors_remove")
    assert entry.changes == {"person": ingvild.pk, "removed": 1, "ended": 1}


def test_nobody_removes_factors_by_a_service(cast, ingvild):
    with pytest.raises(NotAllowed):
        factors_remove(actor=cast.ingvild, person=ingvild)
