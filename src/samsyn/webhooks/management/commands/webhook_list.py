from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.webhooks.models import WebhookState
from samsyn.webhooks.selectors import webhook_list


class Command(ActorCommand):
    help = "List webhooks: id, organisation, name, state, address."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--state", choices=WebhookState.values, default="", help="only these")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        rows = webhook_list(actor=actor, state=options["state"])
        for row in rows[: options["limit"]]:
            self.stdout.write(
                f"{row.pk}\t{row.organisation.name}\t{row.name}\t{row.state}\t{row.address}"
            )
