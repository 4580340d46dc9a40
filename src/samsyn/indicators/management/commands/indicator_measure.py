from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand, day
from samsyn.indicators.services import indicators_measure


class Command(ActorCommand):
    help = "Measure all indicators that Samsyn computes by itself, as they stood on a day."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--on", type=day, help="the day, such as 2026-11-30; today without it")

    def run(self, *, actor: Actor, **options: Any) -> str:
        on = options["on"] or timezone.localdate()
        found = indicators_measure(actor=actor, on=on, now=timezone.now())
        return "\n".join(f"{name}: {value}" for name, value in found.for_trail().items())
