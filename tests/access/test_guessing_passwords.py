"""Guessing passwords is slow, and no stranger keeps an owner out by failing."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.access import attempts, pace
from samsyn.messages.password_requests import requests_answer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LATER = "Too many failed attempts"


class Clock:
    """A clock that stands until it is moved, at the beginning of an hour."""

    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch, settings):
    settings.TRUSTED_PROXIES = 1
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "100000/m/ip"}
    monkeypatch.setattr(attempts, "FRESH_MOST", 12)  # smaller than in service: tests are quick
    monkeypatch.setattr(attempts, "STRANGERS_MOST", 10)
    made = Clock()
    monkeypatch.setattr(pace, "clock", made)
    return made


def sign_in(client, person, password, place="203.0.113.5"):
    given = {"login": person.email, "password": password}
    return client.post("/accounts/login/", given, headers={"x-forwarded-for": place})


def fail(person, times, place="203.0.113.66"):
    """Fail as a stranger; return the last answer."""
    for _ in range(times):
        answer = sign_in(Client(), person, "wrong", place)
    return answer


def is_in(answer):
    return answer.status_code == 302


def is_refused(answer):
    return answer.status_code == 200 and LATER in answer.content.decode()


def test_one_who_guesses_from_one_place_is_refused(cast, clock):
    owner = cast.people["ingvild"]
    assert not is_refused(fail(owner, attempts.ACCOUNT_HERE_MOST))
    assert is_refused(fail(owner, 1))
    assert is_refused(sign_in(Client(), owner, PASSWORD, "203.0.113.66"))


def test_who_is_refused_is_told_how_long_it_lasts(cast, clock):
    owner = cast.people["ingvild"]
    assert "Wait five minutes" in fail(owner, attempts.ACCOUNT_HERE_MOST + 1).content.decode()
    clock.now += attempts.FEW_MINUTES
    assert not is_refused(fail(owner, 1))
    for number in range(5):
        last = fail(owner, attempts.ACCOUNT_HERE_MOST, f"203.0.113.{number}")
    assert "Wait an hour" in fail(owner, 1, "203.0.113.66").content.decode()
    assert is_refused(last)


def test_the_owner_comes_in_from_elsewhere_however_long_a_stranger_fails(cast, clock):
    owner = cast.people["ingvild"]
    for _ in range(6):
        fail(owner, attempts.ACCOUNT_HERE_MOST + 1)
        assert is_in(sign_in(Client(), owner, PASSWORD))
        clock.now += attempts.FEW_MINUTES


def test_few_strangers_do_not_keep_a_new_device_out(cast, clock):
    owner = cast.people["ingvild"]
    for number in range(4):
        fail(owner, attempts.ACCOUNT_HERE_MOST, f"203.0.113.{number}")
    assert is_refused(fail(owner, 1, "203.0.113.1"))
    assert is_in(sign_in(Client(), owner, PASSWORD, "198.51.100.9"))


def test_strangers_from_everywhere_try_no_more_than_a_limit_in_an_hour(cast, clock):
    owner = cast.people["ingvild"]
    answers = [fail(owner, 1, f"10.0.{number}.1") for number in range(attempts.FRESH_MOST + 2)]
    assert not is_refused(answers[attempts.FRESH_MOST - 1])
    assert is_refused(answers[-1])
    clock.now += attempts.HOUR
    assert not is_refused(fail(owner, 1, "10.9.9.9"))


def test_a_known_device_comes_in_while_strangers_use_up_every_limit(cast, clock):
    owner, laptop = cast.people["ingvild"], Client()
    assert is_in(sign_in(laptop, owner, PASSWORD))
    laptop.post("/accounts/logout/")
    for number in range(attempts.FRESH_MOST + 1):
        fail(owner, 1, f"10.0.{number}.1")
    assert is_refused(sign_in(Client(), owner, PASSWORD))
    assert is_in(sign_in(laptop, owner, PASSWORD))


def test_a_known_device_comes_in_from_a_place_that_is_shut(cast, clock):
    owner, laptop = cast.people["ingvild"], Client()
    sign_in(laptop, owner, PASSWORD)
    laptop.post("/accounts/logout/")
    fail(owner, attempts.ACCOUNT_HERE_MOST + 1, "203.0.113.5")
    assert is_in(sign_in(laptop, owner, PASSWORD, "203.0.113.5"))


def test_a_stolen_device_guesses_slowly_too(cast, clock):
    owner, laptop = cast.people["ingvild"], Client()
    sign_in(laptop, owner, PASSWORD)
    laptop.post("/accounts/logout/")
    answers = [sign_in(laptop, owner, "wrong") for _ in range(attempts.DEVICE_MOST + 1)]
    assert not is_refused(answers[-2])
    assert is_refused(answers[-1])
    clock.now += attempts.FEW_MINUTES
    assert is_in(sign_in(laptop, owner, PASSWORD))


def test_a_device_is_known_for_its_person_only_and_until_the_password_changes(cast, clock, rf):
    ingvild, jonas, laptop = cast.people["ingvild"], cast.people["jonas"], Client()
    sign_in(laptop, ingvild, PASSWORD)
    request = rf.get("/")
    request.COOKIES = {name: each.value for name, each in laptop.cookies.items()}
    assert attempts.known_device(request, ingvild.email.upper())
    request.COOKIES[attempts.COOKIE % jonas.pk] = request.COOKIES[attempts.COOKIE % ingvild.pk]
    assert not attempts.known_device(request, jonas.email)
    assert not attempts.known_device(request, "nobody@fjellvik.example")
    ingvild.set_password("quite another one")
    ingvild.save()
    assert not attempts.known_device(request, ingvild.email)


def test_the_cookie_of_a_device_is_out_of_reach_for_scripts(cast, clock):
    laptop = Client()
    sign_in(laptop, cast.people["ingvild"], PASSWORD)
    cookie = laptop.cookies[attempts.COOKIE % cast.people["ingvild"].pk]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/accounts/"


def test_a_new_password_by_mail_signs_in_whatever_strangers_do(cast, clock, mailoutbox):
    owner, laptop = cast.people["ingvild"], Client()
    for number in range(attempts.FRESH_MOST + 1):
        fail(owner, 1, f"10.0.{number}.1")
    laptop.post("/accounts/password/reset/", {"email": owner.email})
    requests_answer()
    link = next(line for line in mailoutbox[0].body.split() if "/reset/key/" in line)
    page = laptop.get(link.partition("8000")[2], follow=True)
    new = {"password1": "quite another one", "password2": "quite another one"}
    laptop.post(page.request["PATH_INFO"], new)
    assert laptop.get("/me/").status_code == 200
    laptop.post("/accounts/logout/")
    assert is_in(sign_in(laptop, owner, "quite another one"))


def test_who_comes_in_has_not_failed(cast, clock):
    owner = cast.people["ingvild"]
    for _ in range(attempts.ACCOUNT_HERE_MOST * 3):
        assert is_in(sign_in(Client(), owner, PASSWORD))


def test_what_is_refused_prolongs_nothing(cast, clock):
    owner = cast.people["ingvild"]
    fail(owner, attempts.ACCOUNT_HERE_MOST * 10)
    clock.now += attempts.FEW_MINUTES
    assert is_in(sign_in(Client(), owner, PASSWORD, "203.0.113.66"))


def test_an_unknown_address_is_answered_as_a_known_one(cast, clock):
    cast.people["ingvild"].email = "nobody@fjellvik.example"
    assert not is_refused(fail(cast.people["ingvild"], attempts.ACCOUNT_HERE_MOST))
    assert is_refused(fail(cast.people["ingvild"], 1))
