"""In the menu one page is marked as the one that is shown."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from samsyn.site.navigation import PAGES


def marked(client, url):
    page = client.get(url).content.decode()
    return re.findall(r'<a[^>]*aria-current="page"[^>]*href="([^"]+)"', page) + re.findall(
        r'<a[^>]*href="([^"]+)"[^>]*aria-current="page"', page
    )


@pytest.mark.parametrize("name", sorted(page.url_name for page in PAGES))
def test_the_page_that_is_shown_is_marked_and_no_other(client, cast, home, name):
    url = reverse(name)
    for who in ("astrid", "henrik", "ingvild"):
        answer = client.be(cast.people[who]).get(url)
        if answer.status_code == 200:
            assert set(marked(client, url)) == {url}
        if answer.status_code == 302:  # a home page that is another for each role
            assert len(set(marked(client, answer["Location"]))) == 1
        if answer.status_code in {200, 302}:
            return
    pytest.fail("nobody may see it")


def test_a_page_below_marks_the_one_it_stands_under(client, cast):
    client.be(cast.people["ingvild"])
    assert set(marked(client, reverse("actions:board"))) == {reverse("actions:list")}
