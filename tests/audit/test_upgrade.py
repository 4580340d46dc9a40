"""A trail from before there was a key is taken over as it is, and sealed."""

from __future__ import annotations

from importlib import import_module

from django.db import connection

from samsyn.audit.guards import guards_altered, guards_missing
from samsyn.audit.models import Entry
from samsyn.audit.selectors import is_written, trail_break, trail_proof
from samsyn.audit.services import record, seal
from tests.audit.attacks import without_codes


def as_before_the_key(migration, editor):
    """Take the table back to the release before, with three entries of that time."""
    for name in "abc":
        record(actor=name, person_id=None, action="x.y")
    without_codes(3)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("alter table audit_entry enable trigger user")
        else:
            for statement in import_module("samsyn.audit.migrations.0002_append_only").SQLITE:
                cursor.execute(statement)
            for statement in migration.SQLITE:
                cursor.execute(statement)
        cursor.execute("drop index trail_by_kind")
    migration.backwards(None, editor)


def test_an_older_trail_is_taken_over_unchanged(db):
    migration = import_module("samsyn.audit.migrations.0003_keyed_chain")
    editor = connection.schema_editor()
    as_before_the_key(migration, editor)
    with connection.cursor() as cursor:
        cursor.execute("select * from audit_entry order by number")
        before = cursor.fetchall()
    assert is_written(with_key=False)
    assert not is_written(with_key=True)  # so that setup makes the key
    migration.forwards(None, editor)
    import_module("samsyn.audit.migrations.0004_names_with_schema").forwards(None, editor)
    with connection.cursor() as cursor:
        cursor.execute("select * from audit_entry order by number")
        after = [row[: len(before[0])] for row in cursor.fetchall()]
    assert after == before
    assert guards_missing() == guards_altered() == set()
    assert set(Entry.objects.values_list("kind", "key_id", "mac")) == {("change", "", "")}
    seal()
    assert trail_break() is None
    assert trail_proof().keyed_from == 4
