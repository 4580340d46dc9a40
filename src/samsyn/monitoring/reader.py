"""Reads a damaged report without losing a good row.

A report is CSV with every cell in quotes. What goes wrong in practice: a quote too
many, a row cut off, another encoding, NULs, a cell of ten megabytes. A row is taken
when it is well-formed by itself. If it is not, it is read as Python's csv forgives it,
and taken if all its cells are there and it is certain what stands where (``IsCertain``):
the record says what was forgiven. Otherwise that one line is set aside with the reason,
and reading starts again at the next line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LINE_MAX = 1_048_576
CELL_MAX = 131_072
REJECT_SHOWN = 500
COLUMNS_MAX = 2_000
_CHUNK = 1 << 20
_SNIFFED = 4_096
_WIDE_NULS = 0.3
SEPARATORS = {",": "", ";": "semicolon", "\t": "tab", "|": "bar"}
IsCertain = Callable[[list[str]], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """One good row: its number among the rows of the file (from 1), its line, its cells.

    ``forgiven`` says what was wrong with it: ``quotes`` or ``ends`` (empty cells at its end).
    """

    row: int
    line: int
    cells: list[str]
    forgiven: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: column names as written, what separates cells, and what was forgiven."""

    cells: list[str]
    separator: str = ","
    is_strict: bool = True

    @property
    def names(self) -> list[str]:
        """Column names, lower-case, each one once."""
        return unique_names(cell.strip().lower() or "unnamed" for cell in self.cells)

    @property
    def forgiven(self) -> list[str]:
        """What was wrong with the form of the file: ``header`` or the name of a separator."""
        found = [SEPARATORS[self.separator], "" if self.is_strict else "header"]
        return [code for code in found if code]

    @property
    def named(self) -> int:
        """How many columns there are up to the last one with a name."""
        named = (place for place, cell in enumerate(self.cells, start=1) if cell.strip())
        return max(named, default=0)


@dataclass(frozen=True, slots=True)
class Damage:
    """One row that could not be read: number, line, why, and how it begins."""

    row: int
    line: int
    reason: str
    text: str


class HeaderDamaged(ValueError):
    """The first line of a file is no header."""


@dataclass(slots=True)
class _Line:
    number: int
    text: str
    too_long: bool = False


def header_of(path: Path) -> list[str]:
    """Return the column names of a file, lower-case, each one once.

    A name that comes again gets a number: ``tag``, ``tag_2``; a column without one is
    ``unnamed``.

    Raises:
        HeaderDamaged: the file is empty or its first line is not CSV.

    """
    return header_read(path).names


def header_read(path: Path) -> Header:
    """Return the first line of a file.

    Raises:
        HeaderDamaged: the file is empty or its first line is not CSV.

    """
    first = next(_lines(path), None)
    found = None if first is None or first.too_long else _header(first.text)
    if found is None:
        raise HeaderDamaged
    return found


def _header(text: str) -> Header | None:
    """Return a first line: as CSV, or as far as it is forgiven if it names the timestamp."""
    for is_strict in (True, False):
        for separator in SEPARATORS:
            cells = _cells(text, separator, strict=is_strict)
            if cells and "timestamp" in (cell.strip().lower() for cell in cells):
                return Header(cells, separator, is_strict) if len(cells) <= COLUMNS_MAX else None
    cells = _cells(text)
    is_header = cells and len(cells) <= COLUMNS_MAX and any(cell.strip() for cell in cells)
    return Header(cells or []) if is_header else None


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names with a number on those that have come before.

    Example:
        >>> unique_names(["tag", "ip", "tag"])
        ['tag', 'ip', 'tag_2']

    """
    found: dict[str, None] = {}
    counts: dict[str, int] = {}
    for name in names:
        shown, count = name, counts.get(name, 1)
        while shown in found:
            count += 1
            shown = f"{name}_{count}"
        counts[name] = count  # the next search begins here, so that equal names stay linear
        found[shown] = None
    return list(found)


def records(path: Path, *, is_certain: IsCertain | None = None) -> Iterator[Record | Damage]:
    """Yield each row of a file after its header, good or damaged, in order.

    Args:
        path: a CSV file in UTF-8, UTF-16 with a byte order mark, or Windows-1252.
        is_certain: whether a row that is not well-formed has in its cells what belongs there;
            without it no such row is taken.

    """
    lines = _Ahead(_lines(path))
    first = lines.take()
    header = (_header(first.text) if first else None) or Header([""])
    row = 0
    while (line := lines.take()) is not None:
        if not line.text.strip("\r\n\x00 ") and not line.too_long:
            continue  # an empty line is no row
        row += 1
        yield _record(row, line, lines, header, is_certain)


def _record(
    row: int, line: _Line, lines: _Ahead, header: Header, is_certain: IsCertain | None
) -> Record | Damage:
    if line.too_long:
        return _damage(row, line, f"longer than {LINE_MAX} bytes")
    text, columns = line.text, len(header.cells)
    quotes, separators = text.count('"'), text.count(header.separator)
    is_short = separators + 1 < columns  # looked at first: cheaper than what follows
    if not quotes and is_short and separators + 1 < header.named:
        return _damage(row, line, _wrong_count(separators + 1, columns))
    if quotes % 2:
        text = lines.continued(line)
    cells = _cells(text, header.separator)
    if fitting := _fitted(cells, header):
        lines.accept()
        return Record(row, line.number, fitting, "" if fitting is cells else "ends")
    lines.give_back()
    if quotes and is_certain and (found := _forgiven(line.text, header, is_certain)):
        return Record(row, line.number, found, "quotes")
    if cells is None:
        return _damage(row, line, "broken quotes, or a cell too long")
    return _damage(row, line, _wrong_count(len(cells), columns))


def _fitted(cells: list[str] | None, header: Header) -> list[str] | None:
    """Return as many cells as the header has, or None: only empty ones at the end may differ."""
    columns = len(header.cells)
    if cells is None or len(cells) == columns:
        return cells
    if len(cells) > columns:
        return None if any(map(str.strip, cells[columns:])) else cells[:columns]
    return [*cells, *[""] * (columns - len(cells))] if len(cells) >= header.named else None


def _forgiven(text: str, header: Header, is_certain: IsCertain) -> list[str] | None:
    """Return the cells of a row with quotes that do not match, if it is certain what they are."""
    for escape in ("\\", None) if '\\"' in text else (None,):
        cells = _cells(text, header.separator, strict=False, escape=escape)
        fitting = _fitted(cells, header)
        if fitting and is_certain(fitting):
            return fitting
    return None


def _wrong_count(found: int, columns: int) -> str:
    return f"{found} cells where the header has {columns}"


def _damage(row: int, line: _Line, reason: str) -> Damage:
    return Damage(row, line.number, reason, line.text[:REJECT_SHOWN].rstrip("\r\n"))


def _cells(
    text: str, separator: str = ",", *, strict: bool = True, escape: str | None = None
) -> list[str] | None:
    """Return the cells of one whole record, or None when it is not well-formed."""
    # Only these end a line; str.splitlines would also end it at a unit separator.
    lines = io.StringIO(text, newline="")
    try:
        found = list(csv.reader(lines, delimiter=separator, escapechar=escape, strict=strict))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


class _Ahead:
    """Lines that can be looked at and given back."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self._waiting: deque[_Line] = deque()
        self._looked: list[_Line] = []

    def take(self) -> _Line | None:
        """Return the next line, or None at the end."""
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def continued(self, line: _Line) -> str:
        """Return a line whose quote is open, with those after it until it is closed."""
        size = len(line.text)
        while size < LINE_MAX and (after := self.take()) is not None:
            self._looked.append(after)
            size += len(after.text)
            if after.text.count('"') % 2 or after.too_long:
                break
        return line.text + "".join(after.text for after in self._looked)

    def accept(self) -> None:
        """Keep the lines looked at as part of the record."""
        self._looked.clear()

    def give_back(self) -> None:
        """Read the lines looked at again, each for itself."""
        self._waiting.extendleft(reversed(self._looked))
        self._looked.clear()


def _lines(path: Path) -> Iterator[_Line]:
    encoding = _wide_encoding(path)
    with path.open("rb") as file:
        pieces = _wide_lines(file, encoding) if encoding else _byte_lines(file)
        for number, (text, too_long) in enumerate(pieces, start=1):
            yield _Line(number, text.replace("\0", ""), too_long)


def _wide_encoding(path: Path) -> str | None:
    """Return the name of a 16 or 32 bit encoding, or None for one of bytes."""
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.count(0) > len(start) * _WIDE_NULS:
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    return None


def _byte_lines(file: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    first = True
    for raw, too_long in _split(iter(file_chunks(file)), b"\n", b"\r"):
        line = raw.removeprefix(codecs.BOM_UTF8) if first else raw
        first = False
        yield _decoded(line), too_long


def file_chunks(file: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces of a megabyte."""
    read = file.read  # type: ignore[attr-defined]  # every file has it; Iterable is what the callers share
    while piece := read(_CHUNK):
        yield piece


def _wide_lines(file: Iterable[bytes], encoding: str) -> Iterator[tuple[str, bool]]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    chunks = (decoder.decode(piece).encode() for piece in file_chunks(file))
    for raw, too_long in _split(chunks, b"\n", b"\r"):
        yield raw.decode(errors="replace").removeprefix("\ufeff"), too_long


def _split(chunks: Iterator[bytes], end: bytes, old_end: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield lines with their ends; of an endless one its beginning, and True.

    A file with only carriage returns (an old Macintosh) is split at those.
    """
    rest, skipping, mark = b"", False, b""
    for piece in chunks:
        if not mark:
            mark = old_end if end not in piece and old_end in piece else end
        *whole, rest_of = (rest + piece).split(mark)
        rest = rest_of
        for line in whole:
            if not skipping:
                yield line[:LINE_MAX] + mark.replace(old_end, end), len(line) > LINE_MAX
            skipping = False
        if skipping:
            rest = b""
        elif len(rest) > LINE_MAX:
            yield rest[:LINE_MAX], True
            rest, skipping = b"", True
    if rest and not skipping:
        yield rest, False


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
