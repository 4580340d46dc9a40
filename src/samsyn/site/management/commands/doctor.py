from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from samsyn.access.cli import console_actor
from samsyn.backups.services import files_check
from samsyn.organisations.selectors import operator_list
from samsyn.site.health import examine


class Command(BaseCommand):
    help = "Say what is wrong with the installation and what to do; ends with 1 if anything is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--full", action="store_true", help="check every stored file first; reads all of them"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["full"]:
            self.check_files()
        with timezone.override(settings.DISPLAY_TIME_ZONE):  # the console has no zone of a reader
            findings = list(examine())
        for finding in findings:
            mark = ("ok     " if finding.is_asked else "-      ") if finding.is_fine else "PROBLEM"
            shown = {"about": finding.about, "fine": finding.is_fine, "says": finding.says}
            self.stdout.write(
                json.dumps(shown) if options["json"] else f"{mark}  {finding.about}: {finding.says}"
            )
        if not all(f.is_fine for f in findings):
            sys.exit(1)

    def check_files(self) -> None:
        """Check every stored file; what is found stays on record and is told with the rest."""
        actor = console_actor()
        if operators := operator_list(actor=actor):
            files_check(actor=actor, operators=operators)
