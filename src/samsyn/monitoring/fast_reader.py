"""Parses clean files by the query engine, and believes it only where it can be checked.

Its answer must have one row for each line, each row as many cells as the header, and
quotes only where they may stand. Otherwise the tolerant reader has the file: what both
read is the same, row for row (tests/monitoring/test_two_readers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn.analytics.engine import EngineRefused, ScratchDatabase, literal, name, paths
from samsyn.monitoring import normalise
from samsyn.monitoring.intake import IncomingReport
from samsyn.monitoring.reader import CELL_MAX

PICKED = ", ".join(["p_timestamp", *(f"p_{part}" for part in normalise.PARTS)])
# Rows keep the order of the file, so that the place in the table says the row.
PARSED_ROWS = (
    f"select f.file_no, p.rowid - f.first + 1 as row, {PICKED} "
    "from parsed p join read_files f on p.rowid between f.first and f.last"
)
PARSED_ALONE = f"select 0 as file_no, rowid + 1 as row, {PICKED} from parsed"
_SURPLUS = "a cell too many"
_NEVER = "\x02none\x03"  # a cell that says this is null: none does
# A quote that ends a cell in the middle of it, or begins one there.
_ODD_QUOTES = r'[^,"](?:"")*"[^",\r]|(?:^|,)(?:"")+[^",\r]'


def read_fast(
    db: ScratchDatabase, reports: Sequence[IncomingReport], facts: Mapping[str, Any]
) -> bool:
    """Fill ``parsed`` by the engine; return False where its answer is in doubt."""
    header = reports[0].header
    several = len(reports) > 1
    picked = normalise.raw_select(header, facts, _csv(reports, header))
    # A row with too few cells has no last one; a row with too many has one more.
    ends = f"{name(header[-1])} as last_cell, {name(_SURPLUS)} as surplus"
    chosen = f"select {ends}, " + ("read_from, " if several else "")
    try:
        if not all(_is_quoted_well(db, report) for report in reports):
            return False
        db.run("create or replace temp table parsed as " + picked.replace("select ", chosen, 1))
    except EngineRefused:
        return False
    if db.rows("select 1 from parsed where last_cell is null or surplus is not null limit 1"):
        return False
    if not (_is_whole(db, reports) if several else _is_whole_alone(db, reports[0])):
        return False
    for report in reports:
        report.rows = report.content.lines - 1
    return True


def _csv(reports: Sequence[IncomingReport], header: Sequence[str]) -> str:
    """Return the relation of the engine's own reader, with one column more than there are."""
    columns = ", ".join(f"{literal(column)}: 'varchar'" for column in [*header, _SURPLUS])
    filename = ", filename='read_from'" if len(reports) > 1 else ""
    return (
        f"read_csv({paths([r.content.path for r in reports])}, header=true, delim=',', quote='\"', "
        "escape='\"', strict_mode=true, auto_detect=false, compression='none', null_padding=true, "
        f"nullstr={literal(_NEVER)}, max_line_size={CELL_MAX}, columns={{{columns}}}{filename})"
    )


def _is_quoted_well(db: ScratchDatabase, report: IncomingReport) -> bool:
    """Return whether quotes stand only where they may: the engine forgives what follows one.

    Two for each cell is how Shadowserver writes; only otherwise the lines are looked at.
    """
    if report.content.quotes == 2 * len(report.header) * report.content.lines:
        return True
    lines = (
        f"read_csv({literal(report.content.path)}, header=false, delim='\x01', quote='', "
        f"escape='', auto_detect=false, compression='none', max_line_size={CELL_MAX}, "
        "columns={'line': 'varchar'})"
    )
    odd = f"select 1 from {lines} where regexp_matches(line, {literal(_ODD_QUOTES)}) limit 1"
    return not db.rows(odd)


def _is_whole_alone(db: ScratchDatabase, report: IncomingReport) -> bool:
    found: int = db.rows("select count(*) from parsed")[0][0]
    return found == report.content.lines - 1


def _is_whole(db: ScratchDatabase, reports: Sequence[IncomingReport]) -> bool:
    """Return whether the engine found exactly one row for each line of each file."""
    known = [(r.file_no, str(r.content.path), r.content.lines - 1) for r in reports]
    db.table("files_given", {"file_no": "integer", "read_from": "varchar", "rows": "bigint"}, known)
    db.run(
        "create or replace temp table read_files as "
        "select g.file_no, g.rows, min(p.rowid) as first, max(p.rowid) as last, "
        "count(p.rowid) as found from files_given g left join parsed p "
        "on p.read_from = g.read_from group by all"
    )
    wrong = db.rows(
        "select 1 from read_files where found <> rows or (rows > 0 and last - first + 1 <> rows)"
    )
    return not wrong
