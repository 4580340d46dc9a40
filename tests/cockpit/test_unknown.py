"""Where nothing is known, a home page says so: a zero would be read as good news."""

from __future__ import annotations

import pytest

from samsyn.assets.models import Resource
from samsyn.organisations.models import Organisation
from tests.cast import make_batch, make_finding, make_resource

UNKNOWN = "We do not know yet what is open"
QUIET = "Nothing that we know of is open"


@pytest.fixture(autouse=True)
def _nothing_registered(cast):
    Resource.unscoped.all().delete()


def page_of(client, cast, name="ingvild"):
    return client.be(cast.people[name]).get(f"/members/{cast.fjellvik.pk}/").content.decode()


def test_a_member_without_a_resource_is_not_told_that_nothing_is_open(client, cast, home):
    make_batch(cast.samvakt)
    page = page_of(client, cast)
    assert UNKNOWN in page
    assert f"/resources/new/?organisation={cast.fjellvik.pk}" in page
    assert QUIET not in page
    assert "Nothing critical is open" not in page
    assert "Nothing was open" not in page


def test_a_claim_that_waits_makes_nothing_known(client, cast, home):
    make_batch(cast.samvakt)
    make_resource(cast.fjellvik, "domain", "fjellvik.example", state="requested")
    assert UNKNOWN in page_of(client, cast)


def test_before_the_first_report_nothing_is_known_of_any_resource(client, cast, home):
    make_resource(cast.fjellvik, "domain", "fjellvik.example")
    page = page_of(client, cast)
    assert UNKNOWN in page
    assert "No report has come in yet" in page


def test_who_may_not_add_a_resource_is_not_led_to_it(client, cast, home):
    page = page_of(client, cast, "liv")
    assert UNKNOWN in page
    assert "/resources/new/" not in page


def test_with_a_resource_and_a_report_nothing_open_is_said(client, cast, home):
    make_batch(cast.samvakt)
    make_resource(cast.fjellvik, "domain", "fjellvik.example")
    page = page_of(client, cast)
    assert QUIET in page
    assert UNKNOWN not in page


def test_what_is_open_is_shown_whatever_is_registered(client, cast, home):
    make_finding(cast.fjellvik)
    assert UNKNOWN not in page_of(client, cast)


def test_before_the_first_report_the_desk_shows_no_figure(client, cast, home):
    page = client.be(cast.people["astrid"]).get("/desk/").content.decode()
    assert "it is not known what is open at the members" in page
    assert "Nothing new since yesterday" not in page
    assert "Nothing critical is open" not in page


def test_after_the_first_report_the_desk_says_that_nothing_is_new(client, cast, home):
    make_batch(cast.samvakt)
    page = client.be(cast.people["astrid"]).get("/desk/").content.decode()
    assert "Nothing new since yesterday" in page


def test_on_the_map_and_in_the_list_it_is_not_known_and_no_zero(client, cast, home):
    make_batch(cast.samvakt)
    make_resource(cast.elvdal, "domain", "elvdal.example")
    Organisation.unscoped.filter(pk=cast.elvdal.pk).update(tile_x=2, tile_y=1)
    client.be(cast.people["astrid"])
    desk = client.get("/desk/").content.decode()
    assert "not known: no confirmed resource" in desk
    assert "0 open findings" in desk, "Elvdal has a resource, and nothing is open there"
    answer = client.get("/members/?export=csv")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    figures = {row.split(",")[0]: row.split(",")[1:5] for row in rows}
    assert figures["Fjellvik"] == [""] * 4
    assert figures["Elvdal"] == ["0"] * 4
