"""The trail: append-only in the database, and provably whole."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from samsyn.assets.services import resource_claim
from samsyn.audit.guards import guards_altered, guards_missing
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break, trail_proof, trail_version
from samsyn.audit.services import record, seal
from samsyn.site.health import trail
from tests.audit.attacks import past_the_guard, raw_entry, without_codes, written_anew


@pytest.fixture
def three_entries(cast):
    for name in ("a", "b", "c"):
        resource_claim(
            actor=cast.jonas, organisation=cast.fjellvik, kind="domain", value=f"{name}.example"
        )
    return cast


def test_it_says_who_did_what_to_what(three_entries):
    entry = Entry.objects.order_by("number").first()
    assert entry.number == 1
    assert entry.action == "assets.resource_claim"
    assert entry.actor.startswith("Jonas <jonas@fjellvik.example>")
    assert entry.changes["value"] == [None, "a.example"]
    assert entry.kind == "change"


FORBIDDEN = [
    "update audit_entry set actor = 'x'",
    "delete from audit_entry",
    f"insert {raw_entry(3)}",
    f"insert {raw_entry(5)}",
    f"insert {raw_entry(0)}",
    f"insert {raw_entry(3)} on conflict (number) do update set actor = 'x'",
]
ON_SQLITE = [f"insert or replace {raw_entry(2)}", f"replace {raw_entry(3)}"]


def refused(sql):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return Entry.objects.count()


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_database_refuses_to_change_it(three_entries, sql):
    assert refused(sql) == 3


@pytest.mark.parametrize("sql", ON_SQLITE)
def test_the_database_refuses_to_replace_an_entry(three_entries, sql):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows replace")
    assert refused(sql) == 3
    assert trail_break() is None


def test_the_database_takes_the_next_entry(three_entries):
    with connection.cursor() as cursor:
        cursor.execute(f"insert {raw_entry(4)}")
    assert Entry.objects.count() == 4


def test_a_whole_trail_is_proved(three_entries, capsys):
    call_command("trail_verify")
    said = capsys.readouterr().out
    assert "whole: 3 entries" in said
    assert "Entries 1 to 3 carry a code made with the key." in said
    assert "before the key" not in said


def test_a_changed_entry_is_found(three_entries):
    past_the_guard("update audit_entry set actor = 'somebody else' where number = 2")
    assert trail_break().number == 2


def test_a_missing_entry_is_found(three_entries):
    past_the_guard("delete from audit_entry where number = 2")
    assert trail_break().reason == "entry 2 is missing"


def test_a_changed_kind_is_found(three_entries):
    past_the_guard("update audit_entry set kind = 'reading' where number = 2")
    assert trail_break().reason == "its kind was changed"


def another_actor(fields):
    return fields | {"actor": "somebody else"} if fields["number"] == 2 else None


@pytest.mark.parametrize("keep_codes", [True, False])
def test_a_trail_written_anew_without_the_key_is_found(three_entries, keep_codes):
    written_anew(another_actor, keep_codes=keep_codes)
    assert trail_break() is not None


def test_an_invented_end_is_found(three_entries):
    last = Entry.objects.order_by("number").last()
    with connection.cursor() as cursor:
        cursor.execute(f"insert {raw_entry(4, previous_hash=last.hash)}")
    assert trail_break().number == 4


def test_entries_from_before_the_key_are_sealed_not_rewritten(three_entries, capsys):
    without_codes(3)
    before = list(Entry.objects.order_by("number").values())
    seal()
    record(actor="x", person_id=None, action="x.y")
    after = list(Entry.objects.order_by("number").values())
    assert after[:3] == before
    assert [(e["action"], bool(e["mac"])) for e in after[3:]] == [
        ("audit.seal", True),
        ("x.y", True),
    ]
    assert trail_proof().keyed_from == 4
    put_guards_back()
    call_command("trail_verify")
    said = capsys.readouterr().out
    assert "Entries 1 to 3 are from before the key: sealed by entry 4." in said
    assert "Entries 4 to 5 carry a code made with the key." in said


def put_guards_back():
    from importlib import import_module

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("alter table audit_entry enable trigger user")
            return
        for name in ("0002_append_only", "0003_keyed_chain"):
            for statement in import_module(f"samsyn.audit.migrations.{name}").SQLITE:
                cursor.execute(statement)


def test_the_first_entry_with_a_key_seals_what_is_older_by_itself(three_entries):
    without_codes(3)
    record(actor="x", person_id=None, action="x.y")
    assert Entry.objects.get(number=4).changes["entries"] == 3
    assert trail_break() is None
    assert seal() is None


def test_what_is_sealed_cannot_be_written_anew(three_entries):
    without_codes(3)
    seal()
    written_anew(another_actor, keep_codes=True)
    assert trail_break().number == 4


def test_a_trail_without_any_code_is_not_believed(three_entries):
    without_codes(3)
    assert trail_break().reason == "no entry carries a code of the key that is here"


def test_a_replaced_key_proves_what_it_made_and_does_not_return(three_entries, settings):
    old = settings.TRAIL_KEYS
    settings.TRAIL_KEYS = ["n" * 40, *old]
    record(actor="x", person_id=None, action="x.y")
    assert trail_break() is None
    settings.TRAIL_KEYS = old
    record(actor="thief with the old key", person_id=None, action="x.y")
    settings.TRAIL_KEYS = ["n" * 40, *old]
    assert trail_break().reason == "it was made with a key that had been replaced"
    settings.TRAIL_KEYS = ["n" * 40]
    assert "is not here" in trail_break().reason


def test_a_guard_that_is_gone_is_noticed(three_entries, capsys):
    assert guards_missing() == set()
    past_the_guard()
    assert "trail_in_order" in guards_missing()
    with pytest.raises(SystemExit):
        call_command("trail_verify")
    assert "no longer protects the trail" in capsys.readouterr().err


WEAKENED = {
    "sqlite": {
        "trail_no_update": (
            "drop trigger trail_no_update",
            "create trigger trail_no_update before update on audit_entry begin select 1; end",
        ),
        "trail_in_order": (
            "drop trigger trail_in_order",
            (
                "create trigger trail_in_order before insert on audit_entry when 0 "
                "begin select raise(abort, 'the trail is append-only'); end"
            ),
        ),
        "swallows": (
            "create trigger swallows before insert on audit_entry begin select raise(ignore); end",
        ),
    },
    "postgresql": {
        "trail_no_change": (
            (
                "create or replace function trail_refuse() returns trigger language plpgsql "
                "as $$ begin return coalesce(new, old); end $$"
            ),
        ),
        "trail_in_order": (
            "drop trigger trail_in_order on audit_entry",
            (
                "create trigger trail_in_order before insert on audit_entry for each row "
                "when (false) execute function trail_order()"
            ),
        ),
        "swallows": ("create rule swallows as on insert to audit_entry do instead nothing",),
    },
}


@pytest.mark.parametrize("name", ["first", "trail_in_order", "swallows"])
def test_a_guard_of_the_right_name_that_does_nothing_is_noticed(three_entries, capsys, name):
    weakened = WEAKENED[connection.vendor]
    name = next(iter(weakened)) if name == "first" else name
    assert guards_altered() == set()
    with connection.cursor() as cursor:
        for statement in weakened[name]:
            cursor.execute(statement)
    assert guards_missing() == set()
    assert name in guards_altered()
    assert name in trail().says
    with pytest.raises(SystemExit):
        call_command("trail_verify")
    assert f"{name} is not as Samsyn made it" in capsys.readouterr().err


def test_what_changes_nothing_leaves_kept_pages_alone(three_entries):
    before = trail_version()
    for action in ("sign_in.done", "reading.opened", "export.list"):
        record(actor="x", person_id=None, action=action)
    assert trail_version() == before
    assert trail_break() is None
    record(actor="x", person_id=None, action="x.y")
    assert trail_version() > before
