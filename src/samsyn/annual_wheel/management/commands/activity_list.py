from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.annual_wheel.models import Occurrence
from samsyn.annual_wheel.selectors import occurrence_list
from samsyn.annual_wheel.wording import standing
from samsyn.kernel.errors import NotFound
from samsyn.organisations.selectors import organisation_list

AT_ONCE = 2000


class Command(ActorCommand):
    help = "List the turns of the year's activities, the first due first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--organisation", default="", help="the name of whose they are")
        parser.add_argument(
            "--standing", default="", help="ahead, open, late, done, skipped or unsettled"
        )
        parser.add_argument("--mine", action="store_true", help="only what is one's own")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        name = options["organisation"]
        whose = organisation_list(actor=actor).filter(name=name).first() if name else None
        if name and whose is None:
            raise NotFound("No such organisation.")
        rows = occurrence_list(
            actor=actor,
            today=timezone.localdate(),
            organisation=whose.pk if whose else None,
            standing=options["standing"],
            mine=options["mine"],
        )[: options["limit"]]
        for turn in rows.iterator(chunk_size=AT_ONCE):
            shown = _shown(turn)
            line = json.dumps(shown, ensure_ascii=False) if options["json"] else _line(shown)
            self.stdout.write(line)


def _shown(turn: Occurrence) -> dict[str, Any]:
    activity = turn.activity
    return {
        "id": turn.pk,
        "organisation": turn.organisation.name,
        "activity": activity.title,
        "frequency": activity.frequency,
        "opens_on": turn.opens_on.isoformat(),
        "due_on": turn.due_on.isoformat(),
        "standing": standing(turn, timezone.localdate()),
        "owner": activity.owner_name,
        "output": activity.output or None,
        "legal_ground": activity.legal_ground or None,
        "done_at": turn.done_at.isoformat() if turn.done_at else None,
        "skipped_reason": turn.skipped_reason or None,
    }


def _line(row: dict[str, Any]) -> str:
    shown = ("id", "standing", "due_on", "owner", "organisation", "activity")
    return "\t".join(str(row[name]) for name in shown)
