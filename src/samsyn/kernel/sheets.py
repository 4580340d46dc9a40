"""The rows of a sheet that a spreadsheet has saved as text, whichever of its ways it was saved.

Excel saves UTF-8, UTF-16 ("Unicode text"), the letters of Windows or of older Macs; it parts cells
by comma, semicolon or tab, may say which in a first line ``sep=;``, ends lines as Unix, Windows or
older Macs do, and saves empty rows and columns where its used range is wider than the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from samsyn.kernel.phrases import gettext as _

WORKBOOK = b"PK\x03\x04"  # a zip archive, as XLSX is one
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PARTED_BY = ",;\t"
_SAYS_WHICH = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_LINE_END = re.compile(r"[\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
Row = tuple[int, list[str]]


class Lettering(StrEnum):
    """How the letters of a file are kept."""

    UTF8 = "utf-8-sig"
    UTF16 = "utf-16"
    WINDOWS = "cp1252"
    MAC = "mac_roman"


class SheetRefused(ValueError):
    """The file is no sheet that can be read: why, and at which row (0: all of it)."""

    def __init__(self, text: str, row: int = 0) -> None:
        """Take what is wrong, in the reader's words."""
        super().__init__(text)
        self.row = row


@dataclass(frozen=True, slots=True)
class SavedSheet:
    """The rows that say something, each with its number in the spreadsheet, and the lettering."""

    rows: Iterator[Row]
    lettering: Lettering

    @property
    def notes(self) -> list[str]:
        """Return what whoever looks at the file should know of how it was read."""
        if self.lettering not in {Lettering.WINDOWS, Lettering.MAC}:
            return []
        kept = "Windows-1252" if self.lettering == Lettering.WINDOWS else "Mac OS Roman"
        said = _("The file is not UTF-8 and is read as %s. Check that å, ä, æ, ö and ø are right.")
        return [said % kept]


def saved_sheet(content: bytes) -> SavedSheet:
    r"""Return the rows of a text that a spreadsheet has saved.

    Raises:
        SheetRefused: it is a workbook, or no text; while the rows are read: a cell is not closed.

    Source:
        RFC 4180 (CSV). The other ways are Excel's, found by saving.

    Example:
        >>> list(saved_sheet(b"sep=;\rname;note;\r\r;;\rAlmby;x;\r").rows)
        [(1, ['name', 'note', '']), (4, ['Almby', 'x', ''])]

    """
    if content.startswith((WORKBOOK, _OLD_WORKBOOK)):
        raise SheetRefused(_("This is a workbook. Save the sheet as “CSV UTF-8”."))
    text, lettering = _text_of(content)
    text, delimiter = _parted(text.replace("\0", ""))
    return SavedSheet(with_content(_rows(text, delimiter)), lettering)


def with_content(rows: Iterable[list[str]]) -> Iterator[Row]:
    """Yield the rows that say something, numbered as a spreadsheet numbers them."""
    for number, cells in enumerate(rows, start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _text_of(content: bytes) -> tuple[str, Lettering]:
    if content.startswith(_UTF16):
        try:
            return content.decode(Lettering.UTF16), Lettering.UTF16
        except UnicodeDecodeError:
            raise SheetRefused(_not_text()) from None
    try:
        return content.decode(Lettering.UTF8), Lettering.UTF8
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n|\r|\n", content[: error.start])) + 1
    text, lettering = _of_one_byte(content)
    if not text or _CONTROL.search(text) or _is_damaged_utf8(content):
        raise SheetRefused(_not_text(), row)
    return text, lettering


def _of_one_byte(content: bytes) -> tuple[str, Lettering]:
    """Return the text of a file with one byte a letter; nothing where a byte is no letter."""
    is_mac = b"\r" in content and b"\n" not in content
    lettering = Lettering.MAC if is_mac else Lettering.WINDOWS
    try:
        return content.decode(lettering), lettering
    except UnicodeDecodeError:
        return "", lettering


def _is_damaged_utf8(content: bytes) -> bool:
    """Return whether other letters are UTF-8: read otherwise they would be wrong ones."""
    text = content.decode(errors="replace").replace("\ufffd", "")
    return not text.isascii()


def _not_text() -> str:
    return _("the file is not UTF-8; save it as CSV UTF-8")


def _parted(text: str) -> tuple[str, str]:
    """Return the text without the line that says what parts its cells, and what does."""
    if found := _SAYS_WHICH.match(text):
        return text[found.end() :], found[1]
    first = _LINE_END.split(text.lstrip(f"{_PARTED_BY} \r\n"), maxsplit=1)[0]
    bare = _QUOTED.sub("", first)
    return text, max(_PARTED_BY, key=bare.count)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    number = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):  # noqa: B007  the message names it
            yield cells
    except (csv.Error, TypeError):  # TypeError: a sign that cannot part cells
        raise SheetRefused(_("a cell is not closed, or far too long"), number + 1) from None
