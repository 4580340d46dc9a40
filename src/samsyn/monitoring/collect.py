"""The import with threads: kinds of report are received, read, stored and folded side by side.

``serial`` says what an import does, ``import_run`` holds what both ways share. Here is only
what makes it quick: docs/import.md says which thread does what, and draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain, islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from samsyn.analytics.ahead import WorkedAhead
from samsyn.analytics.engine import THREADS, ScratchDatabase, scratch_database
from samsyn.findings.bulk import index_later
from samsyn.findings.sending import Sender, sending
from samsyn.monitoring import reading
from samsyn.monitoring.files import Received, keep, report_in_name, settle
from samsyn.monitoring.import_run import ImportRun, register, sightings_table, work_folder
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.models import received_folder
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.reader_pool import ReaderPool
from samsyn.monitoring.stored import add_sightings, has_port, lock_imports, new_sightings

READERS = 2


def import_in_threads(run: ImportRun, files: Sequence[Path]) -> None:
    """Receive, read and fold: each kind of report is on its way while others are."""
    _ThreadedRun(run).go(files)


class _ThreadedRun:
    """One import run. Threads read kinds of report while those before are folded."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.files = 0
        self.register: Future[Ownership] = Future()
        self.settler = ThreadPoolExecutor(max_workers=1)
        self.settled: list[Future[None]] = []

    def go(self, files: Sequence[Path]) -> None:
        """Receive, read and fold: each kind of report is on its way while others are."""
        groups = _by_kind(files)
        paths = [path for _kind, some in groups for path in some]
        with ExitStack() as stack:
            stack.enter_context(self.settler)
            kept = stack.enter_context(closing(WorkedAhead(self._keep, paths, workers=2)))
            folder = stack.enter_context(_scratch_database(is_one_kind=len(groups) == 1))
            reading.prepare(folder)
            readers = stack.enter_context(ReaderPool(folder))
            kinds = self._handed_out(folder, self._received(groups, kept))
            read_kind = partial(self._read_kind, readers)
            read = WorkedAhead(read_kind, kinds, workers=READERS, is_patient=True)
            self._fold(folder, readers, stack.enter_context(closing(read)))

    def _handed_out(
        self, folder: ScratchDatabase, kinds: Iterator[list[IncomingReport]]
    ) -> Iterator[list[IncomingReport]]:
        """Yield the kinds; the register is made while the first are parsed."""
        try:
            for number, reports in enumerate(kinds, start=1):
                yield reports
                if number == READERS:
                    self._give_register(folder)
            if not self.register.done():
                self._give_register(folder)
        finally:  # whoever waits for it must not wait for ever
            self.register.cancel()

    def _give_register(self, folder: ScratchDatabase) -> None:
        owned_by = register(self.run.operator.pk)
        reading.give_register(folder, owned_by)
        self.register.set_result(owned_by)

    def _received(
        self, groups: Sequence[tuple[str, list[Path]]], kept: Iterator[Received]
    ) -> Iterator[list[IncomingReport]]:
        """Say what each file is as it is kept; yield the reports of a kind when all have come."""
        total = sum(len(some) for _kind, some in groups)
        for kind, some in groups:
            for received in islice(kept, len(some)):
                self.run.progress(gettext_noop("receiving"), self.files, total)
                self.files += 1
                for found in identified(received, self.run.facts):
                    self.run.sort_in(found)
            if kind in self.run.waiting:
                yield self.run.waiting.pop(kind)
        rest = {kind: [r.content.path for r in some] for kind, some in self.run.waiting.items()}
        yield from (self.run.waiting.pop(kind) for kind, _paths in _most_first(rest))

    def _keep(self, path: Path) -> Received:
        received = keep(path, into=received_folder(), scratch=self.run.scratch)
        self.settled.append(self.settler.submit(settle, received))
        return received

    def _fold(
        self, folder: ScratchDatabase, readers: ReaderPool, read: Iterator[list[IncomingReport]]
    ) -> None:
        """Fold what has been read; the database is not locked before the first is there."""
        first = next(read, None)
        with transaction.atomic():
            lock_imports()
            with sending(folder) as sender, index_later(sender):
                for reports in chain([first] if first else [], read):
                    self._fold_kind(folder, readers, sender, reports)
                stored = readers.clear()
            self.run.record_others()
            for done in (stored, *self.settled):  # what is taken must not be lost
                done.result()

    def _read_kind(
        self, readers: ReaderPool, reports: list[IncomingReport]
    ) -> list[IncomingReport]:
        """Read all reports of a kind and leave their sightings in a table; in a thread."""
        kind = reports[0].name
        with readers.one() as reader:
            new_sightings(reader.db, sightings_table(kind))
            for together in reading.chunks(reports):
                reader.store()
                facts, register = self.run.facts[kind], self.register.result
                reading.read_chunk(reader.db, together, facts, register)
                add_sightings(reader.db, kind, sightings_table(kind))
                reader.leave(together, register().digest)
        return reports

    def _fold_kind(
        self,
        db: ScratchDatabase,
        readers: ReaderPool,
        sender: Sender,
        reports: Sequence[IncomingReport],
    ) -> None:
        self.run.fold_kind(
            db,
            sender,
            reports,
            claims=self.register.result().digest,
            finish_storing=lambda: readers.clear().result(),
        )


def _scratch_database(*, is_one_kind: bool) -> ScratchDatabase:
    """Return where a run does its work.

    Readers who each keep to one thread are a tenth quicker together than readers who share
    two; whoever reads alone has both.
    """
    threads = THREADS if is_one_kind else 1
    return scratch_database(
        memory_mb=settings.STORE_MEMORY_MB, folder=work_folder(), threads=threads
    )


def _by_kind(files: Sequence[Path]) -> list[tuple[str, list[Path]]]:
    """Return files by the kind of report that their names say, in the order to read them.

    Before all comes what may hold reports of any kind, with an empty name: archives, and
    names of another form.
    """
    groups: dict[str, list[Path]] = {}
    for path in files:
        groups.setdefault(report_in_name(path), []).append(path)
    return _most_first(groups)


def _most_first(groups: Mapping[str, list[Path]]) -> list[tuple[str, list[Path]]]:
    """Return kinds and their files, those first that may give the most findings.

    What is folded after all is read has nothing to hide behind.
    """

    def weight(group: tuple[str, list[Path]]) -> tuple[bool, bool, int]:
        kind, paths = group
        return not kind, has_port(kind), sum(path.stat().st_size for path in paths)

    return sorted(groups.items(), key=weight, reverse=True)
