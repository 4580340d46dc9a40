"""Zip archives from outside: limits that are counted while unpacking, not read from headers.

A header may lie about sizes, entries may overlap, and the directory alone may fill the
memory. So the size of the directory is checked before it is read, and every byte that comes
out is taken from one budget for the whole archive.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

PIECE = 1 << 20
DIRECTORY_BYTES = 16 << 20
_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_END64, _END64_SIZE = b"PK\x06\x06", 56
_COMMENT_MOST = 65_535
# What the standard library raises on an archive that is damaged, protected or of a rare kind.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_KINDS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for gigabytes at once


class ArchiveRefused(ValueError):
    """The archive is not unpacked; ``code`` is too_many_entries, too_large or damaged_archive."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_kind(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that is packed in a rare way.

    Raises:
        ArchiveRefused: it is neither stored nor deflated.

    """
    if entry.compress_type not in _KINDS:
        raise ArchiveRefused("damaged_archive")


class Budget:
    """How many bytes may still come out of an archive, all its entries together."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, size: int) -> None:
        """Count bytes that have come out.

        Raises:
            ArchiveRefused: there are more than allowed.

        """
        self.left -= size
        if self.left < 0:
            raise ArchiveRefused("too_large")


def check_directory(file: IO[bytes], *, entries: int, size: int = DIRECTORY_BYTES) -> None:
    """Refuse an archive whose list of entries is too long, before the list is read.

    Args:
        file: open for reading and able to seek.
        entries: how many it may hold.
        size: how many bytes the list may have.

    Raises:
        ArchiveRefused: it is longer, or the end of the archive is missing.

    Source:
        PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16 (end of central directory, zip64).

    """
    found, length = _directory(file)
    if found > entries or length > size:
        raise ArchiveRefused("too_many_entries")
    file.seek(0)


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """Return how many entries an archive says it has, and the bytes of their list."""
    end = file.seek(0, 2)
    begin = max(0, end - _COMMENT_MOST - _END_SIZE - _LOCATOR_SIZE)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise ArchiveRefused("damaged_archive")
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if at >= _LOCATOR_SIZE and tail[at - _LOCATOR_SIZE :].startswith(_LOCATOR):
        return _directory64(file, tail[at - _LOCATOR_SIZE : at])
    return entries, length


def _directory64(file: IO[bytes], locator: bytes) -> tuple[int, int]:
    (place,) = struct.unpack("<Q", locator[8:16])
    try:
        file.seek(place)
        record = file.read(_END64_SIZE)
    except (OSError, OverflowError, ValueError) as error:
        raise ArchiveRefused("damaged_archive") from error
    if not record.startswith(_END64) or len(record) < _END64_SIZE:
        raise ArchiveRefused("damaged_archive")
    entries, length = struct.unpack("<QQ", record[32:48])
    return entries, length


def unpacked_size(file: IO[bytes], *, entries: int, most: int) -> int:
    """Return how many bytes come out of an archive; they are unpacked piece by piece and dropped.

    Args:
        file: open for reading and able to seek.
        entries: how many it may hold.
        most: how many bytes may come out of it.

    Raises:
        ArchiveRefused: it holds more than that, or is damaged or protected.

    Source:
        Our own limits; overlapping entries count each time they come out.

    """
    check_directory(file, entries=entries)
    budget = Budget(most)
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                check_kind(entry)
                with archive.open(entry) as content:
                    while piece := content.read(PIECE):
                        budget.take(len(piece))
    except ArchiveRefused:
        raise
    except UNREADABLE as error:
        raise ArchiveRefused("damaged_archive") from error
    return most - budget.left
