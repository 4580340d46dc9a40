from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.monitoring.services import schema_install
from samsyn.organisations.selectors import operator_require


class Command(ActorCommand):
    help = "Build the facts of all reports from Shadowserver's own schema files, and use them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, help="a folder, a zip, or reports.json")

    def run(self, *, actor: Actor, **options: Any) -> str:
        done = schema_install(
            actor=actor, operator=operator_require(actor=actor), path=options["path"]
        )
        return f"{done['reports']} reports, schema of {done['version']}."
