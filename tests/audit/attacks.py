"""What somebody with the database's own rights could do to the trail."""

from __future__ import annotations

import json

from django.db import connection

from samsyn.audit.models import Entry
from samsyn.audit.rules import GENESIS, ChainEntry, link_hash
from samsyn.audit.selectors import chain


def past_the_guard(*statements):
    """Change the table as somebody with the database's own rights could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("trail_no_update", "trail_no_delete", "trail_in_order"):
                cursor.execute(f"drop trigger if exists {name}")
        else:
            cursor.execute("alter table audit_entry disable trigger user")
        for statement in statements:
            cursor.execute(statement)


def written_anew(change, *, keep_codes=False):
    """Write the whole trail anew: ``change(fields)`` alters an entry, all hashes follow.

    Without the key the codes can only be kept as they were, or left out.
    """
    previous, rows = GENESIS, []
    for link, claim in list(chain()):
        fields = {name: getattr(link, name) for name in ChainEntry.__slots__}
        changed = ChainEntry(**(change(dict(fields)) or fields))
        code = link_hash(changed, previous)
        mac = (claim.key_id, claim.mac) if keep_codes else ("", "")
        rows.append((changed, previous, code, *mac, claim.kind))
        previous = code
    past_the_guard("delete from audit_entry")
    for link, before, code, key_id, mac, kind in rows:
        fields = {name: getattr(link, name) for name in ChainEntry.__slots__}
        Entry.objects.create(
            **fields, previous_hash=before, hash=code, key_id=key_id, mac=mac, kind=kind
        )


def without_codes(until):
    """Make the entries up to a number as they were before there was a key."""
    past_the_guard(f"update audit_entry set key_id = '', mac = '' where number <= {until}")


def raw_entry(number, **changed):
    """Return an SQL insert of one entry, as somebody would type it."""
    fields = {
        "number": number,
        "at": "2026-03-02 12:00:00+00:00",
        "actor": "x",
        "action": "x.y",
        "object_type": "",
        "object_id": "",
        "object_name": "",
        "changes": json.dumps({}),
        "previous_hash": "0" * 64,
        "hash": "0" * 64,
    } | changed
    names = ", ".join(fields)
    values = ", ".join(f"'{value}'" for value in fields.values())
    return f"into audit_entry ({names}) values ({values})"
