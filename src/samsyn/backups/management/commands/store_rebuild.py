from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.backups.checking import files_missing
from samsyn.backups.wording import editions_missing
from samsyn.kernel.errors import KeptDamaged, NotFound
from samsyn.monitoring.services import store_rebuild
from samsyn.organisations.selectors import operator_list


class Command(ActorCommand):
    help = (
        "Make the analytical store anew from the files as received, after a restore or when a "
        "file of it is damaged. Findings stay as they are. It may be run again at any time. "
        "Frozen editions come from a backup only; it ends with 74 when one is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--anew",
            action="store_true",
            help="read and attribute by the report schema and register as they are now",
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def run(self, *, actor: Actor, **options: Any) -> None:
        operators = operator_list(actor=actor)
        if not operators:
            raise NotFound("There is no security centre here, so nothing was ever received.")
        done = store_rebuild(
            actor=actor,
            operators=operators,
            is_anew=options["anew"],
            progress=self.progress,
        )
        editions = files_missing().editions
        if options["json"]:
            self.stdout.write(json.dumps({**done, "editions_missing": len(editions)}))
        else:
            rebuilt = f"{done['batches']} batches and the findings of {done['reports']} reports"
            self.stdout.write(f"{rebuilt} rebuilt.")
        if editions:
            raise KeptDamaged(editions_missing(editions))

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say on a terminal how far it has come."""
        if sys.stderr.isatty():
            share = f" {100 * done // total} %" if total else ""
            self.stderr.write(f"\r{step}{share}   ", ending="")
