"""Notes of what came of each file: taken, known already, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from samsyn.monitoring.files import Received
from samsyn.monitoring.intake import IncomingReport, RefusedEntry
from samsyn.monitoring.models import Batch, BatchState, received_folder


def is_taken(identities: Sequence[str]) -> bool:
    """Return whether any of these reports is in use already."""
    known = Batch.unscoped.order_by()  # scope: one store
    return any(
        known.filter(identity__in=identities[start : start + 500]).exists()
        for start in range(0, len(identities), 500)
    )


def batch_of(operator: Any, report: IncomingReport, claims: str, now: datetime) -> Batch:
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
        claims=claims,
        state=BatchState.FOLDED,
        folded_at=now,
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
