"""Rebuilds the analytical store from the files as received; the database stays as it is.

Each file of the store is put in its place whole, under the name that the database gives it.
A rebuild that is killed leaves a store in which the rest is still missing, which nothing
counts with; it is run again. What is read must agree with what the database says of each
batch and each finding, else nothing of that kind is written and the rebuild says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.analytics.engine import ScratchDatabase, scratch_database
from samsyn.findings.fold import episodes_again
from samsyn.findings.leaving import Left, note_left
from samsyn.findings.models import FoldedReport
from samsyn.findings.sending import Sender
from samsyn.kernel.errors import Conflict, KeptDamaged
from samsyn.monitoring import import_run, reading, reattribute, stored
from samsyn.monitoring.evidence import kinds_of_report
from samsyn.monitoring.files import FileRefused, contents_of
from samsyn.monitoring.intake import IncomingReport
from samsyn.monitoring.kept import received_as
from samsyn.monitoring.models import Batch, BatchState
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.reader import header_read
from samsyn.monitoring.registers import register_kept

TOGETHER = 50  # batches unpacked at once
COUNTED = ("rows", "rejected", "observations", "attributed", "contested")


def rebuild(*, operators: Sequence[int], progress: import_run.Progress) -> dict[str, Any]:
    """Write every file of the store that follows from what operators received; return how many.

    Raises:
        KeptDamaged: a received file is missing or altered.
        Conflict: what is read now differs from what the database says was read.

    """
    batches = _batches(operators)
    with scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=import_run.work_folder()
    ) as db:
        reading.prepare(db)
        done = 0
        for (claims, operator), group in groupby(
            batches, key=attrgetter("claims", "organisation_id")
        ):
            reading.give_register(db, owned_by := _register(claims, operator))
            for some in _parts(list(group)):
                progress(gettext_noop("reading"), done, len(batches))
                _read(db, some, owned_by)
                done += len(some)
        reports = list(FoldedReport.objects.order_by("report"))
        for number, folded in enumerate(reports):
            progress(gettext_noop("findings"), number, len(reports))
            _tell(db, folded.report)
    return {"batches": len(batches), "reports": len(reports)}


def _batches(operators: Sequence[int]) -> list[Batch]:
    rows = Batch.unscoped.filter(  # scope: the operators that the gate has checked
        organisation__in=operators, state=BatchState.FOLDED
    )
    return list(rows.order_by("claims", "organisation", "report", "report_on", "identity"))


def _parts(batches: Sequence[Batch]) -> Iterator[Sequence[Batch]]:
    """Yield batches of one kind, not too many at once."""
    for _kind, group in groupby(batches, key=attrgetter("report")):
        some = list(group)
        for start in range(0, len(some), TOGETHER):
            yield some[start : start + TOGETHER]


def _register(claims: str, operator: int) -> Ownership:
    found = register_kept(claims)
    if found is None:
        current = import_run.register(operator)
        found = current if current.digest == claims else None
    if found is None:
        raise KeptDamaged(
            _(
                "The register of resources that %s was attributed by is not kept. "
                "Restore received/registers from a backup, or run samsyn store_rebuild --anew, "
                "which attributes by the register as it is now."
            )
            % claims
        )
    return found


def _read(db: ScratchDatabase, batches: Sequence[Batch], owned_by: Ownership) -> None:
    with TemporaryDirectory(dir=import_run.work_folder()) as scratch:
        reports = [report_again(batch, Path(scratch)) for batch in batches]
        facts = kinds_of_report()[batches[0].report]
        for together in reading.chunks(reports):
            reading.read_chunk(db, together, facts, owned_by)
            _compare(together, batches)
            reading.store_chunk(db, together, owned_by.digest)


def report_again(batch: Batch, scratch: Path) -> IncomingReport:
    """Return a batch as a report to be read again from the file as it was received.

    Raises:
        KeptDamaged: the file is missing or altered, or does not hold what it held.

    """
    received = received_as(batch)
    try:
        contents = contents_of(received, scratch=scratch)
    except FileRefused as refused:
        raise _differs(batch) from refused
    content = next((c for c in contents if c.sha256 == batch.content_sha256), None)
    if content is None:
        raise _differs(batch)
    first = header_read(content.path)
    return IncomingReport(
        received, content, batch.report, batch.stream, batch.day,
        first.names, batch.identity or "", forgiven=Counter(first.forgiven),
    )  # fmt: skip


def _compare(reports: Sequence[IncomingReport], batches: Sequence[Batch]) -> None:
    """Raise unless reading gave the numbers that the database has of each batch."""
    known = {batch.identity: batch for batch in batches}
    for report in reports:
        batch = known[report.identity]
        if any(getattr(report, name) != getattr(batch, name) for name in COUNTED):
            raise _differs(batch)


def _differs(batch: Batch) -> Conflict:
    return Conflict(
        _(
            "The received file %s is read otherwise now than when it came, so that the store "
            "would not be what it was. Run samsyn store_rebuild --anew to accept it."
        )
        % batch.file_name
    )


def _tell(db: ScratchDatabase, report: str) -> None:
    """Write the episodes of a report again, once they are known to give the findings there are."""
    with transaction.atomic():  # an import between would give the report other episodes
        stored.lock_imports()
        stored.all_sightings(db, report)
        stored.give_named(db, report)
        episodes_again(
            db,
            report=report,
            days=stored.report_days(report),
            close_after=stored.close_after(report),
        )


def rebuild_anew(
    *, actor: Actor, operators: Sequence[int], progress: import_run.Progress
) -> dict[str, Any]:
    """Read and attribute everything by report facts and register as they are now.

    The numbers of the batches and the findings follow, all in one transaction.

    Raises:
        KeptDamaged: a received file is missing or altered.

    """
    batches = _batches(operators)
    kinds = sorted({batch.report for batch in batches})
    with scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=import_run.work_folder()
    ) as db:
        reading.prepare(db)
        for operator in operators:
            own = [batch for batch in batches if batch.organisation_id == operator]
            _read_all_anew(db, own, import_run.register(operator), progress)
        with transaction.atomic():
            stored.lock_imports()
            fields = [*COUNTED, "unattributed", "claims", "forgiven", "is_clean"]
            Batch.unscoped.bulk_update(batches, fields, batch_size=500)  # scope: as above
            left = Left()
            sender = Sender(db)
            for kind in kinds:
                progress(kind)
                left += reattribute.fold_kind(db, sender, kind).left
            note_left(actor, left)
    return {"batches": len(batches), "reports": len(kinds)}


def _read_all_anew(
    db: ScratchDatabase,
    batches: Sequence[Batch],
    owned_by: Ownership,
    progress: import_run.Progress,
) -> None:
    reading.give_register(db, owned_by)
    done = 0
    for some in _parts(sorted(batches, key=attrgetter("report"))):
        progress(gettext_noop("reading"), done, len(batches))
        _read_anew(db, some, owned_by)
        done += len(some)


def _read_anew(db: ScratchDatabase, batches: Sequence[Batch], owned_by: Ownership) -> None:
    known = {batch.identity: batch for batch in batches}
    with TemporaryDirectory(dir=import_run.work_folder()) as scratch:
        reports = [report_again(batch, Path(scratch)) for batch in batches]
        facts = kinds_of_report()[batches[0].report]
        for together in reading.chunks(reports):
            reading.read_chunk(db, together, facts, owned_by)
            reading.store_chunk(db, together, owned_by.digest)
            for report in together:
                batch = known[report.identity]
                for name in COUNTED:
                    setattr(batch, name, getattr(report, name))
                batch.unattributed = report.observations - report.attributed
                batch.forgiven = dict(report.forgiven)
                batch.is_clean = report.is_clean and report.content.is_clean
                batch.claims = owned_by.digest
