"""Sessions end: by themselves, from another place, and for good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from samsyn.access.models import Person
from samsyn.access.services import sessions_end
from samsyn.access.sessions import BEGAN, SEEN, SEEN_STEP, browser_of
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed
from samsyn.site.jobs import forget

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FRESH = "an entirely other sentence"
HOUR = 3600
FIELD = r"<input[^>]* name=\"(?:old)?password\d?\"[^>]*>"


def signed_in(cast, name="ingvild", **headers):
    browser = Client(headers=headers)
    given = {"login": cast.people[name].email, "password": PASSWORD}
    assert browser.post("/accounts/login/", given).status_code == 302
    return browser


def is_in(browser):
    return browser.get("/me/").status_code == 200


def set_back(browser, **seconds):
    session = browser.session
    for name, ago in seconds.items():
        session[{"began": BEGAN, "seen": SEEN}[name]] -= ago
    session.save()


@pytest.mark.parametrize(
    ("ago", "still"), [(12 * HOUR - 60, True), (12 * HOUR, False)], ids=["before", "after"]
)
def test_a_session_lasts_twelve_hours_however_much_it_is_used(cast, ago, still):
    browser = signed_in(cast)
    set_back(browser, began=ago)
    assert is_in(browser) is still


@pytest.mark.parametrize(
    ("ago", "still"), [(HOUR - 60, True), (HOUR + SEEN_STEP, False)], ids=["before", "after"]
)
def test_a_session_that_is_not_used_for_an_hour_ends(cast, ago, still):
    browser = signed_in(cast)
    set_back(browser, seen=ago)
    assert is_in(browser) is still


def test_a_session_that_is_used_goes_on(cast):
    browser = signed_in(cast)
    for _ in range(3):
        set_back(browser, seen=HOUR - 60, began=HOUR)
        assert is_in(browser)


def test_a_session_ends_with_the_browser_and_nobody_can_ask_for_a_longer_one(cast):
    browser = Client()
    assert "remember" not in browser.get("/accounts/login/").content.decode()
    given = {"login": cast.people["ingvild"].email, "password": PASSWORD, "remember": "on"}
    answer = browser.post("/accounts/login/", given)
    assert answer.cookies["sessionid"]["max-age"] == ""
    set_back(browser, began=12 * HOUR)
    assert not is_in(browser)


def test_an_ended_session_is_gone_from_the_server(cast):
    browser = signed_in(cast)
    key = browser.session.session_key
    set_back(browser, began=12 * HOUR)
    assert not is_in(browser)
    assert not Session.objects.filter(session_key=key).exists()


def test_signing_out_ends_the_session_and_empties_the_browser(cast):
    browser = signed_in(cast)
    kept = browser.cookies["sessionid"].value
    answer = browser.post("/accounts/logout/")
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    browser.cookies["sessionid"] = kept
    assert not is_in(browser)


def test_signing_in_gives_a_new_session(cast):
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    given = {"login": cast.people["ingvild"].email, "password": PASSWORD}
    browser.post("/accounts/login/", given)
    assert browser.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_person_who_may_no_longer_sign_in_is_out_at_once(cast):
    browser = signed_in(cast)
    cast.people["ingvild"].is_active = False
    cast.people["ingvild"].save()
    assert not is_in(browser)


def test_a_new_password_ends_the_other_sessions(cast):
    here, there = signed_in(cast), signed_in(cast)
    given = {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_one_sees_where_one_is_signed_in_and_nobody_else(cast):
    here = signed_in(cast, **{"user-agent": "curl of Ingvild"})
    signed_in(cast, **{"user-agent": "wget of Ingvild"})
    signed_in(cast, "sigrid", **{"user-agent": "lynx of Sigrid"})
    page = here.get("/accounts/sessions/").content.decode()
    assert "curl of Ingvild" in page
    assert "wget of Ingvild" in page
    assert "lynx of Sigrid" not in page


def test_a_visitor_of_the_demonstration_sees_theirs_too(cast, settings):
    settings.DEMONSTRATION = True
    browser = Client(headers={"user-agent": "Firefox/140"})
    browser.post("/choose-person/", {"person": cast.people["ingvild"].pk})
    assert "this browser" in browser.get("/accounts/sessions/").content.decode()


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.9", "curl/8.9"),
        ("", "–"),
    ],
)
def test_a_browser_is_named_in_words(agent, told):
    assert browser_of(agent) == told


def test_one_ends_the_other_sessions_after_giving_the_password_and_only_ones_own(cast):
    here, there, other = signed_in(cast), signed_in(cast), signed_in(cast, "sigrid")
    asked = here.post("/accounts/sessions/")
    assert asked.url.startswith("/accounts/reauthenticate/")
    here.post(asked.url, {"password": "not the password"})
    assert is_in(there)
    here.post(asked.url, {"password": PASSWORD})
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)


def test_saying_again_who_one_is_gives_a_new_session(cast):
    here = signed_in(cast)
    before = here.session.session_key
    asked = here.post("/accounts/sessions/")
    here.post(asked.url, {"password": "not the password"})
    assert here.session.session_key == before
    here.post(asked.url, {"password": PASSWORD})
    assert here.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "this browser" in here.get("/accounts/sessions/").content.decode()


def test_the_old_password_is_needed_for_a_new_one(cast):
    browser = signed_in(cast)
    given = {"oldpassword": "not the password", "password1": FRESH, "password2": FRESH}
    assert browser.post("/accounts/password/change/", given).status_code == 200
    assert not Client().login(email=cast.people["ingvild"].email, password=FRESH)


@pytest.mark.parametrize("change", [str.upper, str.strip, lambda text: text[:-1]])
def test_a_password_counts_as_it_was_typed(cast, change):
    person, password = cast.people["ingvild"], " Correct horse \u00e5\u00e4\u00f6 battery "
    person.set_password(password)
    person.save()
    given = {"login": person.email, "password": change(password)}
    assert Client().post("/accounts/login/", given).status_code == 200
    assert Client().post("/accounts/login/", {**given, "password": password}).status_code == 302


def test_the_fields_for_passwords_hide_them_and_let_helpers_fill_them(cast):
    pages = [Client().get("/accounts/login/"), signed_in(cast).get("/accounts/password/change/")]
    fields = [f for p in pages for f in re.findall(FIELD, p.content.decode())]
    assert len(fields) == 4
    assert all('type="password"' in field and "-password" in field for field in fields)
    assert not any("onpaste" in field or 'autocomplete="off"' in field for field in fields)


def test_every_page_has_the_way_out(cast):
    browser = signed_in(cast)
    for path in ("/", "/me/", "/findings/", "/accounts/2fa/", "/nowhere/"):
        assert 'action="/accounts/logout/"' in browser.get(path, follow=True).content.decode()


def test_a_new_installation_knows_nobody(db):
    assert not Person.objects.exists()


FACTORS = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]


@pytest.mark.parametrize("url", FACTORS)
def test_a_second_factor_is_not_changed_by_who_finds_a_browser_open(cast, url):
    browser = signed_in(cast)
    asked = browser.get(url)
    assert asked.url.startswith("/accounts/reauthenticate/")
    browser.post(asked.url, {"password": PASSWORD})
    assert browser.get(url).status_code == 200
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 5 * 60
    session.save()
    assert browser.get(url).url.startswith("/accounts/reauthenticate/")


def test_the_console_ends_the_sessions_of_one_or_of_all(cast, capsys):
    ingvild, sigrid = signed_in(cast), signed_in(cast, "sigrid")
    call_command("session_end", cast.people["ingvild"].email)
    assert (is_in(ingvild), is_in(sigrid)) == (False, True)
    assert "1 sessions ended" in capsys.readouterr().out
    call_command("session_end", "--all")
    assert not is_in(sigrid)
    entry = Entry.objects.filter(action="access.sessions_end").order_by("number").first()
    assert entry.changes == {"person": cast.people["ingvild"].pk, "ended": 1}


def test_nobody_ends_the_sessions_of_another(cast):
    with pytest.raises(NotAllowed):
        sessions_end(actor=cast.ingvild, person=cast.people["sigrid"])


def test_what_has_run_out_is_forgotten(cast):
    gone, here = signed_in(cast), signed_in(cast)
    past = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(session_key=gone.session.session_key).update(expire_date=past)
    assert forget(actor=cast.job, progress=print) == {"forgotten": 1}
    assert UserSession.objects.get().session_key == here.session.session_key
