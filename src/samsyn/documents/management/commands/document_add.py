from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand, day
from samsyn.access.permissions import Permission
from samsyn.documents.models import DocumentKind, Label
from samsyn.documents.receiving import READ_AT_ONCE, pieces_take
from samsyn.documents.services import document_add
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.selectors import organisation_list


class Command(ActorCommand):
    help = "Add a file as evidence of an organisation; prints its id."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, help="the name of whose it is")
        parser.add_argument("--title", default="", help="without one, the name of the file")
        parser.add_argument("--kind", choices=DocumentKind.values, default=DocumentKind.OTHER)
        parser.add_argument("--label", choices=Label.values, default=Label.AMBER)
        parser.add_argument("--tells-of", type=day, help="YYYY-MM-DD")
        parser.add_argument("--keep-until", type=day, help="YYYY-MM-DD")
        parser.add_argument("--again", action="store_true", help="also if the same file is there")
        parser.add_argument("--for", dest="thing", help="what it shows, as actions.Action-12")

    def run(self, *, actor: Actor, **options: Any) -> str:
        rows = organisation_list(actor=actor)
        organisation = rows.filter(name=options["organisation"]).first()
        if organisation is None:
            raise NotFound("No such organisation.")
        if not options["file"].is_file():
            raise NotFound("No such file.")
        actor.require(Permission.DOCUMENTS_ADD, organisation.pk)
        thing = options["thing"]
        made = document_add(
            actor=actor,
            organisation=organisation,
            content=pieces_take(_pieces(options["file"]), name=options["file"].name),
            title=options["title"],
            kind=options["kind"],
            sharing_label=options["label"],
            effective_on=options["tells_of"],
            retained_until=options["keep_until"],
            again=options["again"],
            thing=thing_at(Ref.read(thing), actor=actor) if thing else None,
        )
        return str(made.pk)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(READ_AT_ONCE):
            yield piece
