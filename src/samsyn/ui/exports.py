"""Sheets of exactly what a list shows, as CSV or XLSX, safe to open.

In CSV a text that a spreadsheet would run as a formula gets an apostrophe in front
(``kernel.cells``); in XLSX every text is written as a text, and such a one is marked with the
apostrophe of the workbook's own, so that it stays a text also when somebody edits the cell. In
XLSX days and times are the workbook's own, so that they sort and can be reckoned with. Words,
numbers and times are the reader's, as on the page.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from samsyn.kernel.cells import csv_lines, is_formula
from samsyn.ui.tables import Column

NORDIC = str.maketrans({"ø": "o", "æ": "ae", "Ø": "O", "Æ": "Ae"})  # å, ä and ö are taken apart
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HALF = re.compile("[\ud800-\udfff]")  # half a character, which no encoding has
CELL_LONGEST = 32_767  # what a cell of XLSX holds
SHEET_ROWS = 1_048_575  # what a sheet of XLSX holds, without its heading
SHEET_YEAR = 1900  # the first that a sheet reckons with
MINUTE = len("2026-03-02 12:00")  # what is shown of a time
SHEET_MOMENTS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")  # of a day, of a time
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(text: object) -> str:
    """Return a text as the name of a file: small letters and hyphens; empty if nothing is left.

    Example:
        >>> file_name("Nøkler og kort på Ås")
        'nokler-og-kort-pa-as'

    """
    return slugify(str(text).translate(NORDIC))


def as_plain(value: Any) -> str | int | float:
    """Return a value as a number or a text: times as the reader's clock has them, nothing empty."""
    plain: str | int | float = "" if value is None else HALF.sub("", str(value))
    if isinstance(value, bool):
        plain = _("yes") if value else _("no")
    elif isinstance(value, int | float):
        plain = value
    elif isinstance(value, Decimal):
        plain = float(value)
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        plain = local.isoformat(sep=" ", timespec="minutes")[:MINUTE]
    elif isinstance(value, list | tuple | set | frozenset):
        plain = ", ".join(str(each) for each in value)
    return plain


def _in_csv(value: Any, decimal: str) -> object:
    """Return a value as a cell of CSV: a number as the reader's spreadsheet writes it."""
    plain = as_plain(value)
    return repr(plain).replace(".", decimal) if isinstance(plain, float) else plain


def csv_response(
    columns: Sequence[Column], rows: Iterable[Any], *, name: str
) -> StreamingHttpResponse:
    """Return the rows as CSV, streamed: UTF-8 with a mark, so that spreadsheets read åäöæø.

    A spreadsheet that is set to a language where the comma parts off decimals expects semicolons
    between cells; it then opens the file in columns, and numbers are numbers.

    The rows are made after the request, so that language and clock are those of the request only
    because they are kept here.
    """
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    decimal = str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True))

    def cells() -> Iterator[list[object]]:
        yield [_label(column) for column in columns]
        for row in rows:
            yield [_in_csv(column.plain(row), decimal) for column in columns]

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield from csv_lines(cells(), delimiter=";" if decimal == "," else ",")

    def spoken() -> Iterator[str]:
        made = lines()
        while True:  # between two lines the thread may serve somebody else
            with translation.override(language), timezone.override(zone):
                line = next(made, None)
            if line is None:
                return
            yield line

    response = StreamingHttpResponse(spoken(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def xlsx_response(columns: Sequence[Column], rows: Iterable[Any], *, name: str) -> FileResponse:
    """Return the rows as a workbook, written row by row so that memory stays small."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it when it has been sent
    try:
        write_xlsx(file, columns, rows)
    except BaseException:  # on a full disk nobody sends it, so nobody else closes it
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> None:
    """Write the rows as a workbook into ``file``; texts stay texts whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415  a tenth of a second that most requests never need

    with tempfile.TemporaryDirectory() as folder:  # gone with what lies in it, also on failure
        options = {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(file, {"constant_memory": True, **options})
        sheet = book.add_worksheet()
        try:
            _write_sheet(book, sheet, columns, rows)
            book.close()
        finally:
            with suppress(OSError):  # what is left in its buffer does not fit either
                sheet.row_data_fh.close()


def _write_sheet(book: Any, sheet: Any, columns: Sequence[Column], rows: Iterable[Any]) -> None:
    bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    moments = [book.add_format({"num_format": shown}) for shown in SHEET_MOMENTS]
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 22)
        sheet.write_string(0, place, _in_sheet(_label(column)), bold)
    for number, row in enumerate(rows, 1):
        if number > SHEET_ROWS:
            break
        for place, column in enumerate(columns):
            if not _write_moment(sheet, number, place, value := column.plain(row), moments):
                _write(sheet, number, place, as_plain(value), quoted)


def _write_moment(sheet: Any, row: int, place: int, value: Any, formats: Sequence[Any]) -> bool:
    """Write a day or a time as the workbook's own; return whether it is one that a sheet has."""
    if not isinstance(value, date) or value.year < SHEET_YEAR:
        return False
    is_time = isinstance(value, datetime)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    sheet.write_datetime(row, place, value, formats[is_time])
    return True


def _write(sheet: Any, row: int, place: int, value: str | float, quoted: Any) -> None:
    if isinstance(value, str):
        text = _in_sheet(value)
        sheet.write_string(row, place, text, quoted if is_formula(text) else None)
    else:
        sheet.write_number(row, place, value)


def _in_sheet(text: str) -> str:
    return NOT_IN_XML.sub("", text)[:CELL_LONGEST]


def _label(column: Column) -> str:
    label: str | Promise = column.label
    return HALF.sub("", str(label))
