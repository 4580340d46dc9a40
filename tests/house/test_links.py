"""No page leads its reader to one that this reader may not open."""

from __future__ import annotations

import html
import re

import pytest

from tests.cast import PEOPLE
from tests.house.test_doors import made

ROOMS = (
    "findings", "situation", "actions", "decisions", "documents", "monitoring", "wheel",
    "indicators", "maturity", "management:proposal", "management:meeting", "benchmark",
    "messages",
)  # fmt: skip
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
    closed = []
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
            todo += [(found, url) for found in links(url, answer.content.decode())]
    assert closed == []
    assert len(seen) > 3


def links(page: str, content: str) -> list[str]:
    """Return the addresses that a page leads to within Samsyn."""
    found = [html.unescape(link) for link in LINK.findall(content)]
    whole = [page.partition("?")[0] + link if link.startswith("?") else link for link in found]
    return [link for link in whole if not link.startswith(ELSEWHERE)]
