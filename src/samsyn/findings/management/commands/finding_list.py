from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import LIMIT, ActorCommand
from samsyn.findings.models import Finding, Severity
from samsyn.findings.selectors import finding_list, owner_named

AT_ONCE = 2000


class Command(ActorCommand):
    help = "List findings, worst and newest first: one a line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--state", default="", help="a state, or unsolved")
        parser.add_argument("--answer", default="", help="what is answered, such as help")
        parser.add_argument("--severity", choices=Severity.names, type=str.upper, help="at least")
        parser.add_argument("--report", default="")
        parser.add_argument("--organisation", default="", help="the name of whose they are")
        parser.add_argument("--search", default="", help="an address, a name or a case number")
        parser.add_argument("--cve", default="", help="a vulnerability that was seen")
        parser.add_argument("--tag", default="", help="a tag that was seen")
        parser.add_argument("--product", default="", help="a part of its maker or product")
        parser.add_argument("--limit", type=LIMIT, help="at most so many")

    def run(self, *, actor: Actor, **options: Any) -> None:
        owner, severity = options["organisation"], options["severity"]
        rows = finding_list(
            actor=actor,
            organisation=owner_named(actor=actor, name=owner) if owner else None,
            state=options["state"],
            answer=options["answer"],
            severity=Severity[severity] if severity else None,
            report=options["report"],
            search=options["search"],
            **{name: options[name] for name in ("cve", "tag", "product")},
        )[: options["limit"]]
        for finding in rows.iterator(chunk_size=AT_ONCE):
            shown = _shown(finding)
            self.stdout.write(
                json.dumps(shown, ensure_ascii=False) if options["json"] else _line(shown)
            )


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "case_number": finding.case_number,
        "organisation": finding.organisation.name,
        "report": finding.report,
        "subject": finding.subject,
        "port": finding.port or None,
        "protocol": finding.protocol or None,
        "host_name": finding.host_name or None,
        "asn": finding.asn,
        "country": finding.country or None,
        "taxonomy": finding.taxonomy,
        "type": finding.rsit_type,
        "severity": Severity(finding.severity).name.lower(),
        "state": finding.state,
        "state_since": finding.state_since.isoformat(),
        "first_seen_at": finding.first_seen_at.isoformat(),
        "last_seen_at": finding.last_seen_at.isoformat(),
        "last_reported_on": finding.last_reported_on.isoformat(),
        "times_seen": finding.times_seen,
        "reopened_count": finding.reopened_count,
        "answer": finding.answer_kind or None,
        "answer_until": finding.answer_until.isoformat() if finding.answer_until else None,
        "detail": finding.detail,
    }


def _line(row: dict[str, Any]) -> str:
    shown = ("case_number", "severity", "state", "report", "subject", "port", "organisation")
    return "\t".join("" if row[name] is None else str(row[name]) for name in shown)
