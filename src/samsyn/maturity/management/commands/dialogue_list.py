from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.maturity.selectors import dialogue_list


class Command(ActorCommand):
    help = "List maturity dialogues, newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one object a line")

    def run(self, *, actor: Actor, **options: Any) -> str:
        return "\n".join(_lines(actor, as_json=options["json"]))


def _lines(actor: Actor, *, as_json: bool) -> Iterator[str]:
    rows: Any = dialogue_list(actor=actor)
    for each in rows:
        told = {
            "id": each.pk,
            "organisation": each.organisation.name,
            "title": each.title,
            "held_on": each.held_on.isoformat(),
            "step": each.step,
            "agreed": each.areas_agreed,
        }
        yield (json.dumps(told, ensure_ascii=False) if as_json else _line(told))


def _line(values: dict[str, Any]) -> str:
    return "  ".join(map(str, values.values()))
