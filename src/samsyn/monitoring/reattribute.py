"""Attributes history again when the register has changed, and folds the findings again.

New attributions lie beside the old ones until the database names them, so that a kill
leaves the old picture whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.analytics.engine import ScratchDatabase, scratch_database
from samsyn.findings.fold import Folded, fold_report
from samsyn.findings.leaving import note_left
from samsyn.findings.sending import Sender
from samsyn.monitoring import import_run, reading, stored
from samsyn.monitoring.datasets import ATTRIBUTIONS, COUNTS, batch_file
from samsyn.monitoring.intake import IncomingReport
from samsyn.monitoring.models import Batch, BatchState
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.turns import import_turn

TOGETHER = 100


def attribute_history(
    *, actor: Actor, operator: int, progress: import_run.Progress
) -> dict[str, Any]:
    """Attribute an operator's batches that another register attributed; return what changed.

    Raises:
        Conflict: an import has not ended within an hour.

    """
    with import_turn(wait_seconds=import_run.WAIT_SECONDS, progress=progress):
        return _attribute_history(actor, operator, progress)


def _attribute_history(
    actor: Actor, operator: int, progress: import_run.Progress
) -> dict[str, Any]:
    owned_by = import_run.register(operator)
    stale = Batch.unscoped.filter(  # scope: the operator that the gate has checked
        organisation=operator, state=BatchState.FOLDED
    )
    stale = stale.exclude(claims=owned_by.digest).order_by("report", "report_on", "identity")
    batches = list(stale)
    counts, folded = {"attributed": 0, "unattributed": 0, "contested": 0}, Folded()
    if not batches:
        return _answer(0, counts, folded)
    old = [(b.day, b.identity or "", b.claims) for b in batches]
    with scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=import_run.work_folder()
    ) as db:
        reading.prepare(db)
        reading.give_register(db, owned_by)
        kinds = {batch.report for batch in batches}
        for start in range(0, len(batches), TOGETHER):
            progress(gettext_noop("attributing"), start, len(batches))
            _attribute(db, batches[start : start + TOGETHER], owned_by)
        with transaction.atomic():
            stored.lock_imports()
            fields = ["claims", "attributed", "unattributed", "contested"]
            Batch.unscoped.bulk_update(batches, fields, batch_size=500)  # scope: one store
            sender = Sender(db)
            for kind in sorted(kinds):
                progress(kind)
                folded += fold_kind(db, sender, kind)
            note_left(actor, folded.left)
    for batch in batches:
        counts["attributed"] += batch.attributed
        counts["unattributed"] += batch.unattributed
        counts["contested"] += batch.contested
    _remove(old)
    return _answer(len(batches), counts, folded)


def _attribute(db: ScratchDatabase, batches: Sequence[Batch], owned_by: Ownership) -> None:
    digest = owned_by.digest
    stored.give_stored(db, batches, fresh=set())
    _place_networks(db, owned_by)
    reading.attribute(db)
    reports = [_as_report(number, batch) for number, batch in enumerate(batches)]
    reading.write_owned(db, reports, digest)
    reading.count_owned(db, reports)
    for report, batch in zip(reports, batches, strict=True):
        batch.claims = digest
        batch.attributed, batch.contested = report.attributed, report.contested
        batch.unattributed = batch.observations - report.attributed


def _place_networks(db: ScratchDatabase, owned_by: Ownership) -> None:
    """Say whose the networks are that stand in place of an address."""
    wanted = db.rows("select distinct source_ip from seen where contains(source_ip, '/')")
    rows = [reading.odd_read(text, owned_by) for (text,) in wanted]
    db.table("networks", reading.ODD_COLUMNS, rows)
    db.run("update seen set network_claim = n.claim from networks n where n.raw = seen.source_ip")


def _as_report(number: int, batch: Batch) -> IncomingReport:
    report = IncomingReport.__new__(IncomingReport)
    report.file_no, report.identity, report.on = number, batch.identity or "", batch.day
    return report


def fold_kind(db: ScratchDatabase, sender: Sender, kind: str) -> Folded:
    """Fold a report again from all that the store has of it."""
    stored.all_sightings(db, kind)
    stored.give_named(db, kind)
    return fold_report(
        db,
        sender,
        report=kind,
        days=stored.report_days(kind),
        close_after=stored.close_after(kind),
        is_full=True,
        has_port=stored.has_port(kind),
    )


def _remove(old: Sequence[tuple[Any, str, str]]) -> None:
    for on, identity, claims in old:
        for dataset in (ATTRIBUTIONS, COUNTS):
            batch_file(dataset, on, identity, claims).unlink(missing_ok=True)


def _answer(batches: int, counts: dict[str, int], folded: Folded) -> dict[str, Any]:
    left = folded.left
    changed = {
        "new": folded.new,
        "closed": folded.closed + left.closed.total(),
        "removed": left.removed.total(),
    }
    return {"batches": batches, **counts, "findings": changed}
