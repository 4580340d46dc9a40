"""CSV that people open in a spreadsheet: the only place where such files are written.

A spreadsheet runs a cell that begins with certain signs as a formula. Such a text gets an
apostrophe in front, which a spreadsheet takes as "this is a text". Nordic spreadsheets split
CSV at semicolons and some ignore quotes that stand inside a line, so the same is done after a
semicolon, a tab and a line break inside a text.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_BLANK = r"[ '\"\u00a0\u2000-\u200f\u2060\u3000\ufeff]*"  # what a spreadsheet may skip or drop
_FORMULA = rf"{_BLANK}[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]"
_GUARDED = re.compile(rf"\A(?={_BLANK}[\t\r\n]|{_FORMULA})|(?<=[;\t\r\n])(?={_FORMULA})")
_GUARD = re.compile(rf"\A'(?={_BLANK}[\t\r\n]|{_FORMULA})|(?<=[;\t\r\n])'(?={_FORMULA})")


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def guarded(value: T) -> T | str:
    """Return a value as a cell that no spreadsheet runs; numbers stay numbers.

    Example:
        >>> guarded("=HYPERLINK(1)")
        "'=HYPERLINK(1)"
        >>> guarded("x;=1+1")
        "x;'=1+1"
        >>> guarded(-5)
        -5

    """
    return _GUARDED.sub("'", value) if isinstance(value, str) else value


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given.

    Example:
        >>> unguarded("'=HYPERLINK(1)")
        '=HYPERLINK(1)'
        >>> unguarded("'tis")
        "'tis"

    """
    return _GUARD.sub("", text)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet could run a text as a formula."""
    return _GUARDED.search(text) is not None


def csv_lines(
    rows: Iterable[Iterable[object]], *, line_end: str = "\r\n", delimiter: str = ","
) -> Iterator[str]:
    """Yield rows as lines of CSV, each text in them guarded."""
    writer = csv.writer(_Echo(), lineterminator=line_end, delimiter=delimiter)
    for row in rows:
        yield str(writer.writerow([guarded(cell) for cell in row]))
