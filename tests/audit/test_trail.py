"""The trail: append-only in the database, and provably whole."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from samsyn.assets.services import resource_claim
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break


@pytest.fixture
def three_entries(cast):
    for name in ("a", "b", "c"):
        resource_claim(
            actor=cast.jonas, organisation=cast.fjellvik, kind="domain", value=f"{name}.example"
        )
    return cast


def execute_past_the_guard(sql):
    """Change the table as somebody with the database's own rights could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("drop trigger trail_no_update")
            cursor.execute("drop trigger trail_no_delete")
        else:
            cursor.execute("drop trigger trail_no_change on audit_entry")
        cursor.execute(sql)


def test_it_says_who_did_what_to_what(three_entries):
    entry = Entry.objects.order_by("number").first()
    assert entry.number == 1
    assert entry.action == "assets.resource_claim"
    assert entry.actor.startswith("Jonas <jonas@fjellvik.example>")
    assert entry.changes["value"] == [None, "a.example"]


@pytest.mark.parametrize("sql", ["update audit_entry set actor = 'x'", "delete from audit_entry"])
def test_the_database_refuses_to_change_it(three_entries, sql):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.count() == 3


def test_a_whole_trail_is_proved(three_entries, capsys):
    call_command("trail_verify")
    assert "whole: 3 entries" in capsys.readouterr().out


def test_a_changed_entry_is_found(three_entries):
    execute_past_the_guard("update audit_entry set actor = 'somebody else' where number = 2")
    assert trail_break().number == 2


def test_a_missing_entry_is_found(three_entries):
    execute_past_the_guard("delete from audit_entry where number = 2")
    assert trail_break().reason == "entry 2 is missing"
