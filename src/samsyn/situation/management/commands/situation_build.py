from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.kernel.periods import Period
from samsyn.organisations.selectors import operator_require
from samsyn.situation.models import Audience, Edition
from samsyn.situation.printed import edition_pdf, editions_pdf
from samsyn.situation.selectors import edition_get, edition_list
from samsyn.situation.services import situation_build


class Command(ActorCommand):
    help = "Draw the situation picture of a period, and print one edition or all as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--period", required=True, help="2026-10, 2026-Q3 or 2026")
        parser.add_argument("--audience", choices=Audience.values, default=Audience.MANAGEMENT)
        parser.add_argument("--organisation", help="a member by name; without it the sector's")
        parser.add_argument("--language", choices=["sv", "nb", "en"], help="of the PDF")
        parser.add_argument("--pdf", type=Path, help="write the edition to this file")
        parser.add_argument("--pdf-folder", type=Path, help="write every member's edition here")
        parser.add_argument("--json", action="store_true")

    def run(self, *, actor: Actor, **options: Any) -> str:
        try:
            period = Period.read(options["period"])
        except ValueError as error:
            raise RuleViolation(str(error), field="period") from error
        operator = operator_require(actor=actor)
        built = situation_build(actor=actor, operator=operator, period=period)
        result: dict[str, Any] = built.for_trail()
        editions = edition_list(actor=actor, period=str(period), audience=options["audience"])
        if options["pdf"]:
            name = options["organisation"] or operator.name
            result["pdf"] = str(self.print_one(actor, editions, name, options))
        if options["pdf_folder"]:
            result["pdfs"] = self.print_all(editions, options)
        if options["json"]:
            return json.dumps(result)
        return "\n".join(f"{name}: {value}" for name, value in result.items())

    def print_one(self, actor: Actor, editions: Any, name: str, options: dict[str, Any]) -> Path:
        """Print the edition about one organisation."""
        found = editions.filter(organisation__name=name).first()
        if found is None:
            raise NotFound(f"There is no such edition about {name}.")
        edition = edition_get(actor=actor, pk=found.pk)
        path: Path = options["pdf"]
        path.write_bytes(edition_pdf(edition, language=self.language(edition, options)))
        return path

    def print_all(self, editions: Any, options: dict[str, Any]) -> int:
        """Print every edition of the period and audience, each in its organisation's language."""
        folder: Path = options["pdf_folder"]
        folder.mkdir(parents=True, exist_ok=True)
        chosen = list(editions.defer(None))
        spoken = [(edition, self.language(edition, options)) for edition in chosen]
        for edition, made in zip(chosen, editions_pdf(spoken), strict=True):
            name = f"{edition.organisation_id:05d}-{edition.period}-{edition.audience}.pdf"
            (folder / name).write_bytes(made)
        return len(chosen)

    def language(self, edition: Edition, options: dict[str, Any]) -> str:
        """Return the language asked for, else the organisation's."""
        return options["language"] or edition.organisation.language
