"""Read the first sheet of an XLSX file, in a process of its own: the file may be hostile."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook

from samsyn.kernel.archives import ArchiveRefused, unpacked_size
from samsyn.kernel.contained import ProcessLimits, WorkRefused

# The longest sheet that is allowed takes a second and a half of an idle processor, many times that
# where several share one. Whoever waits for a place waits two seconds only.
LIMITS = ProcessLimits(memory_mb=512, cpu_seconds=8, wall_seconds=25, answer_mb=8, wait_seconds=2)
ENTRIES_MOST = 500
UNPACKED_MOST = 32 * 1024 * 1024
COLUMNS_MOST = 40
ELEMENTS_OF_CELL = 10  # a cell, its value, and its text among the strings with how it looks
COUNTED = {"c", "row"}
TOO_MANY_CELLS = "too_many_cells"
WORK = "samsyn.entities.workbooks:sheet_read"


def sheet_read(content: bytes, rows_most: int) -> bytes:
    """Return the rows of the first sheet as JSON: lists of texts. Runs in the process.

    Raises:
        WorkRefused: it is no workbook, unpacks to too much, or has too many cells.

    """
    try:
        unpacked_size(io.BytesIO(content), entries=ENTRIES_MOST, most=UNPACKED_MOST)
        require_few_cells(content, rows_most * (COLUMNS_MOST + 1))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=rows_most, max_col=COLUMNS_MOST)
        texts = [_texts(row) for row in islice(rows, rows_most)]
    except ArchiveRefused as error:
        raise WorkRefused(error.code) from error
    except (MemoryError, WorkRefused):
        raise
    except Exception as error:  # whatever the library makes of a file that is none
        raise WorkRefused("damaged_workbook") from error
    return json.dumps(texts).encode()


def require_few_cells(content: bytes, most: int) -> None:
    """Require that all sheets together have few cells: the library parses every one of them.

    It reads all columns whatever it is asked for, and a sheet twice that does not say its size.
    Each part is counted, since a workbook may give its sheets any names.

    Raises:
        WorkRefused: there are more than ``most``, rows counted too, or parts that are no XML.

    """
    count = _Count(most)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                try:
                    count.parser().ParseFile(part)
                except expat.ExpatError as error:
                    if entry.filename.endswith((".xml", ".rels")):
                        raise WorkRefused("damaged_workbook") from error


class _Count:
    """The elements and cells that have come out of the parts of a workbook."""

    def __init__(self, most: int) -> None:
        """Take how many cells there may be."""
        self.cells, self.elements = most, most * ELEMENTS_OF_CELL

    def parser(self) -> expat.XMLParserType:
        """Return a parser for one part, which counts what begins in it."""
        made = expat.ParserCreate()
        made.StartElementHandler = self.begun
        made.StartDoctypeDeclHandler = self.refused
        return made

    def begun(self, name: str, _attributes: object) -> None:
        """Count an element; a row counts as a cell, since an empty one takes time too."""
        self.elements -= 1
        if name.rpartition(":")[2] in COUNTED:
            self.cells -= 1
        if self.cells < 0 or self.elements < 0:
            raise WorkRefused(TOO_MANY_CELLS)

    def refused(self, *_declared: object) -> None:
        """Refuse a part that declares entities: no spreadsheet writes such."""
        raise WorkRefused("damaged_workbook")


def _texts(row: Iterable[Any]) -> list[str]:
    """Return the cells of a row, without those after its last: a sheet may have many columns."""
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
