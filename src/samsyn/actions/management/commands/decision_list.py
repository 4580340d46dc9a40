from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.actions.decision_selectors import decision_list, standing_of, subjects_of
from samsyn.actions.models import Decision

AT_ONCE = 2000


class Command(ActorCommand):
    help = "List decisions, the latest first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--standing", default="", choices=["", "in_force", "run_out", "replaced"]
        )
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        today = timezone.localdate()
        rows = decision_list(actor=actor, standing=options["standing"], today=today)
        for decision in rows[: options["limit"]].iterator(chunk_size=AT_ONCE):
            shown = _shown(actor, decision)
            line = (
                json.dumps(shown, ensure_ascii=False)
                if options["json"]
                else f"{shown['decided_on']}\t{shown['outcome']}\t{shown['standing']}\t"
                f"{shown['organisation']}\t{shown['title']}"
            )
            self.stdout.write(line)


def _shown(actor: Actor, decision: Decision) -> dict[str, Any]:
    until = decision.valid_until
    return {
        "id": decision.pk,
        "organisation": decision.organisation.name,
        "title": decision.title,
        "text": decision.text,
        "basis": decision.basis or None,
        "outcome": decision.outcome,
        "decided_on": decision.decided_on.isoformat(),
        "decided_by": decision.decided_by,
        "present": decision.present,
        "valid_until": until.isoformat() if until else None,
        "standing": standing_of(decision, today=timezone.localdate()),
        "replaces": decision.replaces_id,
        "about": [
            {"name": bound.name, "state": bound.state}
            for bound in subjects_of(actor=actor, decision=decision)
        ],
    }
