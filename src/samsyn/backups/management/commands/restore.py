from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from samsyn.backups.restoring import backup_restore
from samsyn.kernel.errors import SamsynError

NEXT = (
    "Next: samsyn setup, then samsyn store_rebuild, then samsyn trail_verify and samsyn doctor. "
    "Start the services after that."
)


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty SAMSYN_HOME and an empty database. The whole backup is "
        "checked before anything is written."
    )
    requires_system_checks = []  # there is no installation yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, metavar="BACKUP", help="a finished backup")

    def handle(self, *_args: Any, **options: Any) -> str | None:
        try:
            done = backup_restore(backup=options["backup"], say=self.stderr.write)
        except SamsynError as error:
            self.stderr.write(str(error))
            sys.exit(error.exit_code)
        for warning in done.warnings:
            self.stderr.write(f"Note: {warning}")
        return (
            f"The backup of {done.manifest.made_at} is restored into {settings.SAMSYN_HOME}, "
            f"the trail until entry {done.manifest.trail_number}. {NEXT}"
        )
