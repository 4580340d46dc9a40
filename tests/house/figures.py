"""A figure on a page that leads to rows leads to just so many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

SPACES = "\u00a0\u202f "
FIRST = re.compile(rf"\s*(\d{{1,3}}(?:[{SPACES},]\d{{3}})+|\d+)(?![\w.:/–-]|[{SPACES}][A-Z])")
ROWS = re.compile(rf"<strong>\s*([\d{SPACES},]+) rows?\s*</strong>")


class Links(HTMLParser):
    """Collects each link of a page with its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._open: str | None = None
        self._figure = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            given = dict(attrs)
            self._open, self._text = given.get("href"), ""
            self._figure = given.get("data-figure") or ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self.found.append((self._open, self._text, self._figure))
            self._open = None


def figures(page: str, content: str) -> Iterator[tuple[str, int, str]]:
    """Yield the links of an English page that tell a number: address, number, text.

    A link tells the number that it begins with, or the figure that stands beside it.
    """
    links = Links()
    links.feed(content)
    for url, text, figure in links.found:
        number = FIRST.match(figure or text)
        if number and url.startswith(("/", "?")):
            whole = page.partition("?")[0] + url if url.startswith("?") else url
            yield whole, _number(number[1]), " ".join(text.split())


def rows_shown(content: str) -> int | None:
    """Return how many rows an English list says that it holds; None for what is no list."""
    said = ROWS.search(content)
    return _number(said[1]) if said else None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def contradicted(page: str, content: str, opened: Callable[[str], str]) -> list[str]:
    """Return the figures of a page that open another number of rows.

    Args:
        page: its address.
        content: what it shows, in English.
        opened: returns what an address shows, to the same person.

    """
    found = [
        (url, number, text, rows_shown(opened(url))) for url, number, text in figures(page, content)
    ]
    return [
        f"{page} says “{text[:80]}”, {url} shows {rows}"
        for url, number, text, rows in found
        if rows is not None and rows != number
    ]
