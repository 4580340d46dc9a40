"""Makes a backup while the installation runs: the database first, then the files it names.

Files are only ever added before the database names them, so that what the copy of the
database names is there when the files are copied. Everything is written under another name;
the directory gets its own when all of it has been read again and found to be whole.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings

from samsyn.backups import databases, rules
from samsyn.backups.databases import DatabaseContents
from samsyn.backups.private import (
    look_at,
    make_folder,
    pieces_of,
    settle_folders,
    write_file,
)
from samsyn.backups.rules import KeptFile, Manifest
from samsyn.documents.storage import storage
from samsyn.kernel.disk import settle
from samsyn.kernel.errors import KeptDamaged, RuleViolation

Say = Callable[[str], None]
LEFTOVER_SECONDS = 24 * 3600
DIGEST_LENGTH = 64
SPARE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """A finished backup: where it is and what it holds."""

    place: Path
    manifest: Manifest


def backup_write(*, into: Path, now: datetime, with_keys: bool, say: Say) -> Written:
    """Write a backup of the running installation into a directory of its own, and verify it.

    Args:
        into: the directory that gets it; made if it is not there.
        now: this moment, in UTC; it names the backup.
        with_keys: whether the installation's keys (``secret_key`` and others) are in it.
        say: told what is being done.

    Raises:
        RuleViolation: the place is not fit, there is no room, or what was written is damaged.

    """
    into = _place(into)
    finished = into / f"samsyn-{now:%Y%m%dT%H%M%SZ}"
    unfinished = into / f".{finished.name}{rules.UNFINISHED}"
    if finished.exists() or unfinished.exists():
        raise RuleViolation(f"{finished} is there already.")
    make_folder(unfinished, below=into)
    try:
        manifest = _copied(unfinished, now=now, with_keys=with_keys, say=say)
        say("Verifying.")
        verify(unfinished, manifest)
        write_file(unfinished, rules.MANIFEST, [_text(manifest).encode()])
        settle_folders(unfinished)
        unfinished.rename(finished)
        settle(into)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise RuleViolation(f"The backup could not be written: {error.strerror}.") from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Written(finished, manifest)


def _text(manifest: Manifest) -> str:
    """Return the text of a manifest that a restore will take."""
    text = rules.manifest_text(manifest)
    try:
        rules.manifest_read(text)
    except ValueError as error:
        raise RuleViolation(f"The backup would not be restored: {error}.") from error
    return text


def _place(into: Path) -> Path:
    into, home = into.resolve(), Path(settings.SAMSYN_HOME).resolve()
    if into == home or home in into.parents:
        raise RuleViolation(f"A backup is not kept inside {home}: it would be lost with it.")
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RuleViolation(f"{into} cannot be made: {error.strerror}.") from error
    for left in into.glob(f".samsyn-*{rules.UNFINISHED}"):  # of a backup that was killed
        if left.lstat().st_mtime < time.time() - LEFTOVER_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    free, wanted = shutil.disk_usage(into).free, _bytes_wanted(home)
    if free < wanted + SPARE_BYTES:
        raise RuleViolation(
            f"There is no room: the backup takes about {wanted // 1_000_000} MB "
            f"and {free // 1_000_000} MB are free in {into}."
        )
    return into


def _bytes_wanted(home: Path) -> int:
    files = [path for path, _name in _sources(home)]
    files += [home / "samsyn.sqlite3"] if databases.is_sqlite() else []
    return sum(path.stat().st_size for path in files if path.is_file())


def _copied(root: Path, *, now: datetime, with_keys: bool, say: Say) -> Manifest:
    home = Path(settings.SAMSYN_HOME)
    vendor = "sqlite" if databases.is_sqlite() else "postgresql"
    say("Copying the database.")
    copy = root / rules.DATABASES[vendor]
    if vendor == "sqlite":
        listed = databases.sqlite_copy(home / "samsyn.sqlite3", copy)
    else:
        listed = databases.postgresql_dump(copy)
    say("Copying the files.")
    files = [look_at(root, copy.name), *_files(root, home, listed)]
    keys = sorted(home.glob("*_key")) if with_keys else []
    files += [write_file(root, path.name, pieces_of(path)) for path in keys]
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        samsyn=_version(),
        vendor=vendor,
        server=listed.server,
        trail_number=listed.trail[0],
        trail_hash=listed.trail[1],
        keys=_keys_sentence(keys, with_keys=with_keys),
        keys_mark=keys_mark(),
        migrations=listed.migrations,
        files=files,
        missing=sorted(_named(listed) - {file.path for file in files}),
        altered=sorted(file.path for file in files if not _fits_name(file)),
    )


def _files(root: Path, home: Path, listed: DatabaseContents) -> Iterator[KeptFile]:
    for path, name in _sources(home):
        with suppress(FileNotFoundError):  # retired between being listed and being copied
            yield write_file(root, name, pieces_of(path))
    if settings.FILES_BUCKET:
        for sha256 in sorted(listed.evidence):
            with suppress(KeptDamaged), storage().open(sha256) as content:
                pieces = iter(lambda content=content: content.read(1 << 20), b"")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                yield write_file(root, evidence_path(sha256), pieces)


def _sources(home: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file to copy, and its path in the backup."""
    for folder in rules.FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            name = str(path.relative_to(home))
            is_ours = path.is_file() and not path.is_symlink()
            if is_ours and not path.name.startswith(".") and not name.startswith("files/incoming/"):
                yield path, name


def evidence_path(sha256: str) -> str:
    """Return where a backup keeps the content of a document."""
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _named(listed: DatabaseContents) -> set[str]:
    evidence = {evidence_path(sha256) for sha256 in listed.evidence}
    return set(listed.received) | evidence | listed.editions


def _fits_name(file: KeptFile) -> bool:
    """Return whether a file that is named after its digest still has it."""
    name = Path(file.path).name.split(".")[0]
    is_by_digest = file.path.startswith(("received/", "files/")) and len(name) == DIGEST_LENGTH
    return not is_by_digest or name == file.sha256


def verify(root: Path, manifest: Manifest) -> None:
    """Read a backup again and raise unless every file is what the manifest says.

    Raises:
        RuleViolation: a file is missing or differs, or the database does not open.

    """
    for file in manifest.files:
        try:
            found = look_at(root, file.path)
        except OSError as error:
            raise RuleViolation(f"{file.path} is missing in the backup.") from error
        if found != file:
            raise RuleViolation(f"{file.path} in the backup differs from the manifest.")
    database = root / rules.DATABASES[manifest.vendor]
    if manifest.vendor == "postgresql":
        databases.postgresql_check(database)
        return
    listed = databases.sqlite_listing(database)
    if listed.trail != (manifest.trail_number, manifest.trail_hash):
        raise RuleViolation("The trail in the copy of the database differs from the manifest.")


def keys_mark() -> str:
    """Return what tells this installation's secret from another without giving it away."""
    mark = hmac.new(settings.SECRET_KEY.encode(), b"samsyn backup", hashlib.sha256)
    return mark.hexdigest()[:16]


def _keys_sentence(keys: list[Path], *, with_keys: bool) -> str:
    if not with_keys:
        return "left out"
    if os.environ.get("SAMSYN_SECRET_KEY") and "secret_key" not in {k.name for k in keys}:
        return "in the environment"
    return "included" if keys else "none"


def _version() -> str:
    try:
        return version("samsyn")
    except PackageNotFoundError:
        return "checkout"
