"""Takes files as they come and keeps each under its digest; opens archives with care."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath, PurePosixPath
from typing import IO
from uuid import uuid4

from samsyn.kernel import disk
from samsyn.kernel.archives import (
    UNREADABLE,
    ArchiveRefused,
    Budget,
    check_directory,
    check_kind,
)
from samsyn.kernel.texts import one_line

ENTRIES_MAX = 2_000
UNPACKED_MAX = 4 << 30
RATIO_MAX = 500
RATIO_FROM = 32 << 20  # small files may compress as well as they like
NAME_MAX = 255
SETTLE_SECONDS = 5
AHEAD_SECONDS = 3600  # another machine's clock may be so far ahead while it writes
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # the second: one that holds nothing
ENDINGS = (".csv", ".csv.gz", ".gz", ".zip")
_CHUNK = 1 << 20
# What browsers and file managers add to the name of a second copy is no part of it.
_COPY = r"(?: - (?:copy|kopia|kopi))?(?:\s*\((?P<copy>\d{1,4})\))?"
_NAMED = re.compile(
    r"^(?P<on>\d{4}-\d{2}-\d{2})-(?P<report>[a-z0-9_]+)(?:-(?P<stream>.*?))?"
    rf"{_COPY}\.csv(?:{_COPY.replace('copy>', 'packed>')}\.gz)?\Z",
    re.ASCII | re.IGNORECASE,
)


class FileRefused(Exception):
    """The file cannot be taken; the code says why (see ``monitoring.models.FileRefusal``)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = one_line(detail)[:200]


@dataclass(frozen=True, slots=True)
class ReportName:
    """The parts of a report's file name: report, stream (its identifier) and date.

    ``copy`` is the number that a browser gives a second copy: ``... (1).csv``.
    """

    report: str
    stream: str
    on: date
    copy: int = 0


@dataclass(slots=True)
class Content:
    """One CSV on disk: where, its digest and what a look at its bytes says.

    ``is_clean`` promises UTF-8 without NUL and lines that all end alike: what the fast
    path needs. ``lines`` includes the header; ``quotes`` are those around and in cells.
    """

    name: str
    path: Path
    sha256: str
    lines: int
    is_clean: bool
    quotes: int = 0


@dataclass(slots=True)
class Received:
    """A file as it was kept."""

    name: str
    sha256: str
    path: Path
    contents: list[Content]
    refused: FileRefused | None = None
    modified_ns: int = 0  # when the file that came was last written


def parse_report_name(name: str) -> ReportName | None:
    """Return the parts of a report's file name, or None when it is not of that form.

    Source:
        Shadowserver, report-filename.md: date, type without hyphen, free identifier.

    Example:
        >>> parse_report_name("2024-07-04-dns_openresolver-123-sample-asn.csv").stream
        '123-sample-asn'

    """
    match = _NAMED.match(PurePosixPath(name).name)
    if match is None:
        return None
    try:
        on = date.fromisoformat(match["on"])
    except ValueError:
        return None
    copy = int(match["copy"] or match["packed"] or 0)
    return ReportName(match["report"].lower(), (match["stream"] or "")[:120], on, copy)


def report_in_name(path: Path) -> str:
    """Return the report in a file's name; empty for an archive or another form of name."""
    said = None if ending_of(path) == ".zip" else parse_report_name(path.name)
    return said.report if said else ""


def found_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and those in folders named, sorted by name.

    Raises:
        FileNotFoundError: a path is neither a file nor a folder.

    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and not is_shadow(p))
            found += [p for p in inside if p.name.lower().endswith(ENDINGS)]
        elif path.is_file():
            found.append(path)
        else:
            raise FileNotFoundError(path.name)
    return sorted(dict.fromkeys(found), key=lambda p: (p.name, str(p)))


def is_shadow(path: PurePath) -> bool:
    """Return whether a file is only what a Mac notes about another, or is hidden.

    Example:
        >>> is_shadow(PurePosixPath("__MACOSX/a/._x.csv")), is_shadow(PurePosixPath("a/x.csv"))
        (True, False)

    """
    return path.name.startswith(".") or "__MACOSX" in path.parts


def is_settled(path: Path) -> bool:
    """Return whether nobody has written to a file for a while: it has arrived whole.

    A file from far in the future was written before the clock was put back.
    """
    age = time.time() - path.stat().st_mtime
    return age > SETTLE_SECONDS or age < -AHEAD_SECONDS


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(path: Path, *, into: Path, scratch: Path) -> Received:
    """Copy a file to where received files are kept, and open what is in it.

    The copy may still be on its way to the disk: ``settle`` waits for it.

    Args:
        path: the file as it came.
        into: the folder of received files; the copy is named after its SHA-256.
        scratch: where archives are unpacked; the caller empties it.

    """
    received, content = _copied(path, into)
    try:
        is_packed = received.path.suffix != ".csv"
        received.contents += unpacked(received, scratch=scratch) if is_packed else [content]
    except FileRefused as refused:
        received.refused = refused
    if received.path.stat().st_size > UNPACKED_MAX:
        received.contents, received.refused = [], FileRefused("too_large")
    return received


def set_aside(path: Path, code: str, *, into: Path) -> Received:
    """Copy a file to where received files are kept, and refuse it without opening it."""
    received, _content = _copied(path, into)
    received.refused = FileRefused(code)
    return received


def _copied(path: Path, into: Path) -> tuple[Received, Content]:
    into.mkdir(parents=True, exist_ok=True)
    unfinished = into / f".{uuid4().hex}.tmp"
    look = _Look()
    try:
        with path.open("rb") as source, unfinished.open("wb") as copy:
            _pump(source, copy, look, ())
        kept = kept_path(into, look.sha256, ending_of(path))
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished.chmod(0o440)
        unfinished.replace(kept)
    finally:  # of a copy that did not fit on the disk nothing may stay
        unfinished.unlink(missing_ok=True)
    received = Received(path.name[-NAME_MAX:], look.sha256, kept, [])
    received.modified_ns = path.stat().st_mtime_ns
    return received, look.content(path.name, kept)


def settle(received: Received) -> None:
    """Return when a kept file would outlast a power cut; before that, nothing may count on it."""
    disk.settle(received.path)


def kept_path(into: Path, sha256: str, ending: str) -> Path:
    """Return where a received file is kept."""
    return into / sha256[:2] / f"{sha256}{ending}"


def contents_of(received: Received, *, scratch: Path) -> list[Content]:
    """Return the CSV files that a kept file holds: itself, or those packed in it.

    Raises:
        FileRefused: the archive is damaged.

    """
    if received.path.suffix != ".csv":
        return unpacked(received, scratch=scratch)
    look = _Look()
    with received.path.open("rb") as source:
        while piece := source.read(_CHUNK):
            look.at(piece)
    return [look.content(received.name, received.path)]


def unpacked(received: Received, *, scratch: Path) -> list[Content]:
    """Return the CSV files in a kept archive, unpacked into a scratch folder.

    Raises:
        FileRefused: it is damaged, protected, or grows beyond what is reasonable.

    """
    place = scratch / uuid4().hex
    place.mkdir()
    try:
        return _opened(received, place)
    except FileRefused:  # what came out of a bomb must not lie there until the run ends
        shutil.rmtree(place, ignore_errors=True)
        raise


def _opened(received: Received, scratch: Path) -> list[Content]:
    opener = _from_zip if received.path.suffix == ".zip" else _from_gzip
    try:
        return list(opener(received, scratch, Budget(UNPACKED_MAX)))
    except ArchiveRefused as refused:
        raise FileRefused(refused.code) from refused
    except UNREADABLE as error:
        raise FileRefused("damaged_archive", type(error).__name__) from error
    except OSError as error:
        if error.errno is not None:  # the disk, not the archive: it must not count as read
            raise
        raise FileRefused("damaged_archive", type(error).__name__) from error


def _from_gzip(received: Received, scratch: Path, budget: Budget) -> Iterator[Content]:
    with gzip.open(received.path) as source:
        name = re.sub(r"\.gz$", "", received.name, flags=re.IGNORECASE)
        packed = received.path.stat().st_size
        yield _unpack(source, name, scratch, _within(budget, packed))


def _from_zip(received: Received, scratch: Path, budget: Budget) -> Iterator[Content]:
    with received.path.open("rb") as file:
        check_directory(file, entries=ENTRIES_MAX)
        with zipfile.ZipFile(file) as archive:
            packed = received.path.stat().st_size
            for entry in archive.infolist():
                yield from _from_entry(archive, entry, scratch, _within(budget, packed, entry))


def _from_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, scratch: Path, budgets: Sequence[Budget]
) -> Iterator[Content]:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    name = path.name
    if entry.is_dir() or is_shadow(path) or not name.lower().endswith((".csv", ".csv.gz")):
        return
    if entry.flag_bits & 1:
        raise FileRefused("protected_archive")
    check_kind(entry)
    with archive.open(entry) as source:
        if not name.lower().endswith(".gz"):
            yield _unpack(source, name, scratch, budgets)
            return
        with gzip.open(source) as inner:
            yield _unpack(inner, name[:-3], scratch, budgets)


def _within(
    whole: Budget, packed: int, entry: zipfile.ZipInfo | None = None
) -> tuple[Budget, Budget]:
    """Return what may come out of one file: its own share, and what the archive has left."""
    size = packed if entry is None else min(packed, entry.compress_size)
    return Budget(max(RATIO_FROM, size * RATIO_MAX)), whole


def _unpack(
    source: IO[bytes] | gzip.GzipFile, name: str, scratch: Path, budgets: Sequence[Budget]
) -> Content:
    path = scratch / f"{uuid4().hex}.csv"
    look = _Look()
    with path.open("wb") as copy:
        _pump(source, copy, look, budgets)
    return look.content(name, path)


def _pump(
    source: IO[bytes] | gzip.GzipFile, copy: IO[bytes], look: _Look, budgets: Sequence[Budget]
) -> None:
    """Copy a file piece by piece; the bytes count as they come, whatever headers say."""
    while piece := source.read(_CHUNK):
        for budget in budgets:
            budget.take(len(piece))
        look.at(piece)
        copy.write(piece)


def ending_of(path: Path) -> str:
    """Return how the content is packed, by its first bytes rather than its name."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        return ".gz"
    return ".zip" if start in ZIP_STARTS else ".csv"


class _Look:
    """Digest and physical facts of a file, gathered while it passes by."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._newlines = self._returns = self._pairs = self._quotes = 0
        self._has_nul = False
        self._is_utf8 = True
        self._rest = b""
        self._last = b""

    def at(self, piece: bytes) -> None:
        """Look at the next piece."""
        self._digest.update(piece)
        # Three times as fast as to count what is rare.
        self._newlines += len(piece) - len(piece.replace(b"\n", b""))
        self._quotes += piece.count(b'"')
        if b"\r" in piece or self._last == b"\r":
            self._returns += piece.count(b"\r")
            self._pairs += piece.count(b"\r\n") + (self._last == b"\r" and piece[:1] == b"\n")
        self._has_nul = self._has_nul or b"\0" in piece
        self._last = piece[-1:]
        if self._is_utf8:
            self._check_utf8(piece)

    @property
    def sha256(self) -> str:
        """The digest of all pieces."""
        return self._digest.hexdigest()

    def content(self, name: str, path: Path) -> Content:
        """Return the facts of the file."""
        ends_alike = self._returns == self._pairs and self._pairs in {0, self._newlines}
        clean = self._is_utf8 and not self._rest and not self._has_nul and ends_alike
        lines = self._newlines + (self._last not in {b"", b"\n"})
        return Content(name, path, self.sha256, lines, clean, self._quotes)

    def _check_utf8(self, piece: bytes) -> None:
        if not self._rest and piece.isascii():
            return
        joined = self._rest + piece
        try:
            joined.decode()
            self._rest = b""
        except UnicodeDecodeError as error:
            self._rest = joined[error.start :]
            # Only a letter cut in two by the end of the piece may be unfinished.
            self._is_utf8 = error.reason == "unexpected end of data" and len(self._rest) < 4  # noqa: PLR2004  a character of UTF-8 has four bytes at most
