"""Writing the trail. Only the gate (access.commands) calls this on behalf of others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from samsyn.audit.keys import trail_keys
from samsyn.audit.models import Entry
from samsyn.audit.names import name_kept
from samsyn.audit.rules import GENESIS, ChainEntry, kind_of, link_hash

HIDDEN = "(hidden)"
SEALED = "audit.seal"
AT_ONCE = 500  # entries in one statement
TRAIL_LOCK = 7_266_797  # any constant: PostgreSQL writers queue on it, so that the chain is one


def snapshot(instance: models.Model) -> dict[str, Any]:
    """Return the fields of a thing as JSON values; secret fields only say that they are set."""
    hidden: frozenset[str] = getattr(instance, "AUDIT_HIDDEN", frozenset())
    return {
        f.attname: (HIDDEN if f.attname in hidden and value else value)
        for f in instance._meta.concrete_fields
        for value in [_plain(getattr(instance, f.attname))]
    }


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    """Return ``{field: [before, after]}`` for the fields that differ."""
    before, after = before or {}, after or {}
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return {n: [before.get(n), after.get(n)] for n in names}


def record(
    *,
    actor: str,
    person_id: int | None,
    action: str,
    organisation_id: int | None = None,
    thing: models.Model | None = None,
    thing_id: Any = None,
    changes: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Append one entry to the trail, inside the transaction of the change itself.

    The first entry that is written with a key is preceded by one that seals all before it.
    """
    return append(
        at=_moment(at),
        actor=actor,
        person_id=person_id,
        action=action,
        organisation_id=organisation_id,
        changes=changes or {},
        **_named(thing, thing_id),
    )


def record_all(
    things: Iterable[tuple[models.Model, dict[str, Any] | None]],
    *,
    actor: str,
    person_id: int | None,
    action: str,
) -> None:
    """Append one entry for each thing, at its owner, as ``record`` does, many in a statement.

    Args:
        things: each thing as it is now, and its snapshot from before; None where it is new.
        actor: who did it.
        person_id: whose account that is, if it is a person's.
        action: what was done, the same for all.

    """
    at = _moment(None)
    append_all(
        {
            "at": at,
            "actor": actor,
            "person_id": person_id,
            "action": action,
            "organisation_id": getattr(thing, "owner_id", None),
            "changes": differences(before, snapshot(thing)),
            **_named(thing, None),
        }
        for thing, before in things
    )


def _named(thing: models.Model | None, thing_id: Any) -> dict[str, str]:
    if thing is None:
        return {"object_type": "", "object_id": "", "object_name": ""}
    return {
        "object_type": thing._meta.label,
        "object_id": str(thing_id if thing_id is not None else thing.pk),
        "object_name": name_kept(thing),
    }


def append(**fields: Any) -> Entry:
    """Append an entry with these fields of a ``ChainEntry``; it gets the next number."""
    return append_all([fields])[0]


def append_all(rows: Iterable[dict[str, Any]]) -> list[Entry]:
    """Append entries with these fields of a ``ChainEntry`` each; they get the next numbers."""
    last = _last_entry()
    if last is not None and not last.mac:
        last = _append(_seal_after(last), last.hash)
    first, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    entries = []
    for number, row in enumerate(rows, start=first):
        link = ChainEntry(number=number, **{**row, "actor": row["actor"][:200]})
        entries.append(_chained(link, previous))
        previous = entries[-1].hash
    return Entry.objects.bulk_create(entries, batch_size=AT_ONCE)


def seal() -> Entry | None:
    """Seal the entries from before there was a key, if there are any that are not sealed yet."""
    with transaction.atomic():
        last = _last_entry()
        if last is None or last.mac:
            return None
        return _append(_seal_after(last), last.hash)


def _seal_after(last: Entry) -> ChainEntry:
    return ChainEntry(
        number=last.number + 1,
        at=_moment(None),
        actor="job:trail.seal",
        person_id=None,
        action=SEALED,
        organisation_id=None,
        object_type="",
        object_id="",
        object_name="",
        changes={"entries": last.number, "hash": last.hash},
    )


def _append(link: ChainEntry, previous: str) -> Entry:
    entry = _chained(link, previous)
    entry.save(force_insert=True)
    return entry


def _chained(link: ChainEntry, previous: str) -> Entry:
    fields: dict[str, Any] = {name: getattr(link, name) for name in ChainEntry.__slots__}
    fields["at"] = datetime.fromisoformat(link.at)
    key, code = trail_keys()[0], link_hash(link, previous)
    return Entry(
        **fields,
        kind=kind_of(link.action),
        previous_hash=previous,
        hash=code,
        key_id=key.id,
        mac=key.code("trail entry", code),
    )


def _last_entry() -> Entry | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [TRAIL_LOCK])
    return Entry.objects.order_by("-number").only("number", "hash", "mac").first()


def _moment(at: datetime | None) -> str:
    return (at or timezone.now()).astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    return DjangoJSONEncoder().default(value) if _known(value) else str(value)


def _known(value: Any) -> bool:
    return isinstance(value, datetime)
