"""Read the first sheet of an XLSX file, in a process of its own: the file may be hostile."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from samsyn.kernel.archives import ArchiveRefused, unpacked_size
from samsyn.kernel.contained import ProcessLimits, WorkRefused

LIMITS = ProcessLimits(memory_mb=512, cpu_seconds=20, wall_seconds=40, answer_mb=8)
ENTRIES_MOST = 500
UNPACKED_MOST = 64 * 1024 * 1024
COLUMNS_MOST = 100
WORK = "samsyn.entities.workbooks:sheet_read"


def sheet_read(content: bytes, rows_most: int) -> bytes:
    """Return the rows of the first sheet as JSON: lists of texts. Runs in the process.

    Raises:
        Refused: it is no workbook, or unpacks to too much.

    """
    try:
        unpacked_size(io.BytesIO(content), entries=ENTRIES_MOST, most=UNPACKED_MOST)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=rows_most, max_col=COLUMNS_MOST)
        texts = [_texts(row) for row in islice(rows, rows_most)]
    except ArchiveRefused as error:
        raise WorkRefused(error.code) from error
    except MemoryError:
        raise
    except Exception as error:  # whatever the library makes of a file that is none
        raise WorkRefused("damaged_workbook") from error
    return json.dumps(texts).encode()


def _texts(row: Iterable[Any]) -> list[str]:
    """Return the cells of a row, without those after its last: a sheet has a hundred columns."""
    texts = [_text(cell) for cell in row]
    while texts and not texts[-1]:
        del texts[-1]
    return texts


def _text(cell: Any) -> str:
    """Return a cell as CSV would have it: a day as ISO 8601, a whole number without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
