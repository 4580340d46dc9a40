from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from samsyn.audit.models import Entry
from samsyn.audit.rules import Break, Link, first_break


def chain() -> Iterator[tuple[Link, str, str]]:
    """Yield every entry in order, with the previous hash and the hash it claims."""
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        fields: dict[str, Any] = {name: getattr(entry, name) for name in Link.__slots__}
        fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
        yield Link(**fields), entry.previous_hash, entry.hash


def trail_break() -> Break | None:
    """Return where the trail is broken, or None when it is whole."""
    return first_break(chain())


def trail_version() -> int:
    """Return the number of the newest entry: it grows whenever anybody changes anything.

    Every page asks it, so it is asked in plain words: composing it took longer than the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("select max(number) from audit_entry")
        newest: int | None = cursor.fetchone()[0]
    return newest or 0


def entries_in(organisations: QuerySet[Any]) -> QuerySet[Entry]:
    """Return the entries of these organisations, newest first."""
    return Entry.objects.filter(organisation_id__in=organisations)


def entries_of(label: str, pk: object) -> QuerySet[Entry]:
    """Return the story of one thing; the caller has shown that its reader may see it."""
    return Entry.objects.filter(object_type=label, object_id=str(pk))
