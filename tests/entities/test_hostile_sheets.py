"""A small workbook made to keep Samsyn busy is refused at once, in words; an honest one is read."""

from __future__ import annotations

import json
import time
from threading import Event, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.access import limited
from samsyn.entities import sheets
from samsyn.entities.workbooks import COLUMNS_MOST, LIMITS, WORK, sheet_read
from samsyn.kernel import contained
from samsyn.kernel.contained import WorkRefused, run_contained
from samsyn.kernel.errors import RuleViolation, SourceUnavailable
from samsyn.suppliers.entity import SUPPLIER
from tests.entities.books import book, row

WIDE = row(b"name") + row(*[b"a"] * 16_000) * 40
ROWS = sheets.ROWS_MOST + 2


def test_a_workbook_of_wide_rows_is_refused_before_its_cells_are_read():
    before = time.process_time()
    with pytest.raises(WorkRefused, match="too_many_cells"):
        sheet_read(book(WIDE), ROWS)
    assert time.process_time() - before < 2, "it took 40 seconds"


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"/>' * 100_000,
        b'<row r="1">' + b"<x/>" * 1_000_000 + b"</row>",
        (b"<a:row xmlns:a='b'>" + b"<a:c/>" * 100 + b"</a:row>") * 1_000,
    ],
    ids=["empty rows", "other elements", "another prefix"],
)
def test_so_is_what_takes_as_long_without_such_cells(rows):
    with pytest.raises(WorkRefused, match="too_many_cells"):
        sheet_read(book(rows), ROWS)


def test_entities_are_not_read():
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    with pytest.raises(WorkRefused, match="damaged_workbook"):
        sheet_read(book(row(b"name") + row(b"&a;"), declared), ROWS)


def test_the_longest_sheet_that_is_allowed_is_read_within_the_limits():
    longest = book(row(*[b"a"] * COLUMNS_MOST) * (sheets.ROWS_MOST + 1))
    rows = json.loads(run_contained(WORK, longest, ROWS, limits=LIMITS))
    assert [len(rows), len(rows[-1])] == [sheets.ROWS_MOST + 1, COLUMNS_MOST]


def test_a_refusal_says_how_many_cells_there_may_be():
    with pytest.raises(RuleViolation) as refused:
        sheets.rows_of(SUPPLIER, book(WIDE))
    for part in ("80000 cells", "2000 rows of 40 columns", "Save the sheet as CSV"):
        assert part in str(refused.value)


def test_whoever_finds_no_place_waits_two_seconds_and_is_told():
    for _place in range(contained.AT_ONCE):
        contained._places.acquire()
    try:
        before = time.monotonic()
        with pytest.raises(SourceUnavailable, match="reading other files"):
            sheets.rows_of(SUPPLIER, book(row(b"name")))
        assert time.monotonic() - before < 5
    finally:
        for _place in range(contained.AT_ONCE):
            contained._places.release()


@pytest.mark.django_db
def test_a_person_has_one_file_read_at_a_time_and_others_are_not_kept_waiting(cast, client):
    begun, done = Event(), Event()

    def read() -> None:
        with limited.one_reading(cast.ingvild.person_id):
            begun.set()
            done.wait(20)

    reading = Thread(target=read)
    reading.start()
    begun.wait(20)
    try:
        answers = [_sent(client, cast, name) for name in ("ingvild", "sigrid")]
    finally:
        done.set()
        reading.join()
    assert [each.status_code for each in answers] == [503, 200]
    assert "another file of yours" in answers[0].content.decode()
    assert _sent(client, cast, "ingvild").status_code == 200


def _sent(client, cast, name):
    organisation = cast.fjellvik if name == "ingvild" else cast.elvdal
    client.force_login(cast.people[name])
    file = SimpleUploadedFile("a.csv", b"name\nAcme\n")
    return client.post("/suppliers/import/", {"organisation": organisation.pk, "file": file})
