"""Figures and their rows in a year of the demonstration, for the people who read most of them."""

from __future__ import annotations

import re

import pytest

from tests.house.figures import contradicted
from tests.house.test_links import links

ALIKE_MOST = 2  # pages that differ only in whose they are

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["Astrid", "Henrik", "Ingvild", "Torunn"])
def test_every_figure_opens_just_the_rows_that_it_counts(visitor, name):
    ask = visitor(name).request
    todo, seen, alike, differ = ["/"], {}, {}, []

    def opened(url):
        if url not in seen:
            answer = ask.get(url)
            is_page = answer.ok and answer.headers["content-type"].startswith("text/html")
            seen[url] = answer.text() if is_page else ""
        return seen[url]

    while todo:
        url = todo.pop(0)
        shape = re.sub(r"\d+", "N", url.partition("?")[0])
        if alike.setdefault(shape, 0) >= ALIKE_MOST:
            continue
        alike[shape] += 1
        content = opened(url)
        todo += [found for found in links(url, content) if found not in seen]
        differ += contradicted(url, content, opened)
    assert differ == []
    assert len(alike) > 10
