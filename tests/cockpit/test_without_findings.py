"""Who may not see findings is shown no figure of them: a zero would be untrue."""

from __future__ import annotations

import pytest

from tests.cast import make_finding


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
