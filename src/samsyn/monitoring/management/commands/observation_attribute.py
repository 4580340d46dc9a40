from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.monitoring.services import observation_attribute
from samsyn.organisations.selectors import operator_require


class Command(ActorCommand):
    help = "Attribute all observations anew by the register as it is now; findings follow."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def run(self, *, actor: Actor, **options: Any) -> str:
        done = observation_attribute(actor=actor, operator=operator_require(actor=actor))
        if options["json"]:
            return json.dumps(done)
        return (
            f"{done['batches']} batches attributed anew: {done['attributed']} observations belong "
            f"to somebody, {done['unattributed']} to nobody. "
            f"Findings: {done['findings']['new']} new, {done['findings']['closed']} closed, "
            f"{done['findings']['removed']} removed that nobody had been told of or used; they "
            "are worked out anew if the observations come back."
        )
