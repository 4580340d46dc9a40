"""Who may not see findings is shown no figure of them: a zero would be untrue."""

from __future__ import annotations

import pytest

from samsyn.access.permissions import Role
from tests.cast import make_action, make_finding, make_organisation, make_person


@pytest.mark.parametrize("url", ["/desk/", "/members/"])
def test_an_administrator_gets_no_zeros(client, cast, home, url):
    make_finding(cast.fjellvik, severity=4)
    page = client.be(cast.people["henrik"]).get(url).content.decode()
    assert "Nothing new since yesterday" not in page
    assert "Nothing critical is open" not in page
    assert "Critical" not in page
    assert "nothing open" not in page
    analyst = client.be(cast.people["astrid"]).get(url).content.decode()
    assert "Critical" in analyst


def test_the_members_are_listed_all_the_same(client, cast, home):
    page = client.be(cast.people["henrik"]).get("/members/").content.decode()
    assert "Fjellvik" in page


@pytest.mark.parametrize("url", ["/findings/", "/documents/", "/actions/"])
def test_an_empty_list_does_not_say_that_there_is_nothing_at_the_members(client, cast, url):
    make_finding(cast.fjellvik)
    make_action(cast.fjellvik)
    page = client.be(cast.people["henrik"]).get(url)
    if page.status_code == 403:
        return
    text = page.content.decode()
    assert "You do not see the members&#x27; here" in text
    assert "No findings" not in text


def test_an_analyst_is_told_when_there_is_nothing(client, cast):
    page = client.be(cast.people["astrid"]).get("/findings/").content.decode()
    assert "No findings" in page


def test_a_member_is_told_when_there_is_nothing(client, cast):
    page = client.be(cast.people["ingvild"]).get("/findings/").content.decode()
    assert "No findings" in page


@pytest.fixture
def first_day(db):
    """The people of a security centre beside which there is no organisation yet."""
    centre = make_organisation("Samvakt", kind="operator")
    roles = {"henrik": Role.ADMINISTRATOR, "astrid": Role.ANALYST}
    return {name: make_person(name, centre, role) for name, role in roles.items()}


@pytest.mark.parametrize("url", ["/findings/", "/contacts/", "/webhooks/"])
@pytest.mark.parametrize("name", ["henrik", "astrid"])
def test_where_there_is_no_member_none_is_said_to_be_hidden(client, first_day, name, url):
    page = client.be(first_day[name]).get(url)
    assert "You do not see the members" not in page.content.decode()


def test_the_desk_of_the_first_day_says_that_there_is_no_member(client, first_day, home):
    page = client.be(first_day["henrik"]).get("/desk/").content.decode()
    assert "There is no member yet" in page
    assert "nobody has assigned you" not in page


@pytest.mark.parametrize("url", ["/jobs/", "/feeds/"])
def test_what_only_the_centre_has_is_not_said_to_be_hidden_at_members(client, cast, url):
    page = client.be(cast.people["henrik"]).get(url).content.decode()
    assert "You do not see the members" not in page
