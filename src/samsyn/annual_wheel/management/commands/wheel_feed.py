from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone, translation

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.annual_wheel.feed import feed_of


class Command(ActorCommand):
    help = "Print the year of a person as a calendar (iCalendar)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--all", action="store_true", help="all that they may see")

    def run(self, *, actor: Actor, **options: Any) -> None:
        with translation.override(actor.language):
            sent = feed_of(actor=actor, today=timezone.localdate(), is_own_only=not options["all"])
        self.stdout.write(sent.text.replace("\r\n", "\n"), ending="")
