from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.monitoring.services import schema_install
from samsyn.organisations.selectors import operator_require

WORDS = {
    "severity": "severity",
    "taxonomy": "class",
    "type": "type",
    "layout": "which columns are used",
    "columns": "columns",
    "port_in_key": "whether the port tells findings apart",
}


class Command(ActorCommand):
    help = (
        "Build the facts of all reports from Shadowserver's own schema files, and use them. "
        "Says what changes; --dry-run says it and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, help="a folder, a zip, or reports.json")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def run(self, *, actor: Actor, **options: Any) -> str:
        given = {"path": options["path"], "operator": operator_require(actor=actor)}
        looked = schema_install(actor=actor, dry_run=True, **given)
        for line in _differences(looked):
            self.stdout.write(line)
        done = looked if options["dry_run"] else schema_install(actor=actor, **given)
        said = f"{done['reports']} reports, schema of {done['version']}."
        return f"{said} Nothing was installed." if options["dry_run"] else said


def _differences(done: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each kind of difference; the reports are named."""
    for key, said in (("added", "New"), ("removed", "No longer there")):
        if done[key]:
            yield f"{said} ({len(done[key])}): {', '.join(done[key])}"
    for part, found in done["changed"].items():
        between = "; " if ": " in found[0] else ", "
        yield f"Changed, {WORDS[part]} ({len(found)}): {between.join(found)}"
    for name, why in done["skipped"].items():
        yield f"Left out: {name} ({why})"
