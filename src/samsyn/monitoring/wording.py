"""What people read of a received file: why it was refused, what was wrong with a row."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.monitoring.models import Refusal
from samsyn.ui.components.base import Text

# The details of the others are for the log: a name of Python's, or a count.
DETAILED = {Refusal.UNKNOWN_REPORT, Refusal.AMBIGUOUS_REPORT, Refusal.WRONG_COLUMNS}
ROW_REASONS: dict[str, Text] = {
    "timestamp": _("The time cannot be read."),
    "address": _("The address cannot be read."),
    "port": _("The port is not between 1 and 65535."),
    "asn": _("The AS number cannot be read."),
    "broken quotes, or a cell too long": _("The quotes do not match, or a cell is too long."),
}
_WRONG_COUNT = re.compile(r"(\d+) cells where the header has (\d+)")
_TOO_LONG = re.compile(r"longer than (\d+) bytes")
_OTHER = gettext_lazy("The row cannot be read.")


def refusal_words(reason: str, detail: str = "") -> str:
    """Return why a file was refused."""
    if reason not in Refusal.values:
        return gettext("The file was refused.")
    said = str(Refusal(reason).label)
    return f"{said} ({detail})" if detail and reason in DETAILED else said


def row_words(reason: str) -> str:
    """Return what was wrong with a row; the store keeps the reader's own words."""
    if found := _WRONG_COUNT.fullmatch(reason):
        said = gettext("The row has %(found)s cells where the header has %(columns)s.")
        return said % {"found": found[1], "columns": found[2]}
    if found := _TOO_LONG.fullmatch(reason):
        return gettext("The row is longer than %s bytes.") % found[1]
    return str(ROW_REASONS.get(reason, _OTHER))


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
    return [
        f"{one['entry'] or one['file']}: {refusal_words(one['reason'], one['detail'])}"
        for one in outcome["refused"]
    ]
