"""Who may not see findings is shown no figure of them: a zero would be untrue."""

from __future__ import annotations

import pytest

from tests.cast import make_action, make_finding


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
