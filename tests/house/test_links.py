"""No page leads its reader to what this reader may not open, or to other rows than it counts."""

from __future__ import annotations

import html
import re

import pytest

from tests.cast import PEOPLE
from tests.house.figures import contradicted
from tests.house.parts import named
from tests.house.test_doors import made

# Of each room one thing, and of those with several kinds one of each that has a page of its own.
ROOMS = (
    *sorted(name for name in named("made") if ":" not in name),
    "management:meeting",
    "management:proposal",
)
ALIKE_MOST = 1  # pages that differ only in whose they are
ELSEWHERE = ("/static/", "/accounts/", "/api/")
LINK = re.compile(r'href="([/?][^"#]*)')


@pytest.mark.once
@pytest.mark.parametrize("rooms", [ROOMS, ()], ids=["something", "nothing"])
@pytest.mark.parametrize("name", PEOPLE)
def test_every_link_opens_for_who_is_shown_it(client, cast, home, name, rooms):
    for room in rooms:
        made(cast, room)()
    client.be(cast.people[name])
    todo, seen, alike = [("/", "")], set(), {}
    closed, differ = [], []
    while todo:
        url, shown_on = todo.pop(0)
        shape = re.sub(r"\d+", "N", url.partition("?")[0])
        if url in seen or alike.setdefault(shape, 0) >= ALIKE_MOST:
            continue
        seen.add(url)
        alike[shape] += 1
        answer = client.get(url)
        if answer.status_code == 302:
            todo.append((answer["Location"], url))
        elif answer.status_code != 200:
            closed.append((answer.status_code, url, shown_on))
        elif answer["Content-Type"].startswith("text/html"):
            content = answer.content.decode()
            todo += [(found, url) for found in links(url, content)]
            differ += contradicted(url, content, lambda to: shown(client, to))
    assert closed == []
    assert differ == []
    assert len(seen) > 3


def links(page: str, content: str) -> list[str]:
    """Return the addresses that a page leads to within Samsyn."""
    found = [html.unescape(link) for link in LINK.findall(content)]
    whole = [page.partition("?")[0] + link if link.startswith("?") else link for link in found]
    return [link for link in whole if not link.startswith(ELSEWHERE)]


def shown(client, url):
    """Return what an address shows; nothing where it is no page."""
    answer = client.get(url)
    return answer.content.decode() if answer.headers["Content-Type"].startswith("text/html") else ""


def test_the_law_on_figures_catches_a_figure_that_opens_other_rows():
    page = '<a href="/x/?late=on">3 of 10 are late</a> <a href="?a=1">1\u00a0200</a>'
    page += '<a href="/y/">2 Mar</a> <a href="/z/">2026-03-02</a>'
    lists = {"/x/?late=on": "<strong>10 rows</strong>", "/p/?a=1": "<strong>1,200 rows</strong>"}
    assert contradicted("/p/?b=2", page, lists.__getitem__) == [
        "/p/?b=2 says “3 of 10 are late”, /x/?late=on shows 10"
    ]
