from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand, day, number
from samsyn.indicators.selectors import indicator_get
from samsyn.indicators.services import measurement_add
from samsyn.kernel.limits import INT_LEAST, INT_MOST

COUNT_MOST = 2_000_000_000


class Command(ActorCommand):
    help = "Note a value of an indicator that is measured by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("indicator", type=ID, help="its id")
        value, count = number(INT_LEAST, INT_MOST, of=float), number(0, COUNT_MOST)
        parser.add_argument("value", type=value, help="in the indicator's unit")
        parser.add_argument("--on", type=day, help="the day; today without it")
        parser.add_argument("--out-of", type=count, help="how many things it is worked out from")
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
