from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.documents.models import Document
from samsyn.documents.selectors import document_list

AT_ONCE = 2000


class Command(ActorCommand):
    help = "List evidence, the newest first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--search", default="", help="part of a title or file name")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        rows = document_list(actor=actor, search=options["search"])[: options["limit"]]
        for document in rows.iterator(chunk_size=AT_ONCE):
            shown = _shown(document)
            line = (
                json.dumps(shown, ensure_ascii=False)
                if options["json"]
                else "\t".join("" if v is None else str(v) for v in shown.values())
            )
            self.stdout.write(line)


def _shown(document: Document) -> dict[str, Any]:
    latest = document.latest
    day = document.effective_on
    return {
        "id": document.pk,
        "organisation": document.organisation.name,
        "title": document.title,
        "kind": document.kind,
        "label": document.sharing_label,
        "effective_on": day.isoformat() if day else None,
        "file_name": latest.file_name if latest else None,
        "media_type": latest.media_type if latest else None,
        "size": latest.size if latest else None,
        "sha256": latest.sha256 if latest else None,
    }
