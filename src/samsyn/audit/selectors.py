from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from samsyn.audit.keys import trail_keys
from samsyn.audit.models import Entry
from samsyn.audit.rules import CHANGE, Break, ChainEntry, EntryClaims, Proof, proof_of


def chain() -> Iterator[tuple[ChainEntry, EntryClaims]]:
    """Yield every entry in order, with what it claims beside its content."""
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        fields: dict[str, Any] = {name: getattr(entry, name) for name in ChainEntry.__slots__}
        fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
        claims = {name: getattr(entry, name) for name in EntryClaims.__slots__}
        yield ChainEntry(**fields), EntryClaims(**claims)


def trail_proof() -> Proof:
    """Return what the trail proves, up to its end or its first break."""
    return proof_of(chain(), trail_keys())


def trail_break() -> Break | None:
    """Return where the trail is broken, or None when it is whole."""
    return trail_proof().broken


def is_written(*, with_key: bool) -> bool:
    """Return whether anything is on record, or was signed with a key, before tables are there."""
    with connection.cursor() as cursor:
        if Entry._meta.db_table not in connection.introspection.table_names(cursor):
            return False
        columns = connection.introspection.get_table_description(cursor, Entry._meta.db_table)
    if not with_key:
        return Entry.objects.only("number").exists()
    is_there = "key_id" in {column.name for column in columns}
    return is_there and Entry.objects.exclude(key_id="").exists()


def trail_version() -> int:
    """Return the number of the newest change: it grows whenever anybody changes anything.

    Sign-ins, openings and exports change nothing that a page shows and leave it as it is.
    Every page asks it, so it is asked in plain words: composing it took longer than the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select number from audit_entry where kind = %s order by number desc limit 1", [CHANGE]
        )
        newest = cursor.fetchone()
    return int(newest[0]) if newest else 0


def entries_of(label: str, pk: object) -> QuerySet[Entry]:
    """Return the changes of one thing; the caller has shown that its reader may see it."""
    return Entry.objects.filter(object_type=label, object_id=str(pk), kind=CHANGE)


def on_record(label: str, ids: Collection[int]) -> set[int]:
    """Return those things of a kind that somebody has changed, by the trail."""
    rows = Entry.objects.filter(
        object_type=label, object_id__in=[str(pk) for pk in ids], kind=CHANGE
    )
    return {int(pk) for pk in rows.values_list("object_id", flat=True)}


def entries_at(organisation_id: int, labels: Collection[str]) -> QuerySet[Entry]:
    """Return the changes of an organisation's things of some kinds, for who may see those there."""
    return Entry.objects.filter(
        organisation_id=organisation_id, object_type__in=labels, kind=CHANGE
    )


def first_days(label: str, pks: Iterable[object], *, action: str) -> dict[str, date]:
    """Return the day, in the reader's zone, on which an action first was done to each thing."""
    rows = Entry.objects.filter(
        object_type=label, object_id__in=[str(pk) for pk in pks], action=action
    )
    days: dict[str, date] = {}
    for pk, at in rows.order_by("number").values_list("object_id", "at"):
        days.setdefault(pk, timezone.localdate(at))
    return days


def event_last(label: str, pk: object, actions: Iterable[str], *, kept_as: str) -> Entry | None:
    """Return the last of some events about a thing as a file."""
    rows = Entry.objects.filter(object_type=label, object_id=str(pk), action__in=list(actions))
    return rows.filter(changes__as=kept_as).order_by("-number").first()


def entry_last(action: str) -> Entry | None:
    """Return the newest entry of an action that is the installation's own."""
    return Entry.objects.filter(action=action).order_by("-number").first()


def last_number() -> int:
    """Return the number of the newest entry of any kind, 0 without one."""
    newest = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def hashes_at(numbers: set[int]) -> dict[int, str]:
    """Return the hashes of these entries, as far as they are there."""
    found = Entry.objects.filter(number__in=numbers)
    return dict(found.values_list("number", "hash"))
