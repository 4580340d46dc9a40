from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand
from samsyn.kernel.errors import RuleViolation
from samsyn.reporting.deck import pack_slides
from samsyn.reporting.printed import pack_pdf
from samsyn.reporting.selectors import meeting_get


class Command(ActorCommand):
    help = "Write the pack of a meeting of management as slides, as PDF, or both."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", type=ID, help="of the meeting")
        parser.add_argument("--pptx", type=Path, help="write the slides to this file")
        parser.add_argument("--pdf", type=Path, help="write the PDF to this file")
        parser.add_argument("--language", choices=["sv", "nb", "en"], help="else the meeting's")
        parser.add_argument("--template", type=Path, help="a .pptx with the organisation's look")

    def run(self, *, actor: Actor, **options: Any) -> str:
        if not options["pptx"] and not options["pdf"]:
            raise RuleViolation("Say --pptx FILE, --pdf FILE or both.")
        meeting = meeting_get(actor=actor, pk=options["id"])
        given: dict[str, Any] = {
            "actor": actor,
            "meeting": meeting,
            "language": options["language"] or meeting.language,
            "today": timezone.localdate(),
        }
        written = []
        if options["pptx"]:
            template = options["template"].read_bytes() if options["template"] else None
            written.append(_write(options["pptx"], pack_slides(**given, template=template)))
        if options["pdf"]:
            written.append(_write(options["pdf"], pack_pdf(**given)))
        return "\n".join(written)


def _write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return f"{path}: {len(content) / 1000:.0f} kB"
