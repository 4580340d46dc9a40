from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand
from samsyn.organisations.selectors import assignment_list, one
from samsyn.organisations.serving import assignment_end


class Command(ActorCommand):
    help = "End an assignment of one of a security centre's people to members."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", type=ID, help="as `samsyn assignment_list` shows it")

    def run(self, *, actor: Actor, **options: Any) -> str:
        found = one(assignment_list(actor=actor), options["id"])
        assignment_end(actor=actor, assignment=found, on=timezone.localdate())
        return f"Ended: {found}."
