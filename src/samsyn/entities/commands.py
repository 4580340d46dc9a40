"""The command that lists an entity, as lines or as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db import models

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand, day, number
from samsyn.entities.columns import in_words
from samsyn.entities.declaration import Entity, Field

AT_ONCE = 2000
LOOKUPS = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "less, or before"}


def list_command(entity: Entity) -> type[ActorCommand]:
    """Return the command, to be called ``Command`` in a module named as the command is."""

    class Command(ActorCommand):
        help = f"List {entity.room}: one a line."

        def add_arguments(self, parser: CommandParser) -> None:
            super().add_arguments(parser)
            parser.add_argument("--json", action="store_true", help="one JSON object a line")
            parser.add_argument("--search", default="", help="part of what it is called")
            parser.add_argument("--limit", type=LIMIT, help="at most so many")
            if state := entity.state:
                parser.add_argument(f"--{state.name}", choices=list(state.words), help="in a state")
            for name, field in entity.filters.items():
                kind = _reader(entity.of(field))
                parser.add_argument(
                    f"--{name.replace('_', '-')}",
                    type=kind,
                    help=LOOKUPS.get(field.filter, "exactly"),
                )

        def run(self, *, actor: Actor, **options: Any) -> None:
            names = [*entity.filters, *([entity.state.name] if entity.state else [])]
            asked = {name: options[name] for name in names}
            rows = entity.list(actor=actor, search=options["search"], **asked)
            for row in rows[: options["limit"]].iterator(chunk_size=AT_ONCE):
                self.stdout.write(_line(entity, row, as_json=options["json"]))

    return Command


def _reader(known: models.Field[Any, Any]) -> Any:
    if isinstance(known, models.DateField):
        return day
    return number() if isinstance(known, models.IntegerField | models.ForeignKey) else str


def _plain(entity: Entity, field: Field, row: Any) -> Any:
    if field.choices:
        return in_words(entity, field, row) or None
    value = getattr(row, field.name)
    return value.isoformat() if isinstance(value, date) else value


def _line(entity: Entity, row: Any, *, as_json: bool) -> str:
    plain = {field.name: _plain(entity, field, row) for field in entity.fields}
    shown = {"id": row.pk, "organisation": row.organisation.name, **plain}
    if as_json:
        return json.dumps(shown, ensure_ascii=False)
    return "\t".join("" if value is None else str(value) for value in shown.values())
