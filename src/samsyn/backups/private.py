"""Files that nobody else may read, whatever the umask, and that outlast a power cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from samsyn.backups.rules import KeptFile
from samsyn.kernel.disk import settle

PIECE = 1 << 20
FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make_folder(path: Path, *, below: Path) -> None:
    """Make a directory and those between it and ``below``, which is there."""
    if path == below or path.is_dir():
        return
    make_folder(path.parent, below=below)
    path.mkdir(mode=FOLDER_MODE)
    path.chmod(FOLDER_MODE)


def open_new(path: Path) -> int:
    """Return a handle to a new file; one that is there already is an error."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    os.fchmod(handle, FILE_MODE)
    return handle


def write_file(root: Path, name: str, pieces: Iterable[bytes]) -> KeptFile:
    """Write a new file below a folder, piece by piece, and say what was written."""
    path = root / name
    make_folder(path.parent, below=root)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(open_new(path), "wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return KeptFile(name, digest.hexdigest(), size)


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the content of a file; a link is not followed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def look_at(root: Path, name: str) -> KeptFile:
    """Return what a file below a folder holds."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces_of(root / name):
        digest.update(piece)
        size += len(piece)
    return KeptFile(name, digest.hexdigest(), size)


def settle_folders(root: Path) -> None:
    """Return when the names of all files below a folder would outlast a power cut."""
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        settle(folder)
