"""What protects the trail is made anew where it is gone or altered, and that is on record."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from samsyn.audit.guards import MADE, guards_altered, guards_missing
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break

pytestmark = pytest.mark.owner


def drop(name):
    where = "" if connection.vendor == "sqlite" else " on audit_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger {name}{where}")


def is_protected():
    try:
        with transaction.atomic():
            Entry.objects.update(actor="x")
    except DatabaseError:
        return True
    return False


def test_nothing_is_made_where_nothing_is_missing(cast, capsys):
    before = Entry.objects.count()
    call_command("trail_guard")
    assert "Nothing was missing." in capsys.readouterr().out
    assert Entry.objects.count() == before


def test_what_is_gone_is_made_anew_and_told(cast, capsys):
    call_command("trail_guard")
    for name in MADE[connection.vendor]:
        drop(name)
    assert guards_missing() == set(MADE[connection.vendor])
    call_command("trail_guard")
    assert guards_missing() == guards_altered() == set()
    entry = Entry.objects.order_by("-number").first()
    assert (entry.action, set(entry.changes["made"])) == (
        "audit.guard",
        set(MADE[connection.vendor]),
    )
    assert is_protected()
    assert trail_break() is None


def test_one_of_the_same_name_that_does_nothing_is_replaced(cast):
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "create or replace function trail_refuse() returns trigger language plpgsql"
                " as $$ begin return new; end $$"
            )
    else:
        drop("trail_no_update")
        with connection.cursor() as cursor:
            cursor.execute(
                "create trigger trail_no_update before update on audit_entry begin select 1; end"
            )
    assert guards_altered()
    call_command("trail_guard")
    assert guards_altered() == set()
    assert is_protected()
