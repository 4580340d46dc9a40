"""The import with threads: kinds of report are received, read, stored and folded side by side.

``serial`` says what an import does, ``import_run`` holds what both ways share. Here is only
what makes it quick: docs/import.md says which thread does what, and draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain, islice
from pathlib import Path
from queue import SimpleQueue

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from samsyn.analytics.ahead import WorkedAhead
from samsyn.analytics.engine import THREADS, ScratchDatabase, scratch_database
from samsyn.findings.bulk import index_later
from samsyn.findings.sending import Sender
from samsyn.monitoring import reading
from samsyn.monitoring.files import Received, keep, report_in_name, settle
from samsyn.monitoring.import_run import ImportRun, read_and_store, register, work_folder
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.models import received_folder
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.stored import has_port, lock_imports

KEEPERS = 2
READERS = 2


def import_in_threads(run: ImportRun, files: Sequence[Path]) -> None:
    """Receive, read and fold: each kind of report is on its way while others are."""
    groups = _by_kind(files, run.aliases)
    paths = [path for _kind, some in groups for path in some]
    with ExitStack() as stack:
        keep_file = partial(_keep, run.scratch)
        kept = stack.enter_context(closing(WorkedAhead(keep_file, paths, workers=KEEPERS)))
        owned_by = register(run.operator.pk)
        db = stack.enter_context(_scratch_database(is_one_kind=len(groups) == 1))
        reading.prepare(db)
        reading.give_register(db, owned_by)
        readers: SimpleQueue[ScratchDatabase] = SimpleQueue()
        for _number in range(READERS):
            readers.put(stack.enter_context(db.beside()))
        read_kind = partial(_read_kind, run, readers, owned_by)
        read = WorkedAhead(read_kind, _received(run, groups, kept), workers=READERS)
        _fold(run, db, stack.enter_context(closing(read)), owned_by)


def _keep(scratch: Path, path: Path) -> Received:
    """Keep a file as it came and wait until the disk has it; in a thread."""
    received = keep(path, into=received_folder(), scratch=scratch)
    settle(received)
    return received


def _received(
    run: ImportRun, groups: Sequence[tuple[str, list[Path]]], kept: Iterator[Received]
) -> Iterator[list[IncomingReport]]:
    """Say what each file is as it is kept; yield the reports of a kind when all have come."""
    total = sum(len(some) for _kind, some in groups)
    number = 0
    for kind, some in groups:
        for received in islice(kept, len(some)):
            run.progress(gettext_noop("receiving"), number, total)
            number += 1
            for found in identified(received, run.facts, run.aliases):
                run.sort_in(found)
        if kind in run.waiting:
            yield run.waiting.pop(kind)
    rest = {kind: [r.content.path for r in some] for kind, some in run.waiting.items()}
    yield from (run.waiting.pop(kind) for kind, _paths in _most_first(rest))


def _read_kind(
    run: ImportRun,
    readers: SimpleQueue[ScratchDatabase],
    owned_by: Ownership,
    reports: list[IncomingReport],
) -> list[IncomingReport]:
    """Read all reports of a kind into the store, on a connection of its own; in a thread."""
    db = readers.get()
    try:
        read_and_store(run, db, reports, owned_by)
    finally:
        readers.put(db)
    return reports


def _fold(
    run: ImportRun,
    db: ScratchDatabase,
    read: Iterator[list[IncomingReport]],
    owned_by: Ownership,
) -> None:
    """Fold what has been read; the database is not locked before the first is there."""
    first = next(read, None)
    with transaction.atomic():
        lock_imports()
        sender = Sender(db)
        with index_later(sender):
            for reports in chain([first] if first else [], read):
                run.fold_kind(db, sender, reports, claims=owned_by.digest)
        run.record_others()


def _scratch_database(*, is_one_kind: bool) -> ScratchDatabase:
    """Return where a run does its work.

    Readers who each keep to one thread are a tenth quicker together than readers who share
    two; whoever reads alone has both.
    """
    threads = THREADS if is_one_kind else 1
    return scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=work_folder(), threads=threads
    )


def _by_kind(files: Sequence[Path], aliases: Mapping[str, str]) -> list[tuple[str, list[Path]]]:
    """Return files by the kind of report that their names say, in the order to read them.

    Before all comes what may hold reports of any kind, with an empty name: archives, and
    names of another form.
    """
    groups: dict[str, list[Path]] = {}
    for path in files:
        said = report_in_name(path)
        groups.setdefault(aliases.get(said, said), []).append(path)
    return _most_first(groups)


def _most_first(groups: Mapping[str, list[Path]]) -> list[tuple[str, list[Path]]]:
    """Return kinds and their files, those first that may give the most findings.

    What is folded after all is read has nothing to hide behind.
    """

    def weight(group: tuple[str, list[Path]]) -> tuple[bool, bool, int]:
        kind, paths = group
        return not kind, has_port(kind), sum(path.stat().st_size for path in paths)

    return sorted(groups.items(), key=weight, reverse=True)
