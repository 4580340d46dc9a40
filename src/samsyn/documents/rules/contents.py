"""What a file is, told from its content. Its name and what the browser says count for nothing.

Archives are never unpacked: of an office file only the list of what it holds is read, and
that only when the list is small.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

HEAD = 8192
CHUNK = 1 << 20
DIRECTORY_MOST = 2 << 20  # bytes; a document of a thousand parts has a tenth of it
ENTRIES_MOST = 20_000
COMMENT_MOST = 65_535 + 22


class ContentRefusal(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    PROGRAM = "program"
    PAGE = "page"
    MACROS = "macros"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"
    TOO_MUCH = "too_much"


class ContentRefused(ValueError):
    """The file is none of the kinds that are kept."""

    def __init__(self, reason: ContentRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is kept: a short word for people, and the endings of its name."""

    word: str
    endings: tuple[str, ...]


_OPEN = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
TYPES: dict[str, FileType] = {
    "application/pdf": FileType("PDF", (".pdf",)),
    f"{_OPEN}.wordprocessingml.document": FileType("Word", (".docx",)),
    f"{_OPEN}.spreadsheetml.sheet": FileType("Excel", (".xlsx",)),
    f"{_OPEN}.presentationml.presentation": FileType("PowerPoint", (".pptx",)),
    f"{_ODF}.text": FileType("ODT", (".odt",)),
    f"{_ODF}.spreadsheet": FileType("ODS", (".ods",)),
    f"{_ODF}.presentation": FileType("ODP", (".odp",)),
    "image/png": FileType("PNG", (".png",)),
    "image/jpeg": FileType("JPEG", (".jpg", ".jpeg")),
    "image/webp": FileType("WebP", (".webp",)),
    "message/rfc822": FileType("E-mail", (".eml",)),
    "text/csv": FileType("CSV", (".csv",)),
    "text/plain": FileType("Text", (".txt", ".log", ".md")),
}
_PARTS = {
    "word/document.xml": f"{_OPEN}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OPEN}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPEN}.presentationml.presentation",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PAGE = re.compile(
    rb"<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe)\b", re.IGNORECASE
)
_HEADER = re.compile(rb"[!-9;-~]{1,70}:[ \t\r\n]")
_MAIL = re.compile(rb"(?im)^(?:from|received|return-path|message-id|date|delivered-to):")


def media_type_of(file: IO[bytes], *, name: str) -> str:
    """Return the media type of a file's content, one of ``TYPES``.

    Args:
        file: open for reading and able to seek; where it stands afterwards is left open.
        name: only tells a table (``.csv``) from other text.

    Raises:
        Refused: it is empty, a program, a page that runs, an archive, holds macros, is
            damaged, or of a kind that is not kept.

    Source:
        The marks of the formats' own specifications: ISO 32000 7.5.2 (PDF), RFC 2083
        and ISO 10918 (PNG, JPEG), RFC 9649 (WebP), ECMA-376 part 2 and ODF 1.3 part 2
        3.3 (packages), RFC 5322 (mail). WHATWG MIME Sniffing for what a page begins with.

    """
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip():
        raise ContentRefused(ContentRefusal.EMPTY)
    if head.startswith(_PROGRAMS):
        raise ContentRefused(ContentRefusal.PROGRAM)
    if head.startswith(_ARCHIVES):
        raise ContentRefused(ContentRefusal.ARCHIVE)
    return _by_mark(head) or _package(file, head) or _text(file, head, name)


def _by_mark(head: bytes) -> str:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return ""


def _package(file: IO[bytes], head: bytes) -> str:
    if not head.startswith(b"PK"):
        return ""
    names = list(_names_in(file))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ContentRefused(ContentRefusal.MACROS)
    if "[Content_Types].xml" in names:
        for part, found in _PARTS.items():
            if part in names:
                return found
    opened = re.match(rb"PK\x03\x04.{22}\x08\x00\x00\x00mimetype([a-z.+/-]+)PK", head, re.DOTALL)
    found = opened[1].decode() if opened else ""
    if found in TYPES:
        return found
    raise ContentRefused(ContentRefusal.ARCHIVE)


def _names_in(file: IO[bytes]) -> Iterator[str]:
    """Yield what a package says it holds. Nothing is unpacked, and no long list is read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - COMMENT_MOST))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:  # noqa: PLR2004  the length of the closing record
        raise ContentRefused(ContentRefusal.DAMAGED)
    count, length, start = struct.unpack("<HII", tail[at + 10 : at + 20])
    if length > DIRECTORY_MOST or count > ENTRIES_MOST or start + length > size:
        raise ContentRefused(ContentRefusal.ARCHIVE)
    file.seek(start)
    yield from _entries(file.read(length))


def _entries(directory: bytes) -> Iterator[str]:
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02" and len(directory) - at >= 46:  # noqa: PLR2004  the length of an entry's fixed part
        name, extra, comment = struct.unpack("<HHH", directory[at + 28 : at + 34])
        yield directory[at + 46 : at + 46 + name].decode("utf-8", "replace")
        at += 46 + name + extra + comment


def _text(file: IO[bytes], head: bytes, name: str) -> str:
    if _PAGE.search(head[:1024]):
        raise ContentRefused(ContentRefusal.PAGE)
    if not _is_text(file):
        raise ContentRefused(ContentRefusal.UNKNOWN)
    if _HEADER.match(head) and len(_MAIL.findall(head)) > 1:
        return "message/rfc822"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _is_text(file: IO[bytes]) -> bool:
    """Whether all is UTF-8, UTF-16 with its mark, or an older alphabet without control signs."""
    file.seek(0)
    first = file.read(2)
    if first in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return _decodes(file, "utf-16")
    return _decodes(file, "utf-8") or _decodes(file, "latin-1")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            if _CONTROL.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# All but tab, line feed, form feed, carriage return and escape (terminal logs).
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]")
