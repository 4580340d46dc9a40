"""The import with nothing beside anything else: one stage after the other, in one thread.

This is the definition of what an import does. ``collect`` does the same work with the same
functions, several files and stages at once; tests import the same files both ways and compare
everything. It is slower, and needs nothing of the machine: no threads, one connection to the
query engine and one to the database (SAMSYN_IMPORT=serial).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from samsyn.analytics.engine import ScratchDatabase, scratch_database
from samsyn.findings.sending import Sender
from samsyn.monitoring import reading
from samsyn.monitoring.files import keep, report_in_name, settle
from samsyn.monitoring.import_run import ImportRun, read_and_store, register, work_folder
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.models import received_folder
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.stored import lock_imports


def import_in_order(run: ImportRun, files: Sequence[Path]) -> None:
    """Receive all files, read and store all reports, then fold them in one transaction."""
    _receive(run, files)
    owned_by = register(run.operator.pk)
    with scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=work_folder(), threads=1
    ) as db:
        reading.prepare(db)
        reading.give_register(db, owned_by)
        kinds = list(_read_and_stored(run, db, owned_by))
        _fold(run, db, kinds, owned_by)


def _receive(run: ImportRun, files: Sequence[Path]) -> None:
    """Keep each file as it came, wait until the disk has it, and say which reports it holds."""
    for number, path in enumerate(in_order(files)):
        run.progress(gettext_noop("receiving"), number, len(files))
        received = keep(path, into=received_folder(), scratch=run.scratch)
        settle(received)
        for found in identified(received, run.facts, run.aliases):
            run.sort_in(found)


def in_order(files: Sequence[Path]) -> list[Path]:
    """Return the files in the order to receive them: of the same report, the first one counts.

    Before all comes what may hold reports of any kind: archives, and names of another form.
    """
    return sorted(files, key=lambda path: report_in_name(path) != "")


def _read_and_stored(
    run: ImportRun, db: ScratchDatabase, owned_by: Ownership
) -> Iterator[Sequence[IncomingReport]]:
    """Read the reports of each kind into the store, and leave what was seen in a table."""
    for _kind, reports in sorted(run.waiting.items()):
        read_and_store(run, db, reports, owned_by)
        yield reports


def _fold(
    run: ImportRun,
    db: ScratchDatabase,
    kinds: Sequence[Sequence[IncomingReport]],
    owned_by: Ownership,
) -> None:
    """Fold what was seen into findings; all that the database learns of the run holds at once."""
    with transaction.atomic():
        lock_imports()
        sender = Sender(db)
        for reports in kinds:
            run.fold_kind(db, sender, reports, claims=owned_by.digest)
        run.record_others()
