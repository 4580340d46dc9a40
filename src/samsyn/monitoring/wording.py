"""What people read of a received file: why it was refused, what was wrong with a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.monitoring.models import FileRefusal
from samsyn.organisations.countries import Country
from samsyn.ui.components.base import Text

# The details of the others are for the log: a name of Python's, or a count.
DETAILED = {FileRefusal.UNKNOWN_REPORT, FileRefusal.AMBIGUOUS_REPORT, FileRefusal.WRONG_COLUMNS}
REMEDIES: dict[FileRefusal, Text] = {
    FileRefusal.UNKNOWN_REPORT: _(
        "Import a report from Shadowserver under the name that it came with: a CSV file, "
        "alone or packed with gzip or zip."
    ),
    FileRefusal.AMBIGUOUS_REPORT: _("Import it again under the name that it came with."),
    FileRefusal.WRONG_COLUMNS: _("Fetch the report again, and import it unchanged."),
    FileRefusal.NO_HEADER: _("Import the report as it came, with its first line."),
    FileRefusal.NO_DATE: _(
        "Import it under the name that it came with, which begins with the day."
    ),
    FileRefusal.EMPTY_ARCHIVE: _("Pack the report, a CSV file, anew and import that archive."),
    FileRefusal.DAMAGED_ARCHIVE: _("Fetch or pack it anew, and import it again."),
    FileRefusal.PROTECTED_ARCHIVE: _("Pack it anew without a password."),
    FileRefusal.TOO_LARGE: _("Import its reports one by one."),
    FileRefusal.TOO_MANY_ENTRIES: _("Divide it into several archives."),
    FileRefusal.MOSTLY_DAMAGED: _("Fetch the report again, and import that copy."),
    FileRefusal.READER_ENDED: _(
        "Import it in parts, or ask whoever runs the server to see the log."
    ),
}
ROW_REASONS: dict[str, Text] = {
    "timestamp": _("The time cannot be read."),
    "address": _("The address cannot be read."),
    "port": _("The port is not between 1 and 65535."),
    "asn": _("The AS number cannot be read."),
    "broken quotes, or a cell too long": _("The quotes do not match, or a cell is too long."),
}
# What the reader accepts although it differs from the form of a report; of rows how many.
FORGIVEN: dict[str, Text] = {
    "semicolon": _("The cells are separated by semicolons, not commas."),
    "tab": _("The cells are separated by tabs, not commas."),
    "bar": _("The cells are separated by vertical bars, not commas."),
    "header": _("In the first line something stands outside the quotes."),
    "quotes": _("Rows with quotes that do not match: %(rows)s. Time and address can be read."),
    "ends": _("Rows that end with more or fewer empty cells than the first line: %(rows)s."),
}
_WRONG_COUNT = re.compile(r"(\d+) cells where the header has (\d+)")
_TOO_LONG = re.compile(r"longer than (\d+) bytes")
_OTHER = gettext_lazy("The row cannot be read.")


def refusal_words(reason: str, detail: str = "", *, about: Collection[str] = ()) -> str:
    """Return why a file was refused, and what to do.

    Args:
        reason: one of Refusal.
        detail: what the reader found.
        about: names of the file, which stand beside the words and are not said again.

    """
    if reason not in FileRefusal.values:
        return gettext("The file was refused.")
    refusal = FileRefusal(reason)
    is_told = detail and refusal in DETAILED and detail not in about
    said = f"{refusal.label} ({detail})" if is_told else refusal.label
    return f"{said} {REMEDIES[refusal]}"


def row_words(reason: str) -> str:
    """Return what was wrong with a row; the store keeps the reader's own words."""
    if found := _WRONG_COUNT.fullmatch(reason):
        said = gettext("The row has %(found)s cells where the header has %(columns)s.")
        return said % {"found": found[1], "columns": found[2]}
    if found := _TOO_LONG.fullmatch(reason):
        return gettext("The row is longer than %s bytes.") % found[1]
    return str(ROW_REASONS.get(reason, _OTHER))


def forgiven_words(forgiven: Mapping[str, int]) -> list[str]:
    """Return a sentence for each thing that was accepted although it differs."""
    return [
        str(words) % {"rows": forgiven[code]} if "%(" in str(words) else str(words)
        for code, words in FORGIVEN.items()
        if forgiven.get(code)
    ]


def country_text(code: str) -> str:
    """Return the name of a country where organisations are; another is told by its code."""
    if code in Country.values:
        return str(Country(code).label)
    return gettext("country code %s") % code


def outcome_title(outcome: dict[str, Any]) -> str:
    """Return what came of an import, as the heading says it."""
    if outcome["batches"] and outcome["refused"]:
        return gettext("A part of it has been imported")
    if outcome["batches"]:
        return gettext("The report has been imported")
    if outcome["refused"]:
        return gettext("Nothing has been imported: the file was refused")
    return gettext("The report had been imported before")


def outcome_refused(outcome: dict[str, Any]) -> list[str]:
    """Return a line for each file that was refused."""
    return [refused_text(one) for one in outcome["refused"]]


def refused_text(one: dict[str, Any]) -> str:
    """Return which file was refused, why, and what to do."""
    names = (one["entry"], one["file"])
    return (
        f"{one['entry'] or one['file']}: {refusal_words(one['reason'], one['detail'], about=names)}"
    )
