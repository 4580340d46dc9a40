"""Which passwords are refused, and that everything else is taken."""

from __future__ import annotations

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from samsyn.access.passwords import BreachedPasswordValidator
from samsyn.settings.environment import BREACHED_PASSWORDS

pytestmark = pytest.mark.django_db


def is_taken(password, person):
    try:
        validate_password(password, person)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("elevensigns", False),
        ("twelve signs", True),
        ("åäö ÆØÅ — 日本語 🙂", True),
        ("only small letters", True),
        ("a cat sat on the mat and saw a bird. " * 2, True),
        ("a cat sat on the mat and saw a bird. " * 7, True),
    ],
)
def test_length_alone_is_asked_for(cast, password, taken):
    assert is_taken(password, cast.people["ingvild"]) is taken


@pytest.mark.parametrize(
    "password",
    [
        "Samsyn2026!",
        "samsynsamsyn",
        "Fjellvik2026!",
        "fjellvik kommun 1",
        "Sommar2026!!",
        "SamsynCSIRT123",
    ],
)
def test_words_that_everybody_here_thinks_of_are_no_password(cast, password):
    assert not is_taken(password.ljust(12, "!"), cast.people["ingvild"])


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "098765432109",
        "2026-11-30 2026-12-01"[:19],
        "198412041234",
        "qwertyuiop12",
        "Qwerty123456!",
        "asdfghjklöä!",
        "asdfghjkløæ1",
        "abcdefghijkl",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaa",
        "abc123abc123",
        "hej hej hej hej",
        "Passord12345678",
    ],
)
def test_what_follows_a_pattern_is_no_password(cast, password):
    assert not is_taken(password, cast.people["ingvild"])


@pytest.mark.parametrize(
    "password",
    ["84120412345907316642", "first posts on poles", "tjugo äpplen 1234", "kari spiser brunost"],
)
def test_what_only_holds_a_short_pattern_is_a_password(cast, password):
    assert is_taken(password, cast.people["ingvild"])


def test_a_long_sentence_may_hold_such_a_word(cast):
    assert is_taken("vi bor i fjellvik med to katter", cast.people["ingvild"])


def test_ones_own_name_is_no_password(cast):
    person = cast.people["ingvild"]
    assert not is_taken(person.email.ljust(12, "1"), person)


@pytest.fixture
def breached(tmp_path):
    words = [f"stolen password {number}" for number in range(500)]
    lines = sorted(
        hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in words
    )
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{line}:{number}\n" for number, line in enumerate(lines)))
    return BreachedPasswordValidator(str(path)), words


def test_every_password_of_the_file_is_refused_and_no_other(breached):
    validator, words = breached
    for word in words:
        with pytest.raises(ValidationError):
            validator.validate(word)
    for number in range(500):
        validator.validate(f"kept password {number}")


def test_a_file_that_is_not_there_stops_the_start(monkeypatch):
    monkeypatch.setenv("SAMSYN_BREACHED_PASSWORDS", "/nowhere/breached.txt")
    with pytest.raises(ImproperlyConfigured, match="no such file"):
        BREACHED_PASSWORDS.value()
