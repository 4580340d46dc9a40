"""Laws on cost: a list takes the same number of queries however long it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.laws import addresses
from tests.house.parts import lacking, listed, named

pytestmark = pytest.mark.once
MOST = 25


LISTS = named("lists")
OF_THE_ORGANISATION = tuple(listed("own_lists"))  # closed to its CSIRT


@pytest.mark.parametrize("url", LISTS)
def test_a_list_costs_the_same_however_long(client, cast, url):
    client.be(cast.people["ingvild" if url.startswith(OF_THE_ORGANISATION) else "astrid"])
    made, costs = 0, []
    for more in (2, 198):
        for _ in range(more):
            LISTS[url](cast, made)
            made += 1
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0] <= MOST, costs


def test_the_lists_of_every_room_are_watched():
    shown = {"/" + path for name, path in addresses() if name.endswith((":list", ":resources"))}
    unwatched = sorted(shown - {url.split("?")[0] for url in LISTS})
    assert not unwatched, "\n".join(
        lacking("lists", url, f"Nothing makes rows for the list {url}.") for url in unwatched
    )
