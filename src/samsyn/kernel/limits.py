"""How large a number and how far away a day may be, so that every store and sum can take it."""

from __future__ import annotations

from datetime import date

INT_LEAST, INT_MOST = -(2**63), 2**63 - 1  # what a column of either database holds
DAY_FIRST, DAY_LAST = date(1900, 1, 1), date(2199, 12, 31)  # a month or a zone away is a day, too


def id_read(text: str) -> int | None:
    """Return the id that an address or a form wrote, or None if it is none.

    Example:
        >>> id_read("12"), id_read("٣"), id_read("9" * 30)
        (12, None, None)

    """
    if not text.isascii() or not text.isdigit() or len(text) > len(str(INT_MOST)):
        return None
    number = int(text)
    return number if number <= INT_MOST else None
