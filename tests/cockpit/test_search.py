"""The search finds what each room lets be found, for who may see it."""

from __future__ import annotations

import pytest

from samsyn.cockpit.views import searched
from samsyn.kernel.rooms import rooms
from tests.cast import PEOPLE, make_action, make_decision, make_document
from tests.indicators.builders import make_indicator
from tests.suppliers.builders import make_supplier


def found(client, person, wanted):
    page = client.be(person).get("/search/", {"q": wanted})
    assert page.status_code == 200
    return {text for _name, rows in page.context["groups"] for _url, text in rows}


@pytest.fixture
def things(cast):
    make_supplier(cast, name="Zeta supplies")
    make_action(cast.fjellvik, title="Zeta action")
    make_decision(cast.fjellvik, title="Zeta decision")
    make_document(cast.fjellvik, title="Zeta minutes")
    make_indicator(cast, name="Zeta share")


def test_what_the_ciso_keeps_is_found_by_its_name(client, cast, things):
    assert found(client, cast.people["ingvild"], "zeta") == {
        "Zeta supplies", "Zeta action", "Zeta decision", "Zeta minutes", "Zeta share",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["sigrid", "astrid"])
def test_who_may_not_see_it_does_not_find_it(client, cast, things, who):
    assert found(client, cast.people[who], "zeta") == set()


@pytest.mark.parametrize("who", PEOPLE)
def test_the_search_answers_everybody(client, cast, things, who):
    found(client, cast.people[who], "a")
    found(client, cast.people[who], "198.18.0.1")


def test_every_place_among_what_is_found_is_taken_once():
    places = [each.place for room in rooms().values() for each in room.searched]
    assert len(places) == len(set(places)) == len(searched())
