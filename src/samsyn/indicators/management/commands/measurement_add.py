from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.indicators.selectors import indicator_get
from samsyn.indicators.services import measurement_add


class Command(ActorCommand):
    help = "Note a value of an indicator that is measured by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("indicator", type=int, help="its id")
        parser.add_argument("value", type=float, help="in the indicator's unit")
        parser.add_argument("--on", type=date.fromisoformat, help="the day; today without it")
        parser.add_argument("--out-of", type=int, help="how many things it is worked out from")
        parser.add_argument("--note", default="", help="what there is to say about it")

    def run(self, *, actor: Actor, **options: Any) -> str:
        today = timezone.localdate()
        made = measurement_add(
            actor=actor,
            indicator=indicator_get(actor=actor, pk=options["indicator"]),
            on=options["on"] or today,
            value=options["value"],
            out_of=options["out_of"],
            note=options["note"],
            now=timezone.now(),
            today=today,
        )
        return f"{made.pk}\t{made.on}\t{made.value:g}"
