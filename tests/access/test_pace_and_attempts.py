"""Counting in windows, and which of the limits an attempt to sign in meets, number by number."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from samsyn.access import attempts, pace
from samsyn.access.attempts import Attempt, device_remember, known_device
from samsyn.access.pace import count

START = 1_800_000_000  # the beginning of an hour


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved: ``clock[0] += 1``."""
    now = [float(START)]
    monkeypatch.setattr(pace, "clock", lambda: now[0])
    return now


def test_each_thing_is_counted_for_itself(clock):
    assert [count("a"), count("a"), count("b"), count("a", add=3)] == [1, 2, 1, 5]
    assert count("a", add=-1) == 4


def test_to_read_counts_nothing(clock):
    assert [count("a", add=0), count("a", add=0), count("a"), count("a", add=0)] == [0, 0, 1, 1]


def test_a_count_begins_anew_with_its_window_and_not_before(clock):
    assert pace.WINDOW_SECONDS == 600
    count("a")
    clock[0] = START + 599.9
    assert count("a", add=0) == 1
    clock[0] = START + 600
    assert count("a", add=0) == 0
    assert count("a") == 1


def test_two_windows_of_one_thing_are_two_counts(clock):
    count("a", seconds=60)
    assert count("a", add=0, seconds=60) == 1
    assert count("a", add=0, seconds=3600) == 0


def attempt(place="203.0.113.5", account="ingvild@fjellvik.example", cookies=None):
    request = RequestFactory().get("/accounts/login/", REMOTE_ADDR=place)
    request.COOKIES.update(cookies or {})
    return Attempt(request, account)


def limits(made):
    return {limit.what.split(":")[1]: (limit.most, limit.seconds) for limit in made.limits}


def test_an_attempt_from_where_nobody_has_failed_meets_these_limits(cast, clock):
    assert limits(attempt()) == {
        "here": (5, 300),
        "place": (100, 3600),
        "seen": (100, 3600),
        "fresh": (300, 3600),
    }


def test_one_from_where_somebody_has_failed_on_the_account_meets_the_narrower_one(cast, clock):
    attempt().count()
    narrow = {"here": (5, 300), "place": (100, 3600), "seen": (100, 3600), "account": (50, 3600)}
    assert limits(attempt()) == narrow
    assert "fresh" in limits(attempt(place="203.0.113.6"))
    assert "fresh" in limits(attempt(account="jonas@fjellvik.example"))
    assert limits(attempt(account=" Ingvild@FJELLVIK.example ")) == narrow


def test_the_fifth_failure_here_is_the_last_for_five_minutes(cast, clock):
    for _ in range(4):
        attempt().count()
    assert attempt().wait() == 0
    attempt().count()
    assert attempt().wait() == 300
    clock[0] += 300
    assert attempt().wait() == 0


def test_who_came_in_has_not_failed(cast, clock):
    for _ in range(4):
        attempt().count()
    made = attempt()
    made.count()
    made.count(-1)
    assert attempt().wait() == 0


def test_the_longest_of_the_limits_that_are_reached_is_to_be_waited_for(cast, clock):
    for number in range(100):
        attempt(account=f"nobody{number}@mail.example").count()
    assert attempt().wait() == 3600
    assert attempt(place="203.0.113.6").wait() == 0


def kept(person, cookies=None):
    """Return the cookies of a browser in which a person has just signed in."""
    request = RequestFactory().get("/accounts/login/")
    request.COOKIES.update(cookies or {})
    response = HttpResponse()
    device_remember(request, response, person)
    ((name, morsel),) = response.cookies.items()
    return {name: morsel.value}, morsel


def device(cookies, account="ingvild@fjellvik.example"):
    request = RequestFactory().get("/accounts/login/")
    request.COOKIES.update(cookies)
    return known_device(request, account)


def test_a_device_on_which_somebody_signed_in_has_a_limit_of_its_own(cast, clock):
    cookies, _morsel = kept(cast.people["ingvild"])
    assert limits(attempt(cookies=cookies)) == {"device": (10, 300)}
    assert "device" not in limits(attempt(cookies=cookies, account="jonas@fjellvik.example"))


def test_a_device_keeps_its_name_and_two_devices_have_two(cast):
    ingvild = cast.people["ingvild"]
    cookies, _morsel = kept(ingvild)
    again, _morsel = kept(ingvild, cookies)
    other, _morsel = kept(ingvild)
    assert device(cookies) == device(again) != ""
    assert device(other) != device(cookies)


def test_a_device_is_known_to_its_person_until_the_password_changes(cast):
    ingvild = cast.people["ingvild"]
    cookies, _morsel = kept(ingvild)
    assert device(cookies, "INGVILD@fjellvik.example")
    assert device(cookies, "nobody@mail.example") == ""
    assert device({}) == ""
    assert device(dict.fromkeys(cookies, "forged")) == ""
    ingvild.set_password("another horse battery")
    ingvild.save()
    assert device(cookies) == ""


def test_a_device_of_whoever_may_not_sign_in_is_not_known(cast):
    ingvild = cast.people["ingvild"]
    cookies, _morsel = kept(ingvild)
    ingvild.is_active = False
    ingvild.save()
    assert device(cookies) == ""


def test_a_device_that_somebody_else_signed_in_on_is_not_known(cast):
    """The name in the cookie must be the person's own, whatever the cookie is called."""
    ((name, _value),) = kept(cast.people["ingvild"])[0].items()
    (value,) = kept(cast.people["jonas"])[0].values()
    assert device({name: value}) == ""


def test_the_cookie_of_a_device_is_read_by_no_script_and_sent_only_to_the_sign_in(cast, settings):
    settings.SESSION_COOKIE_SECURE = True
    _cookies, morsel = kept(cast.people["ingvild"])
    assert morsel["path"] == "/accounts/"
    assert morsel["max-age"] == 180 * 86400
    assert (morsel["httponly"], morsel["samesite"], morsel["secure"]) == (True, "Lax", True)
    assert "ingvild" not in morsel.value.lower()


def test_a_device_is_forgotten_after_half_a_year(cast, monkeypatch):
    import time

    cookies, _morsel = kept(cast.people["ingvild"])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + attempts.DEVICE_KNOWN.total_seconds() - 5)
    assert device(cookies)
    monkeypatch.setattr(time, "time", lambda: now + attempts.DEVICE_KNOWN.total_seconds() + 5)
    assert device(cookies) == ""
