"""A reader does not wait for a writer: the event waits, and joins the chain later."""

from __future__ import annotations

import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from django.db import connection

from samsyn.audit import waiting
from samsyn.audit.events import Event, event_record, events_collect, forget_seen
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break
from samsyn.audit.services import TRAIL_LOCK, record
from samsyn.jobs.registry import run_now


def opened(name="1", **fields):
    return Event(action="reading.opened", actor="Astrid", person_id=7, object_id=name, **fields)


@pytest.fixture
def kept_waiting(db, home):
    """Two events that found the chain busy, as the disk holds them."""
    for name in ("1", "2"):
        waiting.keep(asdict(opened(name)) | {"at": "2026-03-02T12:00:00.000000+00:00"})


def test_what_waits_joins_the_chain_in_its_order(kept_waiting):
    record(actor="x", person_id=None, action="x.y")
    assert run_now("trail_collect", actor=None) == {"joined": 2}
    assert list(Entry.objects.order_by("number").values_list("object_id", flat=True)) == [
        "",
        "1",
        "2",
    ]
    assert waiting.count() == 0
    assert trail_break() is None
    assert events_collect() == 0


def test_what_waits_is_readable_by_its_owner_alone(kept_waiting, home):
    place = home / "trail_waiting"
    assert place.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.iterdir()} == {0o600}


def test_an_event_that_was_changed_while_it_waited_is_put_aside(kept_waiting, home, caplog):
    first = min((home / "trail_waiting").glob("*.event"))
    first.write_text(first.read_text().replace("Astrid", "Nobody"))
    assert events_collect() == 1
    assert Entry.objects.get().object_id == "2"
    assert first.with_suffix(".refused").exists()
    assert "was changed" in caplog.text


def test_an_event_that_the_database_refuses_holds_up_nobody(kept_waiting, home):
    first = min((home / "trail_waiting").glob("*.event"))
    _code, _line, text = first.read_text().partition("\n")
    first.unlink()
    waiting.keep(json.loads(text) | {"person_id": 2**70, "object_id": "3"})
    assert events_collect() == 1
    assert Entry.objects.get().object_id == "2"


def test_the_same_opening_is_written_once_a_day(db, home):
    for _ in range(3):
        event_record(opened(), once_a_day=True)
        forget_seen()  # as if by another process
    event_record(opened("2"), once_a_day=True)
    assert Entry.objects.count() == 2


def hold_the_chain(started, free, path):
    """Write, and do not finish: as a long import does."""
    if path is None:
        from django.db import connections

        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [TRAIL_LOCK])
            started.set()
            free.wait(10)
            cursor.execute("select pg_advisory_unlock(%s)", [TRAIL_LOCK])
        other.close()
        return
    other = sqlite3.connect(path, timeout=5, isolation_level=None)
    other.execute("begin immediate")
    started.set()
    free.wait(10)
    other.execute("rollback")
    other.close()


def read_while_somebody_writes(path=None):
    started, free = threading.Event(), threading.Event()
    writer = threading.Thread(target=hold_the_chain, args=(started, free, path))
    writer.start()
    assert started.wait(10)
    try:
        event_record(opened(), once_a_day=True)
        assert waiting.count() == 1, "it did not wait until the writer let go"
    finally:
        free.set()
        writer.join()
    assert not Entry.objects.exists()
    assert events_collect() == 1
    assert trail_break() is None


def on_a_file(path):
    """Do the same on a database in a file: one in memory cannot be busy."""
    connection.settings_dict = {**connection.settings_dict, "NAME": str(path)}
    try:
        with connection.schema_editor() as editor:
            editor.create_model(Entry)
        read_while_somebody_writes(path)
    finally:
        connection.close()


def test_a_reader_does_not_wait_for_a_writer(db, home, tmp_path):
    if connection.vendor == "postgresql":
        read_while_somebody_writes()
        return
    with ThreadPoolExecutor(1) as one:
        one.submit(on_a_file, tmp_path / "busy.sqlite3").result(timeout=60)
