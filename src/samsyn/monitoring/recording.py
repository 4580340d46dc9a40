"""Notes of what came of each file: taken, known already, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from samsyn.monitoring.files import Received, parse_report_name
from samsyn.monitoring.intake import IncomingReport, RefusedEntry
from samsyn.monitoring.models import Batch, BatchState, received_folder


def is_taken(identities: Sequence[str]) -> bool:
    """Return whether any of these reports is in use already."""
    known = Batch.unscoped.order_by()  # scope: one store
    return any(
        known.filter(identity__in=identities[start : start + 500]).exists()
        for start in range(0, len(identities), 500)
    )


def corrected(reports: Sequence[IncomingReport]) -> list[IncomingReport]:
    """Return those of some reports, all read, that a later one of the same stream and day replaces.

    A report without a row that can be read replaces none.
    """
    found: dict[tuple[str, date], list[IncomingReport]] = {}
    for report in reports:
        if report.version is not None and report.says_who_is_absent:
            found.setdefault((report.stream, report.on), []).append(report)
    several = (sorted(some, key=lambda r: r.version or ()) for some in found.values())
    return [report for some in several for report in some[:-1]]


def batches_replaced(operator: Any, reports: Sequence[IncomingReport]) -> int:
    """Mark the batches in use that these reports of one kind replace; return how many.

    Args:
        operator: who received them.
        reports: of one kind, all read, not recorded yet.

    """
    wanted = {
        (report.stream, report.on)
        for report in reports
        if report.version is not None and report.says_who_is_absent
    }
    if not wanted:
        return 0
    days = [on for _stream, on in wanted]
    came = Batch.unscoped.filter(  # scope: the operator's own
        organisation=operator, report=reports[0].name, state=BatchState.FOLDED,
        report_on__range=(min(days), max(days)),
    )  # fmt: skip
    old = [
        batch.pk
        for batch in came.only("stream", "report_on", "entry_name", "file_name")
        if (batch.stream, batch.report_on) in wanted and parse_report_name(str(batch))
    ]
    for start in range(0, len(old), 500):
        some = Batch.unscoped.filter(pk__in=old[start : start + 500])  # scope: as above
        some.update(state=BatchState.REPLACED)
    return len(old)


def batch_of(
    operator: Any,
    report: IncomingReport,
    claims: str,
    now: datetime,
    state: BatchState = BatchState.FOLDED,
) -> Batch:
    """Return the batch of a report that was read, attributed by the claims of this digest."""
    return Batch(
        organisation=operator,
        identity=report.identity,
        content_sha256=report.content.sha256,
        report=report.name,
        stream=report.stream,
        report_on=report.on,
        rows=report.rows,
        rejected=report.rejected,
        observations=report.observations,
        attributed=report.attributed,
        unattributed=report.observations - report.attributed,
        contested=report.contested,
        is_clean=report.is_clean and report.content.is_clean,
        forgiven=dict(report.forgiven),
        claims=claims,
        state=state,
        folded_at=now if state == BatchState.FOLDED else None,
        received_at=now,
        **_file(report.received, report.content.name),
    )


def duplicate_of(operator: Any, report: IncomingReport, now: datetime) -> Batch:
    """Return the batch of a report that is in use already."""
    return Batch(
        organisation=operator,
        content_sha256=report.content.sha256,
        report=report.name,
        stream=report.stream,
        report_on=report.on,
        state=BatchState.DUPLICATE,
        received_at=now,
        **_file(report.received, report.content.name),
    )


def record_refusal(operator: Any, refused: RefusedEntry, now: datetime) -> None:
    """Note a file that could not be taken, and why; the same again is noted once."""
    file = _file(refused.received, refused.entry)
    Batch.unscoped.update_or_create(  # scope: the file itself, not what it says
        organisation=operator,
        state=BatchState.REFUSED,
        sha256=file["sha256"],
        file_name=file["file_name"],
        entry_name=file["entry_name"],
        defaults={
            "kept_as": file["kept_as"],
            "reason": refused.code,
            "reason_detail": refused.detail[:200],
            "received_at": now,
        },
    )


def _file(received: Received, entry: str) -> dict[str, str]:
    return {
        "sha256": received.sha256,
        "file_name": received.name,
        "kept_as": str(received.path.relative_to(received_folder())),
        "entry_name": entry[-255:] if received.path.suffix == ".zip" else "",
    }
