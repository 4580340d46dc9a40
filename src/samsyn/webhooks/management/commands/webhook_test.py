from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand
from samsyn.webhooks.selectors import webhook_get
from samsyn.webhooks.services import webhook_test


class Command(ActorCommand):
    help = "Send a test to a webhook; the worker sends it within seconds. Prints the delivery's id."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("webhook", type=ID, help="the id of the webhook")

    def run(self, *, actor: Actor, **options: Any) -> str:
        webhook = webhook_get(actor=actor, pk=options["webhook"])
        return str(webhook_test(actor=actor, webhook=webhook, now=timezone.now()).pk)
