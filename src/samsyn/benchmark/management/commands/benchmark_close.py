from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand, day
from samsyn.access.permissions import Permission
from samsyn.benchmark.rules import half_read
from samsyn.benchmark.selectors import round_keyed
from samsyn.benchmark.services import round_close
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import operator_with


class Command(ActorCommand):
    help = "Close a round of the benchmark: publish what may be shown, and freeze it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--round", required=True, help="the half-year, such as 2026-H1")
        parser.add_argument("--on", type=day, help="figures as of this day; today without it")

    def run(self, *, actor: Actor, **options: Any) -> str:
        try:
            half_read(options["round"])
        except ValueError as error:
            raise RuleViolation(str(error), field="round") from error
        operator = operator_with(actor=actor, permission=Permission.BENCHMARK_CLOSE)
        found = round_keyed(actor=actor, operator=operator, key=options["round"])
        on = options["on"] or timezone.localdate()
        closed = round_close(actor=actor, found=found, now=timezone.now(), on=on)
        told = [one for one in closed.published.values() if one.quartiles is not None]
        withheld = len(closed.figures) - len(told)
        lines = (closed.contributors, len(told), withheld)
        return "contributors: {}\npublished: {}\nwithheld: {}".format(*lines)
