"""How many of a thing one may have: counted inside the transaction that adds to it.

Rooms declare them (``kernel.rooms.Limit``), with what is said when one is reached; they can be set.
"""

from __future__ import annotations

import zlib
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.limits import limits

MEGABYTE = 1_000_000
_INT4 = 2**31


def most(name: str) -> int:
    """Return the limit of that name, as it is set here."""
    return int(settings.LIMITS[name])


def require_room(
    name: str, rows: QuerySet[Any], *, of: int, add: int = 1, field: str | None = None
) -> None:
    """Require that there is room for more, and keep others from adding before this is done.

    Call it before anything is written: the trail's lock, too, is held to the end.

    Args:
        name: of the limit.
        rows: what is there already.
        of: id of the organisation, person or dialogue that the limit is for.
        add: how many come.
        field: of the form, if it is about one.

    Raises:
        RuleViolation: there would be more than the limit.

    """
    take_turns(name, of)
    require_rough_room(name, rows, add=add, field=field)


def require_rough_room(
    name: str, rows: QuerySet[Any], *, add: int = 1, field: str | None = None
) -> None:
    """Require that there is room, where one too many does no harm: nobody waits for others.

    For what other commands make within their own, when the trail may be held already.

    Raises:
        RuleViolation: there would be more than the limit.

    """
    with beyond_scope("says only how many there are"):
        there = rows.count()
    refuse_beyond(name, there + add, field=field)


def refuse_beyond(name: str, number: int, *, field: str | None = None) -> None:
    """Refuse a number above the limit.

    Raises:
        RuleViolation: it is above.

    """
    if number > most(name):
        raise RuleViolation(str(limits()[name].refused) % {"most": most(name)}, field=field)


def take_turns(name: str, of: int) -> None:
    """Let those who add to the same thing wait for each other until their transaction ends."""
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return
    with connection.cursor() as cursor:
        lock = [zlib.crc32(name.encode()) % _INT4, of % _INT4]
        cursor.execute("select pg_advisory_xact_lock(%s::int, %s::int)", lock)
