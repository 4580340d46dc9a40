"""What all of our commands on the command line share: who acts, and how failure ends."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, OutputWrapper
from django.db import DatabaseError

from samsyn.access.actor import Actor
from samsyn.access.disk import disk_error
from samsyn.access.rows import acting
from samsyn.access.selectors import actor_named
from samsyn.kernel.errors import SamsynError
from samsyn.kernel.limits import DAY_FIRST, DAY_LAST, INT_MOST
from samsyn.kernel.texts import for_terminal


def console_actor() -> Actor:
    """Return the actor of whoever has the shell; they can read the database anyway."""
    return Actor(f"console:{getpass.getuser()}", is_system=True)


def number(
    least: float = 0, most: float = INT_MOST, *, of: type[int | float] = int
) -> Callable[[str], float]:
    """Return what reads a number on the command line and refuses one out of these bounds.

    Every command that takes a number uses it; what no database holds never reaches one.

    Args:
        least: the smallest that is taken.
        most: the largest.
        of: ``float`` where it may have decimals.

    """

    def read(text: str) -> float:
        try:
            found = of(text)
        except ValueError:
            kind = "a whole number" if of is int else "a number"
            raise ArgumentTypeError(f"{text[:40]} is not {kind}.") from None
        if not least <= found <= most:  # no number at all ("nan") is in no bounds either
            raise ArgumentTypeError(f"{text[:40]} is not between {least} and {most}.")
        return found

    return read


def day(text: str) -> date:
    """Read a day on the command line, none so far away that it cannot be reckoned with.

    Raises:
        ArgumentTypeError: it is none.

    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not DAY_FIRST <= found <= DAY_LAST:
        raise ArgumentTypeError(f"{text[:40]} is not a day between {DAY_FIRST} and {DAY_LAST}.")
    return found


LIMIT = number(1, 1_000_000)  # how many rows of a list
ID = number(1)


class _Printed(OutputWrapper):
    """The output of a command; what others wrote cannot steer a terminal."""

    def write(  # type: ignore[override]  # the stubs have a stream's own write beside Django's
        self, msg: str = "", style_func: Any = None, ending: str | None = None
    ) -> None:
        super().write(for_terminal(str(msg)), style_func, ending)


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
        stream: Any = self.stdout._out  # noqa: SLF001  the same stream
        self.stdout = _Printed(stream)
        try:
            chosen = actor_named(actor) if actor else console_actor()
            with acting(chosen):
                return self.run(actor=chosen, **options)
        except (SamsynError, OSError, DatabaseError) as error:
            found = disk_error(error) or error
            if not isinstance(found, SamsynError):
                raise
            self.stderr.write(for_terminal(str(found)))
            sys.exit(found.exit_code)

    def run(self, *, actor: Actor, **options: Any) -> str | None:
        raise NotImplementedError
