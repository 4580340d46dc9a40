"""Reads reports into the store: rows to observations, observations to owners.

Files that a look at their bytes found clean are parsed by the query engine, many of one
header at once; its answer is believed only when it has as many rows as the file has
lines. All others go through the tolerant reader first, which writes the good rows
anew; from there both ways are the same SQL.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from samsyn.analytics.engine import ScratchDatabase, literal, name, paths, sql_file
from samsyn.analytics.store import FORMAT, Dataset, write
from samsyn.kernel.addresses import (
    NOBODY,
    address_read,
    family_cuts,
    is_unspecified,
    plain_ipv6,
)
from samsyn.kernel.texts import SAYS_NOTHING
from samsyn.monitoring import normalise
from samsyn.monitoring.datasets import ATTRIBUTIONS, COUNTS, OBSERVATIONS, REJECTS, batch_file
from samsyn.monitoring.fast_reader import PARSED_ALONE, PARSED_ROWS, PICKED, read_fast
from samsyn.monitoring.forgiving import certain_row
from samsyn.monitoring.intake import IncomingReport
from samsyn.monitoring.ownership import CONTESTED, Ownership, is_within
from samsyn.monitoring.reader import LINE_MAX, REJECT_SHOWN, Damage, IsCertain, records

MEASURES = "samsyn.monitoring.measures"
CHUNK_LINES = 400_000
REJECTS_KEPT = 10_000  # of one report; the others are counted
_RAW = "file_no integer, row bigint, p_timestamp varchar, " + ", ".join(
    f"p_{part} varchar" for part in normalise.PARTS
)
_SHOWN = ", ".join(f"nullif({part}, '')" for part in PICKED.split(", ") if part != "p_evidence")
_REJECT_COLUMNS = {
    "file_no": "integer",
    "row": "bigint",
    "line": "bigint",
    "reason": "varchar",
    "text": "varchar",
}


_OWNER_COLUMNS = {
    "owner": "integer",
    "organisation_id": "bigint",
    "operated_by_id": "bigint",
    "resource_id": "bigint",
    "is_contested": "boolean",
}
# What attribute.sql makes of owners that only mark what several ask for and nobody has.
_MARKS = (
    f"create or replace temp macro held(owner) as nullif(owner, {CONTESTED}); "
    "create or replace temp macro is_marked(a, b, c) as "
    f"a = {CONTESTED} or b = {CONTESTED} or c = {CONTESTED}"
)
_NO_MARKS = (
    "create or replace temp macro held(owner) as owner; "
    "create or replace temp macro is_marked(a, b, c) as false"
)


def prepare(db: ScratchDatabase) -> None:
    """Define in a scratch database, for all its connections, the macros that reading uses."""
    db.run(normalise.MACROS)


def give_register(db: ScratchDatabase, owned_by: Ownership) -> None:
    """Load the owners of every resource into a scratch database, for all its connections."""
    owners: list[tuple[object, ...]] = [
        (place, o.organisation_id, o.operated_by_id, o.resource_id, False)
        for place, o in enumerate(owned_by.owners)
    ]
    if owned_by.has_contested:
        owners.append((CONTESTED, None, None, None, True))
    fours, sixes = family_cuts(owned_by.intervals)
    names = {"use": "varchar", "name": "varchar", "owner": "integer"}
    db.table("owners", _OWNER_COLUMNS, owners, is_shared=True)
    db.table("intervals4", {"start": "bigint", "owner": "integer"}, fours, is_shared=True)
    db.table("intervals6", {"start": "varchar", "owner": "integer"}, sixes, is_shared=True)
    db.table("asns", {"asn": "bigint", "owner": "integer"}, owned_by.asns, is_shared=True)
    db.table("names", names, owned_by.names, is_shared=True)


def chunks(reports: Sequence[IncomingReport]) -> Iterator[list[IncomingReport]]:
    """Yield reports that are read together: of one kind, header and quality, not too many rows."""
    ordered = sorted(reports, key=lambda r: (r.key, r.on, r.identity))
    for _key, group in groupby(ordered, key=lambda report: report.key):
        together: list[IncomingReport] = []
        for report in group:
            if (
                together
                and sum(r.content.lines for r in together) + report.content.lines > CHUNK_LINES
            ):
                yield together
                together = []
            together.append(report)
        yield together


def read_chunk(
    db: ScratchDatabase,
    reports: Sequence[IncomingReport],
    facts: Mapping[str, Any],
    owned_by: Ownership,
) -> None:
    """Read reports of one kind and header: what each row says, and whose it is.

    Leaves ``placed``, ``batches`` and ``rejects`` on the scratch database for the sightings and for
    ``store_chunk``, and the numbers on each report.

    Args:
        db: has been prepared.
        reports: of one kind, header and quality.
        facts: of the kind.
        owned_by: the owners, which ``give_register`` has loaded.

    """
    for number, report in enumerate(reports):
        report.file_no = number
    db.table("rejects", _REJECT_COLUMNS, [])
    if reports[0].content.is_clean and read_fast(db, reports, facts):
        rows = PARSED_ALONE if len(reports) == 1 else PARSED_ROWS
        db.run(f"create or replace temp view raw as {rows}")
    else:
        db.run(f"create or replace temp table raw_table ({_RAW})")
        for report in reports:
            _read_one(db, report, facts)
        db.run("create or replace temp view raw as from raw_table")
    _give_batches(db, reports, owned_by.digest)
    _normalise(db, facts, reports[0].name, owned_by)
    db.run("drop view raw")
    for table in ("parsed", "raw_table", "raw_meant"):
        db.run(f"drop table if exists {table}")
    attribute(db)
    _count(db, reports)


def attribute(db: ScratchDatabase) -> None:
    """Say whose each row of ``seen`` is, in the view ``placed``."""
    db.run(sql_file(MEASURES, "host_owners.sql"))
    strangers = [
        (host, domain)
        for host, domain in db.rows(
            "select distinct name, domain from host_owners where use <> 'site'"
        )
        if not is_within(host, domain)
    ]
    for host, domain in strangers:
        db.run("delete from host_owners where name = ? and domain = ?", [host, domain])
    has_contested = db.rows(f"select 1 from owners where owner = {CONTESTED}")
    db.run(_MARKS if has_contested else _NO_MARKS)
    db.run(sql_file(MEASURES, "attribute.sql"))


def _give_batches(db: ScratchDatabase, reports: Sequence[IncomingReport], claims: str) -> None:
    columns = {
        "file_no": "integer",
        "batch": "varchar",
        "stream": "varchar",
        "report_on": "date",
        "claims": "varchar",
        "is_fresh": "boolean",
    }
    rows = [(r.file_no, r.identity, r.stream, r.on, claims, True) for r in reports]
    db.table("batches", columns, rows)
    db.run("update batches set stream = '' where stream is null")


def _read_one(db: ScratchDatabase, report: IncomingReport, facts: Mapping[str, Any]) -> None:
    if report.content.is_clean and read_fast(db, [report], facts):
        db.run(
            f"insert into raw_table select {report.file_no}, row, {PICKED} from ({PARSED_ALONE})"
        )
        return
    report.is_clean = False
    good = db.scratch("csv")
    rejects = db.scratch("csv")
    is_certain = certain_row(report.header, facts["layout"])
    report.rows, report.rejected = _rewritten(report, is_certain, good, rejects)
    _take_rewritten(db, report, facts, good)
    _take_rejects(db, rejects)


def _rewritten(
    report: IncomingReport, is_certain: IsCertain, good: Path, rejects: Path
) -> tuple[int, int]:
    """Write the good rows of a damaged file anew; return how many rows, and how many rejected."""
    rows = rejected = 0
    with (
        good.open("w", encoding="utf-8", newline="", errors="replace") as good_file,
        rejects.open("w", encoding="utf-8", newline="", errors="replace") as rejects_file,
    ):
        write = csv.writer(good_file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        reject = csv.writer(rejects_file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for record in records(report.content.path, is_certain=is_certain):
            rows += 1
            if isinstance(record, Damage):
                rejected += 1
                if rejected > REJECTS_KEPT:
                    continue
                shown = _one_line(record.text)
                reject([report.file_no, record.row, record.line, record.reason, shown])
            else:
                if record.forgiven:
                    report.forgiven[record.forgiven] += 1
                # A row is one line: what was a line break in a cell is a blank from here on.
                write([record.row, *(_one_line(cell) for cell in record.cells)])
    return rows, rejected


def _one_line(cell: str) -> str:
    return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell


def _take_rewritten(
    db: ScratchDatabase, report: IncomingReport, facts: Mapping[str, Any], good: Path
) -> None:
    header = [*report.header]
    columns = ", ".join(f"{literal(column)}: 'varchar'" for column in ["row number", *header])
    source = (
        f"read_csv({literal(good)}, header=false, delim=',', quote='\"', escape='\"', "
        f"strict_mode=true, auto_detect=false, new_line='\\n', max_line_size={LINE_MAX * 4}, "
        f"buffer_size={LINE_MAX * 32}, columns={{{columns}}})"
    )
    picked = normalise.raw_select(header, facts, source)
    row = f"{report.file_no}, {name('row number')}::bigint, "
    db.run("insert into raw_table " + picked.replace("select ", f"select {row}", 1))
    good.unlink()


def _take_rejects(db: ScratchDatabase, rejects: Path) -> None:
    columns = ", ".join(f"{literal(c)}: {literal(kind)}" for c, kind in _REJECT_COLUMNS.items())
    db.run(
        f"insert into rejects from read_csv({literal(rejects)}, header=false, delim=',', "
        f"quote='\"', escape='\"', auto_detect=false, new_line='\\n', columns={{{columns}}})"
    )
    rejects.unlink()


ODD_COLUMNS = {
    "raw": "varchar",
    "text": "varchar",
    "number": "bigint",
    "key": "varchar",
    "claim": "integer",
    "is_bad": "boolean",
}


def _normalise(
    db: ScratchDatabase, facts: Mapping[str, Any], report: str, owned_by: Ownership
) -> None:
    normalise.names_in_ascii(db)
    found = db.rows(normalise.odd_addresses_sql("raw"))
    lines, odd = plain_ipv6(text for (text,) in found)
    db.table("odd_addresses", ODD_COLUMNS, [odd_read(text, owned_by) for text in odd])
    plain = dict.fromkeys(["raw", "text", "key"], "varchar")
    db.lines("plain_addresses", plain, lines)
    db.run(
        "insert into odd_addresses select raw, text, null, key, null, false from plain_addresses"
    )
    db.run(
        f"create or replace temp table seen as {normalise.seen_sql('raw', facts, report=report)}"
    )
    if not db.rows("select 1 from seen where problem is not null limit 1"):
        return
    db.run(
        "insert into rejects select r.file_no, r.row, null, s.problem, "
        f"left(concat_ws(',', {_SHOWN}), {REJECT_SHOWN}) "
        "from raw r join seen s on s.file_no = r.file_no and s.row = r.row "
        f"where s.problem is not null qualify row_number() over (partition by r.file_no "
        f"order by r.row) <= {REJECTS_KEPT}"
    )


def odd_read(text: str, owned_by: Ownership) -> tuple[object, ...]:
    """Return what a text says that is no plain address: an odd one, a network, or nothing."""
    if text.strip().lower() in SAYS_NOTHING:
        return (text, None, None, None, None, False)
    try:
        found = address_read(text)
    except ValueError:
        return (text, None, None, None, None, True)
    if is_unspecified(found):
        return (text, None, None, None, None, False)
    if not found.is_network:
        return (text, found.text, *found.place, None, False)
    owner = owned_by.of_network(found)
    # Only a claim that holds the whole network may have it, so that the key stays out of it.
    return (text, found.text, None, None, None if owner == NOBODY else owner, False)


def store_chunk(db: ScratchDatabase, reports: Sequence[IncomingReport], claims: str) -> None:
    """Write what ``read_chunk`` left to the store: observations, owners, counts and rejects."""
    columns = ", ".join(_stored(column) for column in OBSERVATIONS.columns if column != "batch")
    _write_parts(
        db, OBSERVATIONS, reports, "",
        f"select b.batch, {columns}, b.batch as part from seen s join batches b using (file_no) "
        "where s.problem is null",
    )  # fmt: skip
    write_owned(db, reports, claims)
    _write_parts(
        db, REJECTS, reports, "",
        "select b.batch, r.row, r.line, r.reason, r.text, b.batch as part "
        "from rejects r join batches b using (file_no)",
    )  # fmt: skip


def _stored(column: str) -> str:
    """Return a column as it is kept: the address is not written twice (``WHOLE`` undoes it)."""
    return "nullif(s.subject, s.source_ip) as subject" if column == "subject" else f"s.{column}"


def write_owned(db: ScratchDatabase, reports: Sequence[IncomingReport], claims: str) -> None:
    """Write what depends on the register: attributions and counts."""
    _write_parts(
        db, ATTRIBUTIONS, reports, claims,
        "select b.batch, p.row, p.organisation_id, p.operated_by_id, p.resource_id, p.rule, "
        "p.is_contested, b.batch as part from placed p join batches b using (file_no) "
        "where p.is_contested is not null",
    )  # fmt: skip
    _write_parts(db, COUNTS, reports, claims, sql_file(MEASURES, "counts.sql"))


def _write_parts(
    db: ScratchDatabase, dataset: Dataset, reports: Sequence[IncomingReport], claims: str, sql: str
) -> None:
    """Write rows, one file for each batch, and put the files in their places whole."""
    if len(reports) == 1:
        _write_one(db, dataset, reports[0], claims, sql)
        return
    folder = db.scratch("parts")
    db.run(f"copy ({sql}) to {literal(folder)} ({FORMAT}, partition_by (part))")
    for report in reports:
        made = sorted((folder / f"part={report.identity}").glob("*.parquet"))
        place = batch_file(dataset, report.on, report.identity, claims)
        place.parent.mkdir(parents=True, exist_ok=True)
        if len(made) == 1:
            made[0].replace(place)
        elif made:
            _join(db, made, place)
        else:
            place.unlink(missing_ok=True)


def _write_one(
    db: ScratchDatabase, dataset: Dataset, report: IncomingReport, claims: str, sql: str
) -> None:
    place = batch_file(dataset, report.on, report.identity, claims)
    write(db, f"select * exclude (part) from ({sql})", place)


def _join(db: ScratchDatabase, made: Sequence[Path], place: Path) -> None:
    whole = db.scratch("parquet")
    db.run(f"copy (from read_parquet({paths(made)})) to {literal(whole)} ({FORMAT})")
    whole.replace(place)


def _count(db: ScratchDatabase, reports: Sequence[IncomingReport]) -> None:
    by_number = {report.file_no: report for report in reports}
    seen = (
        "select file_no, count(*) filter (problem is null), "
        "count(*) filter (problem is not null) from seen group by 1"
    )
    for file_no, observations, problems in db.rows(seen):
        by_number[file_no].observations = observations
        by_number[file_no].rejected += problems
    count_owned(db, reports)


def count_owned(db: ScratchDatabase, reports: Sequence[IncomingReport]) -> None:
    """Note on each report how many of its observations have an owner, or are contested."""
    by_number = {report.file_no: report for report in reports}
    for report in reports:
        report.attributed = report.contested = 0
    owned = (
        "select file_no, count(*) filter (not is_contested), "
        "count(*) filter (is_contested) from placed group by 1"
    )
    for file_no, attributed, contested in db.rows(owned):
        by_number[file_no].attributed = attributed
        by_number[file_no].contested = contested
