"""Keeps each register that observations were attributed by, so that the store can be rebuilt.

A batch names its register by digest. Without the claims themselves an old attribution could
not be made again once somebody has changed a resource.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from samsyn.kernel.disk import settle
from samsyn.monitoring.models import received_folder
from samsyn.monitoring.ownership import ClaimLike, Ownership, ownership


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """One claim of a kept register."""

    kind: str
    value: str
    organisation_id: int
    operated_by_id: int | None
    resource_id: int
    is_confirmed: bool


def registers_folder() -> Path:
    """Return where registers are kept: beside the files that were attributed by them."""
    return received_folder() / "registers"


def register_keep(claims: Iterable[ClaimLike]) -> Ownership:
    """Return claims prepared for attribution, and keep them on disk under their digest."""
    rows = list(claims)
    made = ownership(rows)
    place = _place(made.digest)
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{uuid4().hex}.tmp")
        unfinished.write_bytes(gzip.compress(json.dumps(_lines(rows)).encode(), mtime=0))
        settle(unfinished)
        unfinished.replace(place)
    return made


def register_kept(digest: str) -> Ownership | None:
    """Return the register of this digest, or None where it was not kept or is damaged."""
    try:
        rows = json.loads(gzip.decompress(_place(digest).read_bytes()))
        made = ownership([KeptClaim(*row) for row in rows])
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return made if made.digest == digest else None


def _lines(rows: Sequence[ClaimLike]) -> list[list[object]]:
    return [
        [c.kind, c.value, c.organisation_id, c.operated_by_id, c.resource_id, c.is_confirmed]
        for c in rows
    ]


def _place(digest: str) -> Path:
    return registers_folder() / f"{digest}.json.gz"
