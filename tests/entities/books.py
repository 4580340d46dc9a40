"""XLSX workbooks of which a test writes the sheet itself, as no spreadsheet would."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook

BEGIN = (
    b'<?xml version="1.0"?>%s'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
END = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"


def inline(text: bytes) -> bytes:
    return b'<c t="inlineStr"><is><t>%s</t></is></c>' % text


def row(*cells: bytes) -> bytes:
    return b"<row>%s</row>" % b"".join(map(inline, cells))


def book(rows: bytes, declared: bytes = b"") -> bytes:
    """Return a workbook with these rows as its one sheet."""
    plain, made = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as known, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name in known.namelist():
            is_sheet = name == SHEET
            out.writestr(name, BEGIN % declared + rows + END if is_sheet else known.read(name))
    return made.getvalue()
