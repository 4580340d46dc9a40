from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.assets.constituency import constituency_import
from samsyn.assets.rules import Difference
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import operator_require


class Command(ActorCommand):
    help = "Take a constituency file: organisations, resources and contacts, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--json", action="store_true", help="print the difference as JSON")

    def run(self, *, actor: Actor, **options: Any) -> str:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise RuleViolation(f"{options['file']} cannot be read: {error.strerror}.") from error
        seen = constituency_import(
            actor=actor,
            operator=operator_require(actor=actor),
            content=content,
            dry_run=options["dry_run"],
            name=options["file"].name,
        )
        if options["json"]:
            return json.dumps({"dry_run": options["dry_run"], **seen.lines()}, ensure_ascii=False)
        return _in_words(seen, dry_run=options["dry_run"])


def _in_words(seen: Difference, *, dry_run: bool) -> str:
    lines = ["Nothing is changed; this is what the import would do." if dry_run else "Imported."]
    for name, items in seen.lines().items():
        if items:
            lines.append(f"{name.replace('_', ' ')}: {len(items)}")
            lines += [f"  {item}" for item in items]
    if len(lines) == 1:
        lines.append("The register already says all of this.")
    return "\n".join(lines)
