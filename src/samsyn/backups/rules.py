"""What a backup says of itself, and which paths it may name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"  # how the name of a backup ends while it is written
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("received", "files", "packs", "store/editions")
_STEP = re.compile(r"(?!\.{1,2}$)[^/\\\x00-\x1f\x7f]{1,255}")
_KEY = re.compile(r"[a-z]+_key")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a backup: its path below the backup, its SHA-256 and its size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds.

    ``migrations`` are those that the database has been through, as ``app.name``.
    ``keys_mark`` tells the installation's secret from another without giving it away.
    ``missing`` and ``altered`` were so already in the installation that was copied.
    """

    made_at: str
    samsyn: str
    vendor: str
    server: str
    trail_number: int
    trail_hash: str
    keys: str
    keys_mark: str
    migrations: list[str]
    files: list[KeptFile]
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """How large all files are together."""
        return sum(file.size for file in self.files)


FILE_KINDS: dict[str, type | list[type]] = {"path": str, "sha256": str, "size": int}
KINDS: dict[str, type | list[type]] = {
    **dict.fromkeys(("made_at", "samsyn", "vendor", "server", "trail_hash", "keys"), str),
    "keys_mark": str,
    "trail_number": int,
    "files": [dict],
    **{key: [str] for key in ("migrations", "missing", "altered")},
}
OBLIGED = set(KINDS) - {"missing", "altered"}


def manifest_text(manifest: Manifest) -> str:
    """Return the text of a manifest, with a checksum of itself.

    Source:
        Our own format, docs/adr/0013.

    """
    body = {"format": FORMAT, **asdict(manifest)}
    return json.dumps({**body, "checksum": _checksum(body)}, indent=1, sort_keys=True) + "\n"


def manifest_read(text: str) -> Manifest:
    """Return what the text of a manifest says.

    Raises:
        ValueError: it is damaged, of another format, or names a path that a backup may not have.

    Source:
        Our own format, docs/adr/0013.

    """
    body = json.loads(text)
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ValueError("it is of another format")
    if body.pop("checksum", None) != _checksum(body):
        raise ValueError("its checksum does not fit")
    del body["format"]
    _require_form(body)
    files = [KeptFile(**file) for file in body.pop("files")]
    manifest = Manifest(files=files, **body)
    _require_safe(manifest)
    return manifest


def _require_form(body: dict[str, Any]) -> None:
    """Refuse a body whose names or kinds of values are not those of a manifest."""
    given = set(body)
    is_fit = OBLIGED <= given <= set(KINDS) and all(_is_kind(body[n], KINDS[n]) for n in given)
    if not is_fit or not all(_is_file(file) for file in body["files"]):
        raise ValueError("it is of another form")


def _is_file(file: dict[str, Any]) -> bool:
    return set(file) == set(FILE_KINDS) and all(_is_kind(file[n], FILE_KINDS[n]) for n in file)


def _is_kind(value: object, kind: type | list[type]) -> bool:
    if isinstance(kind, list):
        return isinstance(value, list) and all(_is_kind(each, kind[0]) for each in value)
    return type(value) is kind  # a bool is no number here


def _require_safe(manifest: Manifest) -> None:
    database = DATABASES.get(manifest.vendor)
    paths = [file.path for file in manifest.files]
    if database is None or database not in paths:
        raise ValueError("it names no database")
    if len(set(paths)) != len(paths):
        raise ValueError("it names a path twice")
    for file in manifest.files:
        is_fit = file.path == database or is_safe(file.path)
        if not is_fit or not _DIGEST.fullmatch(file.sha256) or file.size < 0:
            raise ValueError(f"it names {file.path!r}, which a backup does not have")


def is_safe(path: str) -> bool:
    """Return whether a path may be in a backup: below a folder that is backed up, or a key.

    Source:
        Our own rule: no absolute path, no step upwards, nothing beside the known folders.

    Example:
        >>> is_safe("received/ab/abc.csv"), is_safe("received/../secret_key"), is_safe("/etc/x")
        (True, False, False)

    """
    if _KEY.fullmatch(path):
        return True
    folder = next((f for f in FOLDERS if path.startswith(f"{f}/")), None)
    return folder is not None and all(_STEP.fullmatch(step) for step in path.split("/"))


def is_too_old(made_at: datetime | None, now: datetime, days: int) -> bool:
    """Return whether the last backup is older than so many days, or there is none.

    Source:
        Our own rule; the number of days is the setting SAMSYN_BACKUP_DAYS.

    """
    return made_at is None or now - made_at > timedelta(days=days)


def _checksum(body: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
