from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.access.models import Person
from samsyn.access.selectors import actor_named
from samsyn.access.services import sessions_end


class Command(ActorCommand):
    help = "End every session of a person, or of everybody, so that they must sign in again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("person", nargs="?", help="e-mail address or name of the person")
        whom.add_argument("--all", action="store_true", help="end everybody's sessions")

    def run(self, *, actor: Actor, **options: Any) -> str:
        """End the sessions; return how many."""
        people = Person.objects.order_by("pk")
        if not options["all"]:
            people = people.filter(pk=actor_named(options["person"]).person_id or 0)
        ended = sum(sessions_end(actor=actor, person=person)["ended"] for person in people)
        return f"{ended} sessions ended."
