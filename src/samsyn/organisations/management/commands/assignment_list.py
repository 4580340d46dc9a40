from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.organisations.agreement_words import effect_text
from samsyn.organisations.models import Assignment
from samsyn.organisations.selectors import assignment_list


class Command(ActorCommand):
    help = "List who of the security centres' people works for which members: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, *, actor: Actor, **options: Any) -> None:
        for each in assignment_list(actor=actor):
            row = _shown(each)
            line = "\t".join("" if value is None else str(value) for value in row.values())
            self.stdout.write(json.dumps(row, ensure_ascii=False) if options["json"] else line)


def _shown(each: Assignment) -> dict[str, Any]:
    return {
        "id": each.pk,
        "person": each.person.email,
        "operator": each.organisation.name,
        "service": each.service,
        "member": each.agreement.organisation.name if each.agreement else None,
        "opens_nothing_because": effect_text(each) or None,
    }
