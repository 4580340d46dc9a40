from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samsyn.audit.models import Entry


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was made and verified."""

    made_at: datetime
    place: str

    @property
    def is_there(self) -> bool:
        """Whether it is still where it was put, as seen from here."""
        return Path(self.place).is_dir()


def backup_last() -> LastBackup | None:
    """Return the last backup on record, or None; about the installation, not about anybody."""
    entry = Entry.objects.filter(action="backups.backup_record").order_by("-number").first()
    if entry is None:
        return None
    return LastBackup(entry.at, str(entry.changes.get("place", "")))


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What the last check of all stored files found."""

    checked_at: datetime
    looked_at: int
    faults: dict[str, int]
    named: list[str]


def check_last() -> LastCheck | None:
    """Return the last check of all stored files, or None; about the installation, not anybody."""
    entry = Entry.objects.filter(action="backups.files_check").order_by("-number").first()
    if entry is None:
        return None
    found = entry.changes
    return LastCheck(
        entry.at,
        sum(found.get("looked_at", {}).values()),
        dict(found.get("faults", {})),
        list(found.get("named", [])),
    )
