"""What all of our commands on the command line share: who acts, and how failure ends."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from samsyn.access.actor import Actor
from samsyn.access.disk import disk_error
from samsyn.access.rows import acting
from samsyn.access.selectors import actor_named
from samsyn.kernel.errors import SamsynError


def console_actor() -> Actor:
    """Return the actor of whoever has the shell; they can read the database anyway."""
    return Actor(f"console:{getpass.getuser()}", is_system=True)


class ActorCommand(BaseCommand):
    """A command that says who is acting and ends with our exit codes."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--as``; a subclass that overrides this calls it first."""
        parser.add_argument(
            "--as",
            dest="actor",
            metavar="PERSON",
            help="who is acting: an e-mail address, the part before the @ or a name "
            "(without it: the console, which may do everything and is named in the trail)",
        )

    def handle(self, *_args: Any, actor: str | None, **options: Any) -> str | None:
        try:
            chosen = actor_named(actor) if actor else console_actor()
            with acting(chosen):
                return self.run(actor=chosen, **options)
        except (SamsynError, OSError, DatabaseError) as error:
            found = disk_error(error) or error
            if not isinstance(found, SamsynError):
                raise
            self.stderr.write(str(found))
            sys.exit(found.exit_code)

    def run(self, *, actor: Actor, **options: Any) -> str | None:
        raise NotImplementedError
