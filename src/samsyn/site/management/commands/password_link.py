from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samsyn.access.cli import console_actor
from samsyn.access.links import password_link
from samsyn.access.models import Person
from samsyn.access.services import password_link_give


class Command(BaseCommand):
    help = (
        "Print a link where a person chooses a new password, once; on record in the trail. "
        "For an installation without a mail server: the outbox does not show such links."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError("Nobody here has that address.")
        password_link_give(actor=console_actor(), person=person)
        self.stdout.write(password_link(person))
