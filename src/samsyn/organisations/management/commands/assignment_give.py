from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.access.selectors import person_named
from samsyn.kernel.errors import NotFound
from samsyn.organisations.models import Agreement, Organisation, Service
from samsyn.organisations.selectors import agreements_open, operator_named, organisation_named
from samsyn.organisations.serving import assignment_give


class Command(ActorCommand):
    help = "Assign one of a security centre's people to a member, or to all of a service."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("person", help="an e-mail address, the part before the @ or a name")
        parser.add_argument("--service", choices=Service.values, default=Service.CSIRT.value)
        parser.add_argument("--member", default="", help="its name; all members without it")
        parser.add_argument("--operator", default="", help="the security centre's name")

    def run(self, *, actor: Actor, **options: Any) -> str:
        operator = operator_named(actor=actor, name=options["operator"])
        made = assignment_give(
            actor=actor,
            operator=operator,
            person=person_named(options["person"]),
            service=options["service"],
            agreement=agreement_with(actor, operator, options["member"], options["service"]),
        )
        return f"{made.pk}\t{made}\t{options['member'] or 'all members'}"


def agreement_with(
    actor: Actor, operator: Organisation, member: str, service: str
) -> Agreement | None:
    """Return the operator's agreement with a member on a service; None for all members."""
    if not member:
        return None
    found = agreements_open(actor=actor, operator=operator, today=timezone.localdate()).filter(
        organisation=organisation_named(actor=actor, name=member), service=service
    )
    agreement = found.first()
    if agreement is None:
        raise NotFound(f"{operator} has no agreement with {member} on {service}.")
    return agreement
