"""Laws on navigation: the menu shows what a person may use, and the rest answers 403 or 404."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.access.selectors import actor_of
from samsyn.site.navigation import PAGES

pytestmark = pytest.mark.once  # permissions are reckoned before anything is read; rows: test_doors

LACKING = [page for page in PAGES if page.permission is not None]


@pytest.mark.parametrize("page", LACKING, ids=lambda page: page.url_name)
def test_who_may_see_nothing_there_is_neither_led_there_nor_let_in(client, cast, home, page):
    url = reverse(page.url_name)
    for name, person in cast.people.items():
        may = actor_of(person).may_anywhere(page.permission)
        answer = client.be(person).get(url)
        assert (answer.status_code in {403, 404}) != may, (name, answer.status_code)
        menu = client.get("/me/").content.decode()
        assert (f'href="{url}"' in menu) == may, name
