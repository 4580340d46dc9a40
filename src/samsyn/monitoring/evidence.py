"""Which columns of a report show what was seen, and how they pass through the query engine.

The choice is content (``packs/reports/evidence.yaml``). What the columns say is kept with each
observation as one text, ``column=value`` parted by a sign that stands in no report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn.analytics.engine import literal, name
from samsyn.content.packs import pack

PACK = "reports/evidence.yaml"
REPORTS = "reports/shadowserver.json"
PARTED_BY = "\x1f"  # ASCII's unit separator
VALUE_MAX = 200  # characters of one value


def kinds_of_report() -> dict[str, dict[str, Any]]:
    """Return the facts of each kind of report, with the columns that show what was seen."""
    known: Mapping[str, Any] = pack(REPORTS)["reports"]
    return {
        report: {**facts, "evidence": evidence_columns(report, facts)}
        for report, facts in known.items()
    }


def evidence_columns(report: str, facts: Mapping[str, Any]) -> list[str]:
    """Return which columns of a report show what was seen, the most telling first.

    Columns that the layout reads for something else are not named again.
    """
    content: Mapping[str, Any] = pack(PACK)
    wanted = content.get("reports", {}).get(report) or content["columns"]
    read = set(facts["layout"].values())
    chosen = [column for column in wanted if column in facts["columns"] and column not in read]
    return chosen[: int(content.get("most", 8))]


def evidence_sql(columns: Sequence[str]) -> str:
    """Return SQL for what these columns of a row say, as one text; empty ones are left out."""
    if not columns:
        return "null::varchar"
    parted = literal(PARTED_BY)
    said = ", ".join(
        f"{literal(column + '=')} || "
        f"replace(left(nullif({name(column)}, ''), {VALUE_MAX}), {parted}, ' ')"
        for column in columns
    )
    return f"nullif(concat_ws({parted}, {said}), '')"
