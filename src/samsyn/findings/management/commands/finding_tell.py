from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.findings.telling import TellingResult, finding_tell, finding_tell_plan
from samsyn.organisations.selectors import operator_require


class Command(ActorCommand):
    help = "Tell each member's technical contacts of what is new; never twice."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--urgent", action="store_true", help="only critical findings")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent only")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def run(self, *, actor: Actor, **options: Any) -> str:
        given: dict[str, Any] = {
            "actor": actor,
            "operator": operator_require(actor=actor),
            "only_urgent": options["urgent"],
        }
        is_dry = options["dry_run"]
        told = finding_tell_plan(**given) if is_dry else finding_tell(**given, now=timezone.now())
        if options["json"]:
            return json.dumps({"dry_run": is_dry, **told.for_trail()}, ensure_ascii=False)
        return _in_words(told, is_dry=is_dry)


def _in_words(result: TellingResult, *, is_dry: bool) -> str:
    begin = "Would tell" if is_dry else "Told"
    letters = f"{result.messages} letters"
    lines = [f"{begin} {result.members} members of {result.findings} findings in {letters}."]
    lines += [f"Nobody to tell at {s.organisation}: {s.findings} findings." for s in result.nobody]
    lines += [f"Failed for {', '.join(f.organisations)}: {f.reason}" for f in result.failed]
    return "\n".join(lines)
