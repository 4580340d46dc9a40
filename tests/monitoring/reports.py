"""Report files for tests, as Shadowserver writes them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

PACK = Path(__file__).parents[2] / "src/samsyn/packs/reports/shadowserver.json"


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Any]:
    return json.loads(PACK.read_text())["reports"]


def row(report: str = "scan_rdp", **parts: str) -> dict[str, str]:
    """Make one row by our names of the parts (address, port, host ...) or by columns."""
    layout = facts()[report]["layout"]
    values = {"timestamp": "2026-03-02 04:05:06", layout.get("protocol", "protocol"): "tcp"}
    values |= {layout.get(part, part): value for part, value in parts.items()}
    return {column: values.get(column, "") for column in facts()[report]["columns"]}


def text(rows: Sequence[Mapping[str, str]], report: str = "scan_rdp") -> str:
    """Return the CSV: header from the first row, every cell quoted."""
    columns = list(rows[0]) if rows else facts()[report]["columns"]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([r[c] for c in columns] for r in rows)
    return out.getvalue()


def write(
    folder: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    report: str = "scan_rdp",
    on: str = "2026-03-02",
    stream: str = "test",
) -> Path:
    path = folder / f"{on}-{report}-{stream}.csv"
    path.write_text(text(rows, report), encoding="utf-8")
    return path
