"""The file that goes with a letter: each finding with what was seen, for a spreadsheet or program.

The same findings as the letter tells of, the most important first, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.content.packs import localised
from samsyn.findings.evidence import evidence_of
from samsyn.findings.models import Finding
from samsyn.findings.texts import report_title, severity_words
from samsyn.kernel.cells import csv_lines
from samsyn.messages.rules import clean_line
from samsyn.ui.moments import zone_text

ROWS_MOST = 5_000


def file_name(today: date) -> str:
    """Return what the file is called."""
    word = pgettext("file name", "findings")
    return f"{word}-{today.isoformat()}.csv"


def findings_csv(findings: Sequence[Finding]) -> str:
    """Return the findings as CSV, at most five thousand: a row each, and a column for all seen."""
    shown = findings[:ROWS_MOST]
    seen = [{each.name: each for each in evidence_of(finding)} for finding in shown]
    labels = _product_columns()
    for row in seen:
        for name, each in row.items():
            labels.setdefault(name, each.label)
    rows = (
        [*_facts(finding).values(), *(row[n].value if n in row else "" for n in labels)]
        for finding, row in zip(shown, seen, strict=True)
    )
    heads = [*_facts(shown[0]), *labels.values()] if shown else []
    return "".join(csv_lines([heads, *rows]))


def _product_columns() -> dict[str, str]:
    """Return the columns that every file has, by the name of what was seen."""
    return {
        "tag": _("Tags"),
        "cves": _("Vulnerabilities"),
        "vendor": _("Maker"),
        "product": _("Product"),
        "version": _("Version"),
    }


def _facts(finding: Finding) -> dict[str, object]:
    """Return what is known of a finding itself, by the head of its column."""
    return {
        _("Case"): finding.case_number,
        _("Member"): clean_line(finding.organisation.name),
        _("Severity"): localised(severity_words(finding.severity)["name"]),
        _("Kind"): report_title(finding.report),
        _("Address or name"): clean_line(finding.subject, longest=253),
        _("Port"): finding.port or "",
        _("Protocol"): clean_line(finding.protocol),
        _("Host name"): clean_line(finding.host_name, longest=253),
        _("First seen"): _moment(finding.first_seen_at),
        _("Last seen"): _moment(finding.last_seen_at),
        _("Times seen"): finding.times_seen,
    }


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M} {zone_text(at)}"
