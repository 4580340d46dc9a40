from __future__ import annotations

from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.backups.checking import files_checked
from samsyn.jobs.registry import ProgressCallback, quiet


@command(Permission.JOBS_RUN)
def backup_record(*, actor: Actor, operators: list[Any], made: dict[str, Any]) -> dict[str, Any]:
    """Record that a backup was made and verified: when, where, how large, with which digest."""
    return made


@command(Permission.JOBS_RUN, atomic=False)
def files_check(
    *, actor: Actor, operators: list[Any], progress: ProgressCallback = quiet
) -> dict[str, Any]:
    """Check every stored file; the result stays on record."""
    return files_checked(progress=progress).as_dict()
