"""The two clocks of a session, to the second; and which way in counts as strong."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from samsyn.access import sessions
from samsyn.access.sessions import (
    BEGAN,
    SEEN,
    SEEN_STEP,
    STRONG,
    SecondFactorMiddleware,
    SessionLimitMiddleware,
    begin,
    is_over,
)

NOW = 1_800_000_000
IDLE, AGE = 1800, 36_000


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = IDLE, AGE
    monkeypatch.setattr(sessions, "_now", lambda: NOW)


@pytest.mark.parametrize(
    ("began", "seen", "over"),
    [
        (0, 0, False),
        (AGE - 1, 0, False),
        (AGE, 0, True),
        (IDLE, IDLE + SEEN_STEP - 1, False),  # when it was used is written now and then only
        (IDLE, IDLE + SEEN_STEP, True),
    ],
)
def test_a_session_is_over_when_it_lasted_or_was_idle_for_so_long(began, seen, over):
    assert is_over({BEGAN: NOW - began, SEEN: NOW - seen}, NOW) is over


def test_one_from_before_there_was_a_limit_begins_now():
    assert not is_over({}, NOW)
    assert not is_over({BEGAN: NOW}, NOW)
    assert is_over({SEEN: NOW - IDLE - SEEN_STEP}, NOW)


def passed(person, *, path="/", layer=SessionLimitMiddleware, **kept):
    """Return the answer and the session after a request of somebody with such a session."""
    request = RequestFactory().get(path)
    request.user, request.session = person, SessionStore()
    request.session.update(kept)
    request._messages = SimpleNamespace(add=lambda *_given: None)
    answer = layer(lambda _request: HttpResponse("the page"))(request)
    return answer, request.session, request.user


def test_a_session_that_is_over_ends_and_the_page_is_asked_for_by_nobody(cast):
    kept = {BEGAN: NOW - AGE, SEEN: NOW}
    answer, session, user = passed(cast.people["liv"], **kept)
    assert answer.content == b"the page"
    assert not user.is_authenticated
    assert BEGAN not in session


@pytest.mark.parametrize(
    ("ago", "written"), [(0, False), (SEEN_STEP - 1, False), (SEEN_STEP, True)]
)
def test_that_it_was_used_is_written_seldom(cast, ago, written):
    _answer, session, user = passed(cast.people["liv"], **{BEGAN: NOW - 600, SEEN: NOW - ago})
    assert session[SEEN] == (NOW if written else NOW - ago)
    assert session[BEGAN] == NOW - 600
    assert user.is_authenticated


def test_one_without_clocks_gets_them_and_a_visitor_gets_none(cast):
    _answer, session, _user = passed(cast.people["liv"])
    assert (session[BEGAN], session[SEEN]) == (NOW, NOW)
    _answer, session, _user = passed(AnonymousUser())
    assert not session.keys()


def test_to_sign_in_starts_both_clocks():
    request = RequestFactory().get("/")
    request.session = SessionStore()
    begin(request)
    assert (request.session[BEGAN], request.session[SEEN]) == (NOW, NOW)


def asked(person, **given):
    answer, session, _user = passed(person, layer=SecondFactorMiddleware, **given)
    return answer.status_code == 302, session


def records(*methods, of=None):
    kept = {AUTHENTICATION_METHODS_SESSION_KEY: [{"method": method} for method in methods]}
    return kept | {_AUTHENTICATION_METHODS_USER_SESSION_KEY: str(of.pk) if of else ""}


@pytest.mark.parametrize(
    ("methods", "is_led"),
    [
        (("password",), True),
        (("password_reset",), True),  # a link in a mail is no second factor
        (("password", "password_reset"), True),
        ((), True),
        (("password", "mfa"), False),
        (("socialaccount",), False),
    ],
)
def test_who_signed_in_with_a_password_alone_is_led_to_set_up_another(
    cast, settings, methods, is_led
):
    settings.SECOND_FACTOR_REQUIRED = True
    led, session = asked(cast.people["liv"], **records(*methods, of=cast.people["liv"]))
    assert (led, session[STRONG]) == (is_led, not is_led)


def test_a_way_in_of_somebody_else_in_the_same_session_does_not_count(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    assert asked(cast.people["liv"], **records("socialaccount", of=cast.people["egil"]))[0]


def test_nobody_is_led_where_it_is_not_required_nor_on_the_way_to_setting_up(cast, settings):
    liv = cast.people["liv"]
    settings.SECOND_FACTOR_REQUIRED = False
    assert not asked(liv, **records("password"))[0]
    settings.SECOND_FACTOR_REQUIRED = True
    for path in ("/accounts/2fa/", "/language/", "/theme/", "/static/x.css", "/healthz"):
        assert not asked(liv, path=path, **records("password"))[0], path
    assert asked(liv, path="/findings/", **records("password"))[0]
    assert not asked(AnonymousUser())[0]
    assert not asked(liv, **{STRONG: True}, **records("password"))[0]
