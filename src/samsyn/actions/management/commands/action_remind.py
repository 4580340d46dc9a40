from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.actions.reminding import owners_remind


class Command(ActorCommand):
    help = "Remind owners of what is due or late; never twice of the same date."

    def run(self, *, actor: Actor, **options: Any) -> str:
        del options
        return json.dumps(owners_remind(actor=actor, now=timezone.now()).for_trail())
