"""A program that asks too often is told to wait, and says so in headers that clients know."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from samsyn.access import pace
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    cache.clear()
    settings.API_CALLS = 2
    monkeypatch.setattr(pace, "clock", lambda: 1_000_000_020.0)


def test_every_answer_says_how_many_calls_are_left(cast):
    answer = Program(cast, "ingvild").get("/api/actions")
    assert answer["RateLimit-Policy"] == '"calls";q=2;w=60'
    assert answer["RateLimit"] == '"calls";r=1;t=60'


def test_one_too_many_is_refused_with_how_long_to_wait(cast):
    program = Program(cast, "ingvild")
    assert [program.get("/api/actions").status_code for _ in range(3)] == [200, 200, 429]
    answer = program.post("/api/actions", {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer["RateLimit"] == '"calls";r=0;t=60'
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["title"] == "TooMany"


def test_another_token_and_the_next_minute_are_counted_anew(cast, monkeypatch):
    program = Program(cast, "ingvild")
    for _ in range(3):
        program.get("/api/actions")
    assert Program(cast, "ingvild").get("/api/actions").status_code == 200
    monkeypatch.setattr(pace, "clock", lambda: 1_000_000_080.0)
    assert program.get("/api/actions").status_code == 200


def test_a_refusal_is_counted_and_a_stranger_has_no_count(cast, client):
    program = Program(cast, "ingvild")
    assert program.get("/api/actions/999999")["RateLimit"] == '"calls";r=1;t=60'
    answer = client.get("/api/actions")
    assert answer.status_code == 401
    assert "RateLimit" not in answer


def test_a_session_is_counted_by_its_person(cast, client):
    client.be(cast.people["ingvild"])
    assert [client.get("/api/actions").status_code for _ in range(3)] == [200, 200, 429]
