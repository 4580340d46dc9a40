"""The chain: what is hashed, and how a break is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What one entry says, in the form that is hashed; ``at`` is ISO 8601 in UTC."""

    number: int
    at: str
    actor: str
    person_id: int | None
    action: str
    organisation_id: int | None
    object_type: str
    object_id: str
    object_name: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    number: int
    reason: str


def link_hash(link: Link, previous: str) -> str:
    """Return the hash of an entry: SHA-256 over the hash before it and its content.

    Source:
        Our own form: the previous hash as hex, a line feed, the entry as JSON with
        sorted keys, no blanks, UTF-8.

    """
    text = json.dumps(asdict(link), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_break(chain: Iterable[tuple[Link, str, str]]) -> Break | None:
    """Return the first place where the chain is broken, or None when it is whole.

    Args:
        chain: entries in order, each with the previous hash and the hash it claims.

    Source:
        A chain is whole when numbers have no gap, each entry names the hash before
        it, and each hash follows from the content.

    """
    previous = GENESIS
    for number, (link, claims_previous, claims) in enumerate(chain, start=1):
        if link.number != number:
            return Break(link.number, f"entry {number} is missing")
        if claims_previous != previous:
            return Break(number, "it does not follow from the entry before")
        if link_hash(link, previous) != claims:
            return Break(number, "its content was changed")
        previous = claims
    return None
