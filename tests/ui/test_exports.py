"""Taking a list away: exactly what is shown, and safe to open."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone, translation

from samsyn.access.models import Person
from samsyn.kernel.cells import guarded
from samsyn.ui.exports import csv_response, write_xlsx
from samsyn.ui.tables import Column
from tests.cast import make_finding

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\n=1"]


@dataclass(frozen=True)
class Row:
    name: object
    at: object = None


COLUMNS = (
    Column(name="name", label="Name", cell=lambda row: f"<b>{row.name}</b>"),
    Column(name="at", label="=Seen"),
)


def sheet_of(rows):
    file = io.BytesIO()
    write_xlsx(file, COLUMNS, rows)
    return openpyxl.load_workbook(file).active


def csv_of(rows):
    body = b"".join(csv_response(COLUMNS, rows, name="list").streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_prefixed_in_csv(text):
    assert csv_of([Row(text)])[1][0] == guarded(text)
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_a_text_in_xlsx(text):
    cell = sheet_of([Row(text)]).cell(2, 1)
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").strip() == text.strip()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_a_text_in_xlsx_when_somebody_edits_the_cell(text):
    assert sheet_of([Row(text)]).cell(2, 1).quotePrefix


def test_a_usual_text_carries_no_mark_in_xlsx():
    assert not sheet_of([Row("Fjellvik")]).cell(2, 1).quotePrefix


def test_a_heading_is_made_safe_too():
    assert csv_of([])[0] == ["Name", "'=Seen"]


def test_a_negative_number_stays_a_number():
    assert csv_of([Row(-5)])[1][0] == "-5"
    assert sheet_of([Row(-5)]).cell(2, 1).value == -5


def test_an_address_of_the_web_does_not_become_a_link():
    assert sheet_of([Row("https://fjellvik.example")]).cell(2, 1).hyperlink is None


def test_nordic_letters_and_times_are_kept():
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with timezone.override("Europe/Oslo"):
        assert csv_of([Row("Åsnes Øst", at)])[1] == ["Åsnes Øst", "2026-03-02 13:00"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("sv", 'a,b;3,5\r\n-1;ja\r\n12500,5;nej\r\n"x;y";1000\r\n'),
        ("nb", 'a,b;3,5\r\n-1;ja\r\n12500,5;nei\r\n"x;y";1000\r\n'),
        ("en", '"a,b",3.5\r\n-1,yes\r\n12500.5,no\r\nx;y,1000\r\n'),
    ],
)
def test_csv_is_as_the_readers_spreadsheet_opens_it(language, line):
    rows = [Row("a,b", 3.5), Row(-1, True), Row(Decimal("12500.50"), False), Row("x;y", 1000)]
    with translation.override(language):
        answer = csv_response(COLUMNS, rows, name="list")
    sent = b"".join(answer.streaming_content)
    assert sent.startswith(b"\xef\xbb\xbf")
    assert sent.decode("utf-8-sig").partition("\r\n")[2] == line


@pytest.mark.parametrize(("language", "words"), [("sv", ["ja", "nej"]), ("nb", ["ja", "nei"])])
def test_yes_and_no_are_words_and_numbers_numbers_in_xlsx(language, words):
    with translation.override(language):
        sheet = sheet_of([Row(True, 3.5), Row(False, Decimal("12500.50"))])
    assert [sheet.cell(n, 1).value for n in (2, 3)] == words
    assert [sheet.cell(n, 2).value for n in (2, 3)] == [3.5, 12500.5]


@pytest.mark.parametrize(
    ("language", "head"), [("sv", "Fynd;Allvarlighet;"), ("nb", "Funn;Alvorlighet;")]
)
def test_a_list_is_taken_away_in_the_words_of_its_reader(client, cast, language, head):
    person = cast.people["astrid"]
    Person.objects.filter(pk=person.pk).update(language=language)
    make_finding(cast.fjellvik)
    answer = client.be(person).get("/findings/?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.startswith(head)
    assert ";open" not in text


@pytest.mark.parametrize(
    ("at", "cell", "shown"),
    [
        (datetime(2026, 7, 2, 22, 30, tzinfo=UTC), "2026-07-03 00:30:00", "yyyy-mm-dd hh:mm"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02 04:00:00", "yyyy-mm-dd hh:mm"),
        (date(2026, 3, 2), "2026-03-02 00:00:00", "yyyy-mm-dd"),
        (date(1899, 12, 31), "1899-12-31", "General"),
        (date(1900, 1, 1), "1900-01-01 00:00:00", "yyyy-mm-dd"),
    ],
)
def test_days_and_times_are_the_workbooks_own_in_the_readers_zone(at, cell, shown):
    with timezone.override("Europe/Oslo"):
        found = sheet_of([Row("x", at)]).cell(2, 2)
    assert (str(found.value), found.number_format) == (cell, shown)
    assert isinstance(found.value, datetime) == (at.year >= 1900)


def test_signs_that_a_workbook_cannot_hold_are_left_out():
    assert sheet_of([Row("a\x00b\x0bc\ufffe")]).cell(2, 1).value == "abc"


def test_a_cell_of_ten_megabytes_is_cut_in_xlsx():
    assert len(sheet_of([Row("x" * 10_000_000)]).cell(2, 1).value) == 32_767


def test_csv_is_streamed_row_by_row():
    def endless():
        while True:
            yield Row("again")

    lines = iter(csv_response(COLUMNS, endless(), name="list").streaming_content)
    assert [next(lines) for _ in range(3)][2].startswith(b"again")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "asked",
    ["findings/?state=xx", "resources/?kind=xx", "organisations/?kind=xx", "outbox/?state=xx"],
)
def test_what_narrows_nothing_is_not_taken_away(client, cast, asked, kind):
    client.be(cast.people["astrid"])
    assert client.get(f"/{asked}").status_code == 200
    answer = client.get(f"/{asked}&export={kind}")
    assert answer.status_code == 422
    assert "xx" in answer.content.decode()
