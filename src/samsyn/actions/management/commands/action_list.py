from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.actions.models import Action, ActionSource
from samsyn.actions.rules import is_overdue
from samsyn.actions.selectors import action_list
from samsyn.kernel.errors import NotFound
from samsyn.organisations.selectors import organisation_list

AT_ONCE = 2000


class Command(ActorCommand):
    help = "List actions, the first due first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--state", default="", help="a state, open or unclosed")
        parser.add_argument("--organisation", default="", help="the name of whose they are")
        parser.add_argument("--source", default="", choices=["", *ActionSource.values])
        parser.add_argument("--overdue", action="store_true", help="only what is late")
        parser.add_argument("--owner", default="", help="me, nobody, gone, p12 or rciso")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        name = options["organisation"]
        whose = organisation_list(actor=actor).filter(name=name).first() if name else None
        if name and whose is None:
            raise NotFound("No such organisation.")
        rows = action_list(
            actor=actor,
            organisation=whose.pk if whose else None,
            state=options["state"],
            source=options["source"],
            overdue=options["overdue"],
            owner=options["owner"],
        )[: options["limit"]]
        for action in rows.iterator(chunk_size=AT_ONCE):
            shown = _shown(action)
            self.stdout.write(
                json.dumps(shown, ensure_ascii=False) if options["json"] else _line(shown)
            )


def _shown(action: Action) -> dict[str, Any]:
    due, check = action.due_on, action.effect_due_on
    return {
        "id": action.pk,
        "organisation": action.organisation.name,
        "title": action.title,
        "state": action.state,
        "owner": action.owner_name or None,
        "due_on": due.isoformat() if due else None,
        "overdue": is_overdue(
            state=action.state, due_on=due, check_on=check, today=timezone.localdate()
        ),
        "horizon": action.horizon,
        "priority": action.get_priority_display(),
        "area": action.area,
        "source": action.source,
        "source_text": action.source_text or None,
        "effect_question": action.effect_question or None,
        "effect_due_on": check.isoformat() if check else None,
        "effect_result": action.effect_result or None,
        "cost": action.cost,
        "effort_days": action.effort_days,
    }


def _line(row: dict[str, Any]) -> str:
    shown = ("id", "state", "due_on", "owner", "organisation", "title")
    return "\t".join("" if row[name] is None else str(row[name]) for name in shown)
