"""An answer says in which language it is: the person's, or the one that was asked for."""

from __future__ import annotations

import pytest

from tests.api.programs import Program

NOWHERE = "/api/findings/99"


@pytest.fixture
def swede(cast):
    person = cast.people["ingvild"]
    person.language = "sv"
    person.save(update_fields=["language"])
    return Program(cast, "ingvild")


def test_a_program_is_told_the_language_of_its_person(swede):
    answer = swede.get(NOWHERE)
    assert "finns inget" in answer.json()["detail"]
    assert answer["Content-Language"] == "sv"


def test_a_program_is_told_the_language_that_it_asked_for(swede):
    answer = swede.get(NOWHERE, Accept_Language="nb")
    assert answer["Content-Language"] == "nb"


def test_a_browser_is_told_the_language_of_its_person(client, cast, swede):
    page = client.be(cast.people["ingvild"]).get("/findings/", headers={"Accept-Language": "nb"})
    assert page["Content-Language"] == "sv"
