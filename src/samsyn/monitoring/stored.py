"""What the fold needs to know of batches that are in the store already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.db import connection

from samsyn.analytics.engine import ScratchDatabase, sql_file, store_damaged
from samsyn.analytics.store import every_row
from samsyn.content.packs import pack
from samsyn.findings.fold import NAMED, SIGHTINGS, ReportDay
from samsyn.findings.models import FoldedReport
from samsyn.kernel.addresses import address_read
from samsyn.monitoring import reading
from samsyn.monitoring.datasets import (
    ATTRIBUTIONS,
    OBSERVATIONS,
    REJECTS,
    ROWS,
    WHOLE,
    files_of,
)
from samsyn.monitoring.models import Batch, BatchState
from samsyn.monitoring.reading import REJECTS_KEPT

PACK = "reports/shadowserver.json"
IMPORT_LOCK = 7_266_798  # any constant: two imports at once would both give new numbers


def lock_imports() -> None:
    """Let one fold at a time through; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def close_after(kind: str) -> int:
    """Return how many reports without it close a finding of this kind."""
    facts = pack(PACK)
    own = facts["reports"].get(kind, {}).get("close_after_reports")
    return int(own or facts.get("close_after_reports", 3))


def has_port(kind: str) -> bool:
    """Return whether the port tells findings of this kind apart.

    It does not where it is the port a client took for one connection and then gave back.
    """
    return bool(pack(PACK)["reports"].get(kind, {}).get("port_in_key", True))


def report_days(kind: str) -> list[ReportDay]:
    """Return on which days each stream of a report has come.

    A report without a row that can be read, or with more damage than is kept, says nothing of
    what was not seen: it is there, and no evidence.
    """
    came = Batch.unscoped.filter(report=kind, state=BatchState.FOLDED)  # scope: the fold
    found: dict[tuple[str, date], list[tuple[int, int]]] = {}
    rows = came.order_by("stream", "report_on")
    for stream, on, *counts in rows.values_list("stream", "report_on", "observations", "rejected"):
        if on is not None:  # only a refused batch has no day
            found.setdefault((stream, on), []).append((counts[0], counts[1]))
    return [ReportDay(stream, on, _is_read(counts)) for (stream, on), counts in found.items()]


def _is_read(counts: Sequence[tuple[int, int]]) -> bool:
    """Return whether reports of a day, by their observations and rejects, say who is absent."""
    if any(rejected > REJECTS_KEPT for _observations, rejected in counts):
        return False
    return any(observations or not rejected for observations, rejected in counts)


def must_refold(kind: str, earliest: date) -> bool:
    """Return whether reports of this kind do not simply follow what has been folded."""
    folded = FoldedReport.objects.filter(report=kind).first()
    if folded is None:
        return Batch.unscoped.filter(  # scope: the fold
            report=kind, state=BatchState.FOLDED, report_on__lt=earliest
        ).exists()
    return earliest <= folded.latest_on or folded.has_port != has_port(kind)


def new_sightings(db: ScratchDatabase, table: str) -> None:
    """Make an empty table for sightings."""
    columns = ", ".join(f"{name} {kind}" for name, kind in SIGHTINGS.items())
    db.run(f"create or replace table {table} ({columns})")


def add_sightings(db: ScratchDatabase, kind: str, table: str) -> None:
    """Add what has been read (the relation ``placed``) to a table of sightings."""
    port = "coalesce(s.source_port, 0)" if has_port(kind) else "0::integer"
    sql = sql_file(reading.MEASURES, "sightings.sql")
    db.run(sql.replace("$port", port).replace("$sightings", table))


def all_sightings(db: ScratchDatabase, kind: str, *, fresh: Iterable[str] = ()) -> None:
    """Fill the table of sightings with all there have ever been of one report."""
    db.drop("sightings")
    new_sightings(db, "sightings")
    wanted = set(fresh)
    came = Batch.unscoped.filter(report=kind, state=BatchState.FOLDED)  # scope: the fold
    batches = list(came.order_by("report_on", "identity").iterator(chunk_size=2000))
    for start in range(0, len(batches), 200):
        some = batches[start : start + 200]
        give_stored(db, some, fresh=wanted)
        add_sightings(db, kind, "sightings")


def give_stored(db: ScratchDatabase, batches: Sequence[Batch], *, fresh: set[str]) -> None:
    """Fill a scratch database from batches read before: batches, seen, placed with owners."""
    columns = {
        "file_no": "integer",
        "batch": "varchar",
        "stream": "varchar",
        "report_on": "date",
        "is_fresh": "boolean",
    }
    rows = [
        (number, b.identity, b.stream, b.report_on, b.identity in fresh)
        for number, b in enumerate(batches)
    ]
    db.table("batches", columns, rows)
    db.run("update batches set stream = '' where stream is null")
    seen, owned = files_of(OBSERVATIONS, batches), files_of(ATTRIBUTIONS, batches)
    db.run(
        f"create or replace temp table seen as select b.file_no, {WHOLE}, "
        "null::varchar as problem, null::integer as network_claim "
        f"from {every_row(OBSERVATIONS, seen)} s join batches b using (batch)"
    )
    _require_rows(db, batches, owned)
    db.run(
        "create or replace temp view placed as select s.*, o.organisation_id, o.operated_by_id, "
        "o.resource_id, o.rule, o.is_contested from seen s "
        f"left join {every_row(ATTRIBUTIONS, owned)} o on o.batch = s.batch and o.row = s.row"
    )


def _require_rows(db: ScratchDatabase, batches: Sequence[Batch], owned: Sequence[Path]) -> None:
    """Raise unless the store has as many rows of each batch as the database says."""
    attributions = f"select batch, count(*) from {every_row(ATTRIBUTIONS, owned)} group by 1"
    for dataset, counted in (
        (OBSERVATIONS, "select batch, count(*) from seen group by 1"),
        (ATTRIBUTIONS, attributions),
    ):
        found = dict(db.rows(counted))
        if any(found.get(b.identity, 0) != ROWS[dataset.name](b) for b in batches):
            raise store_damaged()


def give_named(db: ScratchDatabase, kind: str) -> None:
    """Make the table ``named``: whom rows of a report name that could not be read.

    Such a row is known only by how it begins, so that whatever is written there counts.
    """
    columns = ", ".join(f"{name} {kind_}" for name, kind_ in NAMED.items())
    db.run(f"create or replace temp table named ({columns})")
    came = Batch.unscoped.filter(report=kind, state=BatchState.FOLDED)  # scope: the fold
    batches = list(came.filter(rejected__gt=0))
    if not batches:
        return
    known = {"batch": "varchar", "stream": "varchar", "seen_on": "date"}
    db.table("damaged", known, [(b.identity, b.stream or "", b.report_on) for b in batches])
    rows = every_row(REJECTS, files_of(REJECTS, batches))
    db.run(sql_file(reading.MEASURES, "named.sql").replace("$rejects", rows))
    written = db.rows("select distinct word from words where word like '%:%:%'")
    six = [(text, found) for (text,) in written if (found := _address_in(text))]
    db.table("sixes", {"word": "varchar", "subject": "varchar"}, six)
    db.run(
        "insert into named select distinct stream, seen_on, subject "
        "from words join sixes using (word); "
        "drop table words; drop table sixes; drop table damaged"
    )


def _address_in(text: str) -> str:
    try:
        return address_read(text.strip("[]")).text
    except ValueError:
        return ""
