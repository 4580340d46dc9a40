from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand, day
from samsyn.findings.selectors import owner_named
from samsyn.monitoring.selectors import ObservationFilter, observation_list


class Command(ActorCommand):
    help = "List observations, newest reports first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--report", default="")
        parser.add_argument("--organisation", default="", help="the name of whose they are")
        parser.add_argument("--address", default="", help="one source address")
        parser.add_argument("--since", type=day, help="reports from this day")
        parser.add_argument("--until", type=day, help="reports until this day")
        parser.add_argument("--unattributed", action="store_true", help="only nobody's")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")
        parser.add_argument("--no-raw", action="store_true", help="leave out the raw fields")

    def run(self, *, actor: Actor, **options: Any) -> None:
        owner = options["organisation"]
        wanted = ObservationFilter(
            report=options["report"],
            since=options["since"],
            until=options["until"],
            organisation=owner_named(actor=actor, name=owner) if owner else None,
            address=options["address"],
            only_unattributed=options["unattributed"],
        )
        with_raw = options["json"] and not options["no_raw"]
        for row in observation_list(
            actor=actor, wanted=wanted, limit=options["limit"], with_raw=with_raw
        ):
            self.stdout.write(
                json.dumps(row, ensure_ascii=False) if options["json"] else _line(row)
            )


def _line(row: dict[str, Any]) -> str:
    shown = ("observed_at", "severity", "report", "subject", "source_port", "organisation")
    return "\t".join("" if row[name] is None else str(row[name]) for name in shown)
