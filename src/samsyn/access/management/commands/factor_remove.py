from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.access.models import Person
from samsyn.access.selectors import actor_named
from samsyn.access.services import factors_remove


class Command(ActorCommand):
    help = "Remove the second factors of a person who has lost them; make sure first who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("person", help="e-mail address or name of the person")

    def run(self, *, actor: Actor, **options: Any) -> str:
        """Remove them; return how many."""
        person = Person.objects.get(pk=actor_named(options["person"]).person_id or 0)
        done = factors_remove(actor=actor, person=person)
        return f"{done['removed']} factors removed, {done['ended']} sessions ended."
