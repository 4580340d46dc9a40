"""When a row that is not well-formed CSV may be read all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from samsyn.kernel.addresses import address_read
from samsyn.monitoring.reader import IsCertain

_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}|\s*\Z)", re.ASCII)


def certain_row(header: Sequence[str], layout: Mapping[str, str]) -> IsCertain:
    """Return what says whether a row's cells stand where they belong.

    They do if a time stands where the time belongs, and an address where a report of this
    kind has one.

    Args:
        header: the column names of the file.
        layout: which column of the report holds what.

    """
    time = header.index("timestamp") if "timestamp" in header else None
    column = layout.get("address")
    address = header.index(column) if column in header else None

    def is_certain(cells: list[str]) -> bool:
        is_timed = time is not None and _is_time(cells[time])
        return is_timed and (address is None or _is_address(cells[address]))

    return is_certain


def _is_time(text: str) -> bool:
    found = _DAY.match(text)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        return bool(address_read(text))
    except ValueError:
        return False
