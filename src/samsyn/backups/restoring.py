"""Puts a backup back, into an empty place only, after the whole of it has been checked.

A mark is put into the place first and taken away last. While it is there Samsyn does not
start, so that a restore that was cut off is never taken for a whole installation.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from samsyn.backups import databases, rules
from samsyn.backups.private import (
    make_folder,
    pieces_of,
    settle_folders,
    write_file,
)
from samsyn.backups.rules import Manifest
from samsyn.backups.writing import SPARE_BYTES, Say, keys_mark, verify
from samsyn.documents.storage import storage
from samsyn.kernel.disk import settle
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.restoring import RESTORE_MARK, STAND_IN

MANIFEST_MOST = 256 << 20
MAY_BE_THERE = frozenset({"lost+found", "secret_key", "trail_key"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what whoever did it must know."""

    manifest: Manifest
    warnings: list[str]


def backup_restore(*, backup: Path, say: Say) -> Restored:
    """Restore a backup into SAMSYN_HOME and the database of the settings.

    Raises:
        RuleViolation: the backup is damaged, hostile, unfinished or of another kind, or the
            place is not empty. Nothing has been touched then.

    """
    say("Checking the backup.")
    manifest = manifest_of(backup)
    _require_plain(backup)
    _require_fit(manifest)
    home = Path(settings.SAMSYN_HOME)
    _require_empty(home)
    verify(backup, manifest)
    _require_room(home, manifest)
    say("Restoring the files.")
    mark = _marked(home)
    _put_files(backup, home, manifest)
    say("Restoring the database.")
    _put_database(backup, home, manifest)
    settle_folders(home)
    mark.unlink()
    settle(home)
    return Restored(manifest, list(_warnings(home, manifest)))


def manifest_of(backup: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        RuleViolation: there is none, or it is damaged.

    """
    path = backup / rules.MANIFEST
    is_unfinished = backup.resolve().name.endswith(rules.UNFINISHED)
    if is_unfinished or not backup.is_dir() or not path.is_file() or path.is_symlink():
        raise RuleViolation(
            f"{backup} is no finished backup: a directory with the file {rules.MANIFEST}."
        )
    if path.stat().st_size > MANIFEST_MOST:
        raise RuleViolation("The manifest is too large to be one.")
    try:
        return rules.manifest_read(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RuleViolation(f"The manifest cannot be used: {error}.") from error


def _require_plain(backup: Path) -> None:
    """Refuse a backup in which anything but plain files and directories lies."""
    for path in backup.rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise RuleViolation(
                f"{path.relative_to(backup)} is a link or a device. A backup has none: "
                "this one is not what Samsyn wrote."
            )


def _require_fit(manifest: Manifest) -> None:
    here = "sqlite" if databases.is_sqlite() else "postgresql"
    if manifest.vendor != here:
        raise RuleViolation(
            f"The backup is of {manifest.vendor} and the settings name {here}. "
            "See SAMSYN_DATABASE_URL."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {name.split(".")[0] for name in known}
    later = [m for m in manifest.migrations if m not in known and m.split(".")[0] in ours]
    if later:
        raise RuleViolation(
            f"The backup was made by Samsyn {manifest.samsyn}, which is newer than this one "
            f"({later[0]} is not known here). Install that release first."
        )


def _require_empty(home: Path) -> None:
    there = {path.name for path in home.iterdir()} if home.is_dir() else set()
    if there - MAY_BE_THERE:
        raise RuleViolation(
            f"{home} is not empty. A backup is restored into an empty directory only; "
            "name a new one in SAMSYN_HOME."
        )
    for name in there:  # what follows a link here would be written or read elsewhere
        if not (home / name).is_file() or (home / name).is_symlink():
            raise RuleViolation(f"{home / name} is no plain file. Put the file itself there.")
    if not databases.is_sqlite():
        databases.postgresql_require_empty()


def _require_room(home: Path, manifest: Manifest) -> None:
    place = next(path for path in (home, *home.parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    if free < manifest.bytes + SPARE_BYTES:
        raise RuleViolation(
            f"There is no room: the backup takes {manifest.bytes // 1_000_000} MB "
            f"and {free // 1_000_000} MB are free."
        )


def _marked(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(home, RESTORE_MARK, [b"A restore has begun here and has not ended.\n"])
    settle(home)
    return home / RESTORE_MARK


def _put_files(backup: Path, home: Path, manifest: Manifest) -> None:
    database = rules.DATABASES[manifest.vendor]
    for file in manifest.files:
        if file.path == database or (home / file.path).exists():  # a key that was put there before
            continue
        if write_file(home, file.path, pieces_of(backup / file.path)) != file:
            raise RuleViolation(f"{file.path} changed while it was restored.")
        if settings.FILES_BUCKET and file.path.startswith("files/"):
            storage().put(home / file.path, sha256=file.sha256)
    for folder in ("store", "received", "inbox", "files", "packs"):
        make_folder(home / folder, below=home)


def _put_database(backup: Path, home: Path, manifest: Manifest) -> None:
    copy = backup / rules.DATABASES[manifest.vendor]
    if manifest.vendor == "sqlite":
        write_file(home, ".samsyn.sqlite3", pieces_of(copy))
        trail = databases.sqlite_listing(home / ".samsyn.sqlite3").trail
        (home / ".samsyn.sqlite3").rename(home / "samsyn.sqlite3")
    else:
        trail = databases.postgresql_restore(copy)
    if trail != (manifest.trail_number, manifest.trail_hash):
        raise RuleViolation("The trail of the restored database differs from the manifest.")


def _warnings(home: Path, manifest: Manifest) -> Iterator[str]:
    is_lent = settings.SECRET_KEY.startswith(STAND_IN)
    if is_lent and not (home / "secret_key").exists():
        yield (
            "The backup holds no secret. Put the installation's own secret_key into "
            f"{home}, or set SAMSYN_SECRET_KEY, before `samsyn setup`: links in letters that "
            "were sent, and what waits in the outbox, cannot be read without it."
        )
    is_key_lent = any(key.startswith(STAND_IN) for key in settings.TRAIL_KEYS)
    if is_key_lent and not (home / "trail_key").exists():
        yield (
            "The backup holds no key of the trail. Put the installation's own trail_key into "
            f"{home}, or set SAMSYN_TRAIL_KEY, before `samsyn setup`: the trail cannot be "
            "proved without it."
        )
    if not is_lent and keys_mark() != manifest.keys_mark:
        yield "The secret that is set here is another than that of the backup."
    for name in manifest.missing:
        yield f"{name} was missing when the backup was made."
    for name in manifest.altered:
        yield f"{name} had been altered when the backup was made."
