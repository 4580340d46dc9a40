from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand, day
from samsyn.access.permissions import Permission
from samsyn.organisations.models import Service
from samsyn.organisations.selectors import operator_named, organisation_named
from samsyn.organisations.serving import agreement_sign


class Command(ActorCommand):
    help = "Record an agreement between a security centre and a member on a service."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("member", help="the member's name")
        parser.add_argument("--service", choices=Service.values, required=True)
        parser.add_argument("--operator", default="", help="the security centre's name")
        parser.add_argument("--from", dest="since", type=day, help="else today")

    def run(self, *, actor: Actor, **options: Any) -> str:
        operator = operator_named(actor=actor, name=options["operator"])
        actor.require(Permission.AGREEMENTS_SIGN, operator.pk)
        made = agreement_sign(
            actor=actor,
            operator=operator,
            organisation=organisation_named(actor=actor, name=options["member"]),
            service=options["service"],
            valid_from=options["since"] or timezone.localdate(),
        )
        waits = "" if made.accepted_on else "\twaits for the member to accept it"
        return f"{made.pk}\t{made}{waits}"
