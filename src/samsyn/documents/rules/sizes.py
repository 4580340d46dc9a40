"""How large a picture or an office file is when it is opened; told without opening it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO

from samsyn.documents.rules.contents import ContentRefusal, ContentRefused
from samsyn.kernel import contained
from samsyn.kernel.archives import ArchiveRefused, unpacked_size

PIXELS_MOST = 150_000_000  # a picture takes four bytes for each when it is shown
PARTS_MOST = 10_000
UNPACKED_MOST = 500_000_000  # bytes
PACKAGES = ("application/vnd.openxmlformats", "application/vnd.oasis.opendocument")
_SEGMENTS_MOST = 2_000
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_WEBP_MASK = 0x3FFF


def check_picture(file: IO[bytes], media_type: str) -> None:
    """Refuse a picture that would take gigabytes to show.

    Args:
        file: open for reading and able to seek.
        media_type: what its content is.

    Raises:
        Refused: it has too many pixels, or its size is missing.

    Source:
        PNG specification 11.2.2 (IHDR), ITU-T T.81 B.2.2 (frame header), RFC 9649 (WebP).

    """
    reader = _READERS.get(media_type)
    if reader is None:
        return
    try:
        width, height = reader(file)
    except (struct.error, IndexError) as error:
        raise ContentRefused(ContentRefusal.DAMAGED) from error
    if width * height > PIXELS_MOST:
        raise ContentRefused(ContentRefusal.TOO_MUCH)


def weigh(path: str) -> bytes:
    """Unpack an office file piece by piece and drop it; for a process of its own.

    Raises:
        contained.Refused: too much comes out, or it is damaged.

    Source:
        Our own limits (docs/operations.md).

    """
    try:
        with Path(path).open("rb") as file:
            unpacked_size(file, entries=PARTS_MOST, most=UNPACKED_MOST)
    except ArchiveRefused as refused:
        is_damaged = refused.code == "damaged_archive"
        code = ContentRefusal.DAMAGED if is_damaged else ContentRefusal.TOO_MUCH
        raise contained.WorkRefused(code.value) from refused
    return b""


def _png(file: IO[bytes]) -> tuple[int, int]:
    file.seek(16)
    width, height = struct.unpack(">II", file.read(8))
    return width, height


def _jpeg(file: IO[bytes]) -> tuple[int, int]:
    """Go from segment to segment until the one that says the size."""
    file.seek(2)
    for _number in range(_SEGMENTS_MOST):
        mark, kind = struct.unpack(">BB", file.read(2))
        while kind == 0xFF:  # noqa: PLR2004  filling
            (kind,) = struct.unpack(">B", file.read(1))
        if mark != 0xFF:  # noqa: PLR2004  every segment begins so
            break
        (length,) = struct.unpack(">H", file.read(2))
        if kind in _JPEG_SIZES:
            _depth, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(max(length - 2, 0), 1)
    raise ContentRefused(ContentRefusal.DAMAGED)


def _webp(file: IO[bytes]) -> tuple[int, int]:
    file.seek(12)
    kind, rest = file.read(4), file.read(14)
    if kind == b"VP8X":
        width, height = (int.from_bytes(rest[n : n + 3], "little") + 1 for n in (8, 11))
        return width, height
    if kind == b"VP8L":
        bits = int.from_bytes(rest[5:9], "little")
        return (bits & _WEBP_MASK) + 1, (bits >> 14 & _WEBP_MASK) + 1
    width, height = struct.unpack("<HH", rest[10:14])
    return width & _WEBP_MASK, height & _WEBP_MASK


_READERS: dict[str, Callable[[IO[bytes]], tuple[int, int]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
