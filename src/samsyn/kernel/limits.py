"""How large a number and how far away a day may be, and how many of a thing one may have."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from samsyn.kernel.rooms import Limit, gathered

INT_LEAST, INT_MOST = -(2**63), 2**63 - 1  # what a column of either database holds
DAY_FIRST, DAY_LAST = date(1900, 1, 1), date(2199, 12, 31)  # a month or a zone away is a day, too


@lru_cache(maxsize=1)
def limits() -> dict[str, Limit]:
    """Return every limit by its name, as the rooms declare them.

    They are far above what anybody needs: they keep one account from filling the installation.
    """
    return gathered("limits")


def limits_read(text: str) -> dict[str, int]:
    """Return the limits, some of them set otherwise by a text.

    Raises:
        ValueError: a limit is unknown, or no whole number above zero.

    Example:
        >>> limits_read("contacts=200")["contacts"], limits_read("")["feeds"]
        (200, 5)

    """
    found = {name: limit.most for name, limit in limits().items()}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _sign, number = part.partition("=")
        if name not in found or not number.isdecimal() or int(number) < 1:
            raise ValueError(f"write NAME=NUMBER, with a name among {', '.join(sorted(found))}")
        found[name] = int(number)
    return found


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
