"""Work on hostile constituency files that tests let a process of its own do."""

from __future__ import annotations

import json

from samsyn.assets.rules import COLUMNS, FileError, facts_in, in_order, wishes

HEADER = ",".join(COLUMNS) + "\n"


def problems(content: bytes) -> bytes:
    """Return what is wrong with a file."""
    try:
        facts_in(content)
    except FileError as error:
        return json.dumps(error.problems[:3]).encode()
    return b"[]"


def order_of_a_chain(length: int) -> bytes:
    """Put organisations in order of which each stands below the next one of the file."""
    rows = (f"o{n},,,{f'o{n + 1}' if n < length else ''},,,,,\n" for n in range(length + 1))
    found = wishes(facts_in((HEADER + "".join(rows)).encode()))
    return json.dumps([wish.name for wish in in_order(found, [])][:2]).encode()
