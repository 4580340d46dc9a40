from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, LIMIT, ActorCommand
from samsyn.webhooks.models import DeliveryState
from samsyn.webhooks.selectors import delivery_list


class Command(ActorCommand):
    help = "List deliveries of a webhook, the newest first: id, time, what, state, answer, tries."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("webhook", type=ID, help="the id of the webhook")
        parser.add_argument("--state", choices=DeliveryState.values, default="", help="only these")
        parser.add_argument("--limit", type=LIMIT, default=100, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        rows = delivery_list(actor=actor, pk=options["webhook"], state=options["state"])
        for row in rows[: options["limit"]]:
            said = row.problem or row.status or ""
            facts = (row.pk, row.happened_at.isoformat(), row.action or "test", row.state)
            self.stdout.write("\t".join(map(str, (*facts, said, row.attempts))))
