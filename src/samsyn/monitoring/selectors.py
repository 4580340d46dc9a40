from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.analytics.engine import literal, reading
from samsyn.analytics.store import every_row, visible_rows, visible_where
from samsyn.content.packs import pack
from samsyn.kernel.errors import NotFound
from samsyn.monitoring import measures
from samsyn.monitoring.datasets import (
    ATTRIBUTIONS,
    COUNTS,
    OBSERVATIONS,
    REJECTS,
    WHOLE,
    files_of,
)
from samsyn.monitoring.files import unpacked
from samsyn.monitoring.forgiving import certain_row
from samsyn.monitoring.import_run import work_folder
from samsyn.monitoring.kept import received_as
from samsyn.monitoring.models import Batch, BatchState
from samsyn.monitoring.reader import Record, header_of, records
from samsyn.monitoring.stored import PACK
from samsyn.organisations.selectors import organisation_list

FILES_AT_ONCE = 50
FILES_SEARCHED = 1_000


def batch_list(
    *, actor: Actor, report: str = "", state: str = "", since: date | None = None
) -> QuerySet[Batch]:
    """Return what has been received, newest first."""
    rows = Batch.objects.visible_to(actor)
    if report:
        rows = rows.filter(report=report)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(report_on__gte=since) if since else rows


def batch_get(*, actor: Actor, pk: int) -> Batch:
    """Return one batch.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = batch_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such batch."))
    return found


def reject_list(*, actor: Actor, batch: Batch, limit: int = 200) -> list[dict[str, Any]]:
    """Return the damaged rows of a batch: row, line, reason and how each begins."""
    batch_get(actor=actor, pk=batch.pk)
    files = files_of(REJECTS, [batch])
    with reading() as db:
        rows = db.rows(
            f"select row, line, reason, text from {every_row(REJECTS, files)} "
            f"order by row limit {int(limit)}"
        )
    return [dict(zip(("row", "line", "reason", "text"), row, strict=True)) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFilter:
    """Which observations are wanted; nothing given means all of them."""

    report: str = ""
    since: date | None = None
    until: date | None = None
    organisation: int | None = None
    address: str = ""
    subject: str = ""
    port: int | None = None  # 0 where the report names none
    only_unattributed: bool = False


def observation_list(
    *,
    actor: Actor,
    wanted: ObservationFilter = ObservationFilter(),
    limit: int | None = None,
    with_raw: bool = True,
) -> Iterator[dict[str, Any]]:
    """Yield observations, newest report first, each with its organisation and raw fields.

    A member sees its own; an operator's analysts also what belongs to nobody in the
    reports that this operator received.
    """
    names = dict(organisation_list(actor=actor).values_list("pk", "name"))
    left = limit
    for some in _together(actor, _batches(actor, wanted), wanted):
        found = _observations(actor, some, wanted, left)
        by_batch = {batch.identity: batch for batch in some}
        for identity, group in groupby(found, key=itemgetter("batch")):
            rows = list(group)
            if with_raw:
                _add_raw(by_batch[identity], rows)
            yield from (_shown(row, names) for row in rows)
            left = None if left is None else left - len(rows)
        if left is not None and left <= 0:
            return


@beyond_scope("which files there are; the rows inside are scoped")
def _batches(actor: Actor, wanted: ObservationFilter) -> list[Batch]:
    rows = Batch.unscoped.filter(state=BatchState.FOLDED)  # scope: the rows inside are scoped
    if wanted.only_unattributed:
        rows = Batch.objects.visible_to(actor).filter(state=BatchState.FOLDED)
    if wanted.report:
        rows = rows.filter(report=wanted.report)
    if wanted.since:
        rows = rows.filter(report_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(report_on__lte=wanted.until)
    return list(rows.order_by("-report_on", "report", "identity"))


def _together(
    actor: Actor, batches: Sequence[Batch], wanted: ObservationFilter
) -> Iterator[list[Batch]]:
    """Yield batches that may hold what is wanted, some at a time.

    Which do is asked of one column of many files at once, before whole rows of few files
    are read and joined: one address in a year of reports is in a handful of them.
    """
    if wanted.only_unattributed:
        batches = [batch for batch in batches if batch.unattributed]
    for start in range(0, len(batches), FILES_SEARCHED):
        holding = _holding(actor, batches[start : start + FILES_SEARCHED], wanted)
        for first in range(0, len(holding), FILES_AT_ONCE):
            yield holding[first : first + FILES_AT_ONCE]


def _holding(actor: Actor, batches: Sequence[Batch], wanted: ObservationFilter) -> list[Batch]:
    if wanted.organisation is not None:
        visible = visible_rows(ATTRIBUTIONS, files_of(ATTRIBUTIONS, batches), actor=actor)
        rows = f"{visible} where organisation_id = {int(wanted.organisation)}"
    elif wanted.address:
        seen = files_of(OBSERVATIONS, batches)
        rows = f"{every_row(OBSERVATIONS, seen)} where source_ip = {literal(wanted.address)}"
    else:
        return list(batches)
    with reading() as db:
        found = {batch for (batch,) in db.rows(f"select distinct batch from {rows}")}
    return [batch for batch in batches if batch.identity in found]


def _observations(
    actor: Actor, batches: Sequence[Batch], wanted: ObservationFilter, limit: int | None
) -> list[dict[str, Any]]:
    seen, owned = files_of(OBSERVATIONS, batches), files_of(ATTRIBUTIONS, batches)
    own = ", ".join(literal(b.identity) for b in batches if _is_own(actor, b)) or "null"
    visible = visible_where(ATTRIBUTIONS, actor=actor, alias="a")
    conditions = [f"({visible} or (a.organisation_id is null and s.batch in ({own})))"]
    if wanted.organisation is not None:
        conditions.append(f"a.organisation_id = {int(wanted.organisation)}")
    if wanted.address:
        conditions.append(f"s.source_ip = {literal(wanted.address)}")
    if wanted.subject:
        conditions.append(f"coalesce(s.subject, s.source_ip) = {literal(wanted.subject)}")
    if wanted.port is not None:
        conditions.append(f"coalesce(s.source_port, 0) = {int(wanted.port)}")
    if wanted.only_unattributed:
        conditions.append("a.organisation_id is null")
    columns = [*OBSERVATIONS.columns, "organisation_id", "rule", "is_contested"]
    order = ", ".join(literal(b.identity) for b in batches)
    with reading() as db:
        rows = db.rows(
            f"select {WHOLE}, a.organisation_id, a.rule, coalesce(a.is_contested, false) "
            f"from {every_row(OBSERVATIONS, seen)} s "
            f"left join {every_row(ATTRIBUTIONS, owned)} a on a.batch = s.batch and a.row = s.row "
            f"where {' and '.join(conditions)} "
            f"order by list_position([{order}], s.batch), s.row "
            + (f"limit {int(limit)}" if limit is not None else "")
        )
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _is_own(actor: Actor, batch: Batch) -> bool:
    """Return whether what belongs to nobody in a batch is the actor's to see."""
    if actor.is_system and actor.only is None:
        return True
    return batch.organisation_id in actor.organisation_ids(Permission.OBSERVATIONS_VIEW)


def _shown(row: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """Return an observation as the command and the API show it."""
    owner = row["organisation_id"]
    return {
        "observed_at": row["observed_at"].replace(tzinfo=UTC).isoformat(),
        **{
            name: row[name]
            for name in (
                "report", "source_ip", "source_port", "protocol", "host_name", "asn", "country",
                "taxonomy", "type", "severity",
            )
        },
        "organisation": names.get(owner) if owner is not None else None,
        "organisation_id": owner,
        "rule": row["rule"],
        "contested": row["is_contested"],
        "product": {k: row[k] for k in ("vendor", "product", "version") if row[k]},
        "cves": row["cves"].split(";") if row["cves"] else [],
        "subject": row["subject"],
        "tags": row["tags"],
        "evidence": row["evidence"],
        "batch": row["batch"],
        "row": row["row"],
        "raw": row.get("raw"),
    }  # fmt: skip


def _add_raw(batch: Batch, rows: Sequence[dict[str, Any]]) -> None:
    """Read the fields of rows again from the file as it was received."""
    wanted = {row["row"]: row for row in rows}
    last = max(wanted)
    with TemporaryDirectory(dir=work_folder()) as scratch:
        path = _content_path(batch, Path(scratch))
        for number, cells in _numbered(path, batch):
            if number == 0:
                header = cells
            elif number in wanted:
                wanted[number]["raw"] = dict(zip(header, cells, strict=False))
            if number >= last:
                return


def _numbered(path: Path, batch: Batch) -> Iterator[tuple[int, list[str]]]:
    """Yield the header as row 0 and each good row with its number."""
    yield 0, (header := header_of(path))
    if not batch.is_clean:
        is_certain = certain_row(header, pack(PACK)["reports"][batch.report]["layout"])
        rows = records(path, is_certain=is_certain)
        yield from ((r.row, r.cells) for r in rows if isinstance(r, Record))
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = csv.reader(file)
        next(cells)
        yield from enumerate(cells, start=1)


def _content_path(batch: Batch, scratch: Path) -> Path:
    """Return the CSV of a batch on disk; unpacked anew where it came in an archive."""
    received = received_as(batch)
    if received.path.suffix == ".csv":
        return received.path
    contents = {c.sha256: c.path for c in unpacked(received, scratch=scratch)}
    return contents[batch.content_sha256]


def unattributed(
    *, actor: Actor, since: date, until: date, by: str = "report", limit: int = 50
) -> list[measures.ObservationCount]:
    """Return how many observations belong to nobody, by report, country or asn.

    Contested ones are among them; of the reports of a period, both days included, that
    the actor's operator received. Rows to look at: ``observation_list`` with
    ``only_unattributed``.
    """
    rows = Batch.objects.visible_to(actor).filter(
        state=BatchState.FOLDED, report_on__gte=since, report_on__lte=until
    )
    files = files_of(COUNTS, rows)
    return measures.unattributed(files=files, by=by, limit=limit)


def received_last() -> datetime | None:
    """Return when the newest batch of anybody's was received, or None."""
    rows = Batch.unscoped.all()  # scope: a moment only
    found: datetime | None = rows.aggregate(at=Max("received_at"))["at"]
    return found


@beyond_scope("says only whether any report has been read, of whomever")
def has_read_any() -> bool:
    """Return whether any report has ever been read: before that, no zero is known to be one."""
    rows = Batch.unscoped.filter(state=BatchState.FOLDED)  # scope: whether there is one, no more
    return rows.exists()
