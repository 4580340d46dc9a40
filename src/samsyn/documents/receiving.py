"""Taking a file in: to disk piece by piece, measured, known by its content, scanned, kept.

It happens before the service is called, so that no transaction waits for a slow upload or
the scanner. A file that is taken in and then written down nowhere is swept away.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.limited import run_limited
from samsyn.documents.rules import (
    PACKAGES,
    ContentRefusal,
    ContentRefused,
    check_picture,
    media_type_of,
    safe_name,
    weigh,
)
from samsyn.documents.scanning import scan
from samsyn.documents.storage import files_folder, storage
from samsyn.kernel import contained
from samsyn.kernel.errors import RuleViolation

READ_AT_ONCE = 256 * 1024
REASONS = {
    ContentRefusal.EMPTY: gettext_lazy("The file is empty."),
    ContentRefusal.PROGRAM: gettext_lazy(
        "The file is a program. Programs are not kept as evidence."
    ),
    ContentRefusal.PAGE: gettext_lazy(
        "Web pages and SVG drawings can hold programs and are not kept. Save it as PDF or PNG."
    ),
    ContentRefusal.MACROS: gettext_lazy(
        "The file holds macros. Save it without them (docx, xlsx or pptx) or as PDF."
    ),
    ContentRefusal.ARCHIVE: gettext_lazy(
        "Archives are not kept. Unpack it and add the files themselves."
    ),
    ContentRefusal.DAMAGED: gettext_lazy("The file is damaged: its end is missing."),
    ContentRefusal.UNKNOWN: gettext_lazy(
        "Files of this kind are not kept. PDF, Office and OpenDocument files, pictures, "
        "text, CSV and e-mail are."
    ),
    ContentRefusal.TOO_MUCH: gettext_lazy(
        "The file takes far more room when it is opened than it shows. "
        "Save it with smaller pictures, or as PDF."
    ),
}
UNPACKING = contained.ProcessLimits(memory_mb=256, cpu_seconds=30, wall_seconds=60, answer_mb=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that has been taken in: what a version of a document says of it."""

    sha256: str
    size: int
    media_type: str
    file_name: str
    is_scanned: bool


def size_limit() -> int:
    """Return how many bytes a file may have."""
    return int(settings.FILE_MB) * 1024 * 1024


def too_large() -> RuleViolation:
    """Return what is said of a file that is too large."""
    return RuleViolation(
        _("The file is larger than %d MB, which is the most that is kept.") % settings.FILE_MB,
        field="file",
    )


def file_take(upload: Any) -> ReceivedFile:
    """Take an uploaded file in and return what it is.

    Args:
        upload: has ``name`` and ``chunks()``, as Django's uploaded files do.

    Raises:
        RuleViolation: it is too large, empty, infected, or of a kind that is not kept.
        SourceUnavailable: the virus scanner is set up but does not answer, or too many
            files are being read just now.

    """
    return pieces_take(upload.chunks(READ_AT_ONCE), name=upload.name or "")


def pieces_take(pieces: Iterable[bytes], *, name: str) -> ReceivedFile:
    """Take a file in that comes piece by piece; same as ``file_take``."""
    incoming = files_folder() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        path = Path(file.name)
        try:
            size, sha256 = _written(file, pieces)
            media_type = _known(file, name)
            is_scanned = scan(path)
            storage().put(path, sha256=sha256)
        finally:
            path.unlink(missing_ok=True)
    return ReceivedFile(
        sha256=sha256,
        size=size,
        media_type=media_type,
        file_name=safe_name(name, media_type=media_type),
        is_scanned=is_scanned,
    )


def _written(file: IO[bytes], pieces: Iterable[bytes]) -> tuple[int, str]:
    size, digest, most = 0, hashlib.sha256(), size_limit()
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise too_large()
        digest.update(piece)
        file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return size, digest.hexdigest()


def _known(file: Any, name: str) -> str:
    path = Path(file.name)
    try:
        with path.open("rb") as content:
            media_type = media_type_of(content, name=name)
            check_picture(content, media_type)
        if media_type.startswith(PACKAGES):
            _check_unpacked(path)
    except ContentRefused as refused:
        raise RuleViolation(str(REASONS[refused.reason]), field="file") from refused
    return media_type


def _check_unpacked(path: Path) -> None:
    """Let a process of its own unpack an office file; nothing of it is kept.

    Raises:
        Refused: too much comes out, or the process did not survive it.

    """
    try:
        run_limited(f"{weigh.__module__}:{weigh.__name__}", str(path), limits=UNPACKING)
    except contained.WorkRefused as refused:
        raise ContentRefused(ContentRefusal(refused.code)) from refused
    except contained.ProcessEnded as ended:
        raise ContentRefused(ContentRefusal.TOO_MUCH) from ended
