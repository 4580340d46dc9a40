from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.deck import dialogue_slides
from samsyn.maturity.printed import dialogue_pdf
from samsyn.maturity.selectors import dialogue_get


class Command(ActorCommand):
    help = "Write a maturity dialogue as slides, as PDF, or both."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", type=ID, help="of the dialogue")
        parser.add_argument("--pptx", type=Path, help="write the slides to this file")
        parser.add_argument("--pdf", type=Path, help="write the PDF to this file")
        parser.add_argument("--language", choices=["sv", "nb", "en"], help="else the dialogue's")
        parser.add_argument("--template", type=Path, help="a .pptx with the organisation's look")

    def run(self, *, actor: Actor, **options: Any) -> str:
        if not options["pptx"] and not options["pdf"]:
            raise RuleViolation("Say --pptx FILE, --pdf FILE or both.")
        dialogue = dialogue_get(actor=actor, pk=options["id"])
        given: dict[str, Any] = {"actor": actor, "dialogue": dialogue}
        language = options["language"] or dialogue.language
        written = []
        if options["pptx"]:
            template = options["template"].read_bytes() if options["template"] else None
            made = dialogue_slides(**given, language=language, template=template)
            written.append(_write(options["pptx"], made))
        if options["pdf"]:
            written.append(_write(options["pdf"], dialogue_pdf(**given, language=language)))
        return "\n".join(written)


def _write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return f"{path}: {len(content) / 1000:.0f} kB"
