from __future__ import annotations

from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import facts_written


class Command(ActorCommand):
    help = "Print the register as a constituency file; importing it changes nothing."

    def run(self, *, actor: Actor, **_options: Any) -> str:
        return facts_written(facts_kept(actor=actor)).removesuffix("\n")
