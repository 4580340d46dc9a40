"""Where files are kept: each once, under the SHA-256 of its content.

Rooms ask ``storage()`` and do not care whether it is the disk or an object store. A file
that no version names any more is removed by the sweep (``jobs.py``) a day later at the
earliest, so that an upload that is just being written down never loses its content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from samsyn.kernel.disk import settle
from samsyn.kernel.errors import KeptDamaged

KEPT_NAME = re.compile(r"[0-9a-f]{64}")


class Storage(Protocol):
    """What a place for files can do."""

    def put(self, file: Path, *, sha256: str) -> None:
        """Keep a file of this content, in place of what is there; it counts as new."""

    def open(self, sha256: str) -> IO[bytes]:
        """Return the content, open for reading, once it is seen to fit its digest.

        Raises:
            KeptDamaged: it is not there, or has been altered.

        """

    def has(self, sha256: str) -> bool:
        """Return whether the content is there."""

    def remove(self, sha256: str) -> None:
        """Remove the content; one that is gone already is no trouble."""

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Yield every content that is there, and when it was last put."""


class Disk:
    """Files below one folder: ``aa/bb/<sha256>``, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, file: Path, *, sha256: str) -> None:
        place = self.place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        file.replace(place)
        for folder in (place.parent, place.parent.parent, self.root):
            settle(folder)

    def open(self, sha256: str) -> IO[bytes]:
        try:
            content = self.place(sha256).open("rb")
        except FileNotFoundError as error:
            raise file_missing() from error
        return unaltered(content, sha256)

    def has(self, sha256: str) -> bool:
        return self.place(sha256).is_file()

    def remove(self, sha256: str) -> None:
        self.place(sha256).unlink(missing_ok=True)

    def kept(self) -> Iterator[tuple[str, datetime]]:
        for place in self.root.glob("??/??/*"):
            if KEPT_NAME.fullmatch(place.name):
                yield place.name, datetime.fromtimestamp(place.stat().st_mtime, UTC)

    def place(self, sha256: str) -> Path:
        """Return where a content is, or would be."""
        if not KEPT_NAME.fullmatch(sha256):
            raise ValueError(sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256


def unaltered(content: IO[bytes], sha256: str) -> IO[bytes]:
    """Return an open content at its beginning; close and refuse it if its digest is another.

    Raises:
        KeptDamaged: it has been altered.

    """
    try:
        content.seek(0)
        digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # any binary file is read so; the stubs ask for more
        content.seek(0)
    except OSError as error:  # the disk cannot read it
        content.close()
        raise file_altered() from error
    if digest != sha256:
        content.close()
        raise file_altered()
    return content


def file_altered() -> KeptDamaged:
    """Return what is said of a file that is no longer what was put here."""
    return KeptDamaged(
        _(
            "The file has been altered since it was added: its checksum (SHA-256) is another. "
            "It is not handed out. Restore it from a backup, or add it again as a new version."
        )
    )


def file_missing() -> KeptDamaged:
    """Return what is said of a file that is not where it is kept."""
    return KeptDamaged(
        _(
            "The file is missing where files are stored. "
            "Restore it from a backup, or add it again as a new version."
        )
    )


def files_folder() -> Path:
    """Return the folder of SAMSYN_HOME that holds files, and those on their way in."""
    return Path(settings.SAMSYN_HOME) / "files"


def storage() -> Storage:
    """Return the place for files that the settings name."""
    if settings.FILES_BUCKET:
        from samsyn.documents.object_store import ObjectStore  # noqa: PLC0415  seldom used

        return ObjectStore.from_settings()
    return Disk(files_folder())
