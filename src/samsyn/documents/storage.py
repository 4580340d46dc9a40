"""Where files are kept: each once, under the SHA-256 of its content.

Rooms ask ``storage()`` and do not care whether it is the disk or an object store. A file
that no version names any more is removed by the sweep (``jobs.py``) a day later at the
earliest, so that an upload that is just being written down never loses its content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from samsyn.kernel.errors import NotFound

KEPT_NAME = re.compile(r"[0-9a-f]{64}")


class Storage(Protocol):
    """What a place for files can do."""

    def put(self, file: Path, *, sha256: str) -> None:
        """Keep a file of this content; one that is there already stays and counts as new."""

    def open(self, sha256: str) -> IO[bytes]:
        """Return the content, open for reading.

        Raises:
            NotFound: it is not there.

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
        with suppress(FileNotFoundError):
            os.utime(place)
            file.unlink()
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        file.replace(place)
        for folder in (place.parent, place.parent.parent, self.root):
            _sync_folder(folder)

    def open(self, sha256: str) -> IO[bytes]:
        try:
            return self.place(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound("The file is not there.") from error

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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files_folder() -> Path:
    """Return the folder of SAMSYN_HOME that holds files, and those on their way in."""
    return Path(settings.SAMSYN_HOME) / "files"


def storage() -> Storage:
    """Return the place for files that the settings name."""
    if settings.FILES_BUCKET:
        from samsyn.documents.object_store import ObjectStore  # noqa: PLC0415  seldom used

        return ObjectStore.from_settings()
    return Disk(files_folder())
