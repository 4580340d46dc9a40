"""One import run: files are received, read, attributed and folded; all of it or nothing.

The store is written under names that follow from the content, then the database holds,
in one transaction. A run that is killed leaves files that nobody reads; the next run
writes the same ones again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor, job_actor
from samsyn.analytics.ahead import WorkedAhead, few_collections
from samsyn.analytics.engine import THREADS, ScratchDatabase, name, scratch_database
from samsyn.assets.selectors import claims_for
from samsyn.content.packs import pack
from samsyn.findings.bulk import index_later
from samsyn.findings.fold import fold_report, require_episodes, sweep
from samsyn.findings.leaving import note_left
from samsyn.findings.sending import Sender, sending
from samsyn.kernel.errors import Conflict
from samsyn.monitoring import reading
from samsyn.monitoring.files import (
    NAME_MAX,
    Received,
    digest_of,
    found_files,
    keep,
    report_in_name,
    set_aside,
    settle,
)
from samsyn.monitoring.intake import IncomingReport, RefusedEntry, identified
from samsyn.monitoring.models import Batch, BatchState, FileRefusal, received_folder
from samsyn.monitoring.outcome import ImportOutcome
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.reader_pool import ReaderPool
from samsyn.monitoring.recording import batch_of, duplicate_of, is_taken, record_refusal
from samsyn.monitoring.registers import register_keep, registers_folder
from samsyn.monitoring.stored import (
    PACK,
    add_sightings,
    all_sightings,
    close_after,
    has_port,
    lock_imports,
    must_refold,
    new_sightings,
    report_days,
)
from samsyn.monitoring.trial import deadly
from samsyn.monitoring.turns import Turn, import_turn

READERS = 2
LEFTOVER_SECONDS = 24 * 3600
READER_SECONDS = 3600
WAIT_SECONDS = 3600  # for another import to end
Progress = Callable[..., None]


def work_folder() -> Path:
    """Return where work in progress lies: in the installation, so that renaming is enough."""
    folder = Path(settings.SAMSYN_HOME) / "store" / ".work"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep_leftovers() -> None:
    """Remove what runs that were killed have left, once nobody can be using it."""
    now = time.time()
    unfinished = (received_folder().glob(".*.tmp"), registers_folder().glob(".*.tmp"))
    stale = [*work_folder().iterdir(), *chain(*unfinished)]
    for path in stale:
        if path.lstat().st_mtime > now - LEFTOVER_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    sweep(before=now - READER_SECONDS)


def register(operator: int) -> Ownership:
    """Return the owner of every resource by which an operator's reports are attributed.

    The claims are kept, so that the store can be rebuilt by them.
    """
    return register_keep(claims_for(actor=job_actor("observation_import"), operator=operator))


def import_files(
    *,
    actor: Actor,
    operator: Any,
    paths: Sequence[Path],
    progress: Progress,
    wait_seconds: float = WAIT_SECONDS,
    is_tried: bool = False,
) -> ImportOutcome:
    """Import files and folders; return what came of it.

    Args:
        actor: who imports.
        operator: who received them.
        paths: files and folders.
        progress: is told how far it has come.
        wait_seconds: how long to wait for another import to end.
        is_tried: read every file in a process of its own first.

    Raises:
        Conflict: another import has not ended within the time.
        FileNotFoundError: a path is neither a file nor a folder.
        KeptDamaged: the store lacks a file that the database names.

    """
    outcome, files = ImportOutcome(), found_files(paths)
    with import_turn(wait_seconds=wait_seconds, progress=progress) as turn:
        require_episodes()
        sweep_leftovers()
        fresh = list(_unknown(operator, files))
        outcome.known = len(files) - len(fresh)
        if fresh:
            with TemporaryDirectory(dir=work_folder()) as scratch, few_collections():
                run = _Run(actor, operator, Path(scratch), outcome, progress)
                fresh = run.without_deadly(fresh, turn, is_tried=is_tried)
                turn.begin(fresh)
                run.go(fresh)
    return outcome


def _unknown(operator: Any, files: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that the operator does not have in use already.

    Only a file whose name has come before is worth a digest here; the others get theirs
    while they are copied. The same bytes under another name are looked at: an empty
    report says of each day that nothing was seen.
    """
    names = [path.name[-NAME_MAX:] for path in files]
    known: set[tuple[str, str]] = set()
    for start in range(0, len(names), 500):
        batches = Batch.unscoped.exclude(state=BatchState.REFUSED)  # scope: the operator's own
        some = batches.filter(organisation=operator, file_name__in=names[start : start + 500])
        known.update(some.values_list("file_name", "sha256"))
    met = {name for name, _digest in known}
    with ThreadPoolExecutor(max_workers=2) as threads:
        digests = threads.map(
            lambda path: digest_of(path) if path.name[-NAME_MAX:] in met else "", files
        )
        for path, name, digest in zip(files, names, digests, strict=True):
            if (name, digest) not in known:
                yield path


def _killed_before(files: Sequence[Path]) -> set[str]:
    """Return the names among these under which a file has ended its reader before."""
    bad = Batch.unscoped.filter(reason=FileRefusal.READER_ENDED)  # scope: one store for all
    return set(bad.values_list("file_name", flat=True)) & {path.name for path in files}


class _Run:
    """One import run. Threads read kinds of report while those before are folded."""

    def __init__(
        self, actor: Actor, operator: Any, scratch: Path, outcome: ImportOutcome, progress: Progress
    ) -> None:
        self.actor = actor
        self.operator = operator
        self.scratch = scratch
        self.outcome = outcome
        self.progress = progress
        self.reports_known = pack(PACK)["reports"]
        self.files = 0
        self.identities: set[str] = set()
        self.waiting: dict[str, list[IncomingReport]] = {}
        self.duplicates: list[IncomingReport] = []
        self.register: Future[Ownership] = Future()
        self.settler = ThreadPoolExecutor(max_workers=1)
        self.settled: list[Future[None]] = []

    def without_deadly(self, files: Sequence[Path], turn: Turn, *, is_tried: bool) -> list[Path]:
        """Set the files aside that end the process that reads them; return the others."""
        bad = _killed_before(files)
        doubted = [p for p in files if is_tried or p.name in bad or turn.is_suspect(p)]
        if not doubted:
            return list(files)
        found = deadly(
            doubted, folder=self.scratch, reports=self.reports_known, progress=self.progress
        )
        turn.tried(doubted)
        for path in found:
            aside = set_aside(path, FileRefusal.READER_ENDED, into=received_folder())
            for refused in identified(aside, self.reports_known):
                self._sort_in(refused)
        return [path for path in files if path not in found]

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
        owned_by = register(self.operator.pk)
        reading.give_register(folder, owned_by)
        self.register.set_result(owned_by)

    def _received(
        self, groups: Sequence[tuple[str, list[Path]]], kept: Iterator[Received]
    ) -> Iterator[list[IncomingReport]]:
        """Say what each file is as it is kept; yield the reports of a kind when all have come."""
        total = sum(len(some) for _kind, some in groups)
        for kind, some in groups:
            for received in islice(kept, len(some)):
                self.progress(gettext_noop("receiving"), self.files, total)
                self.files += 1
                for found in identified(received, self.reports_known):
                    self._sort_in(found)
            if kind in self.waiting:
                yield self.waiting.pop(kind)
        rest = {kind: [r.content.path for r in some] for kind, some in self.waiting.items()}
        yield from (self.waiting.pop(kind) for kind, _paths in _most_first(rest))

    def _keep(self, path: Path) -> Received:
        received = keep(path, into=received_folder(), scratch=self.scratch)
        self.settled.append(self.settler.submit(settle, received))
        return received

    def _sort_in(self, found: IncomingReport | RefusedEntry) -> None:
        if isinstance(found, RefusedEntry):
            self.outcome.refused.append(found)
            return
        found.received_by(self.operator.pk)
        if found.identity in self.identities or is_taken([found.identity]):
            self.duplicates.append(found)
        else:
            self.identities.add(found.identity)
            self.waiting.setdefault(found.name, []).append(found)

    def _fold(
        self, folder: ScratchDatabase, readers: ReaderPool, read: Iterator[list[IncomingReport]]
    ) -> None:
        """Fold what has been read; the database is not locked before the first is there."""
        first = next(read, None)
        with transaction.atomic():
            lock_imports()
            with index_later(), sending(folder) as sender:
                for reports in chain([first] if first else [], read):
                    self._fold_kind(folder, readers, sender, reports)
                stored = readers.clear()
            self._record_others()
            note_left(self.actor, self.outcome.findings.left)
            for done in (stored, *self.settled):  # what is taken must not be lost
                done.result()

    def _read_kind(
        self, readers: ReaderPool, reports: list[IncomingReport]
    ) -> list[IncomingReport]:
        """Read all reports of a kind and leave their sightings in a table; in a thread."""
        kind = reports[0].name
        with readers.one() as reader:
            new_sightings(reader.db, _sightings(kind))
            for together in reading.chunks(reports):
                reader.store()
                facts, register = self.reports_known[kind], self.register.result
                reading.read_chunk(reader.db, together, facts, register)
                add_sightings(reader.db, kind, _sightings(kind))
                reader.leave(together, register().digest)
        return reports

    def _fold_kind(
        self,
        db: ScratchDatabase,
        readers: ReaderPool,
        sender: Sender,
        reports: Sequence[IncomingReport],
    ) -> None:
        kind = reports[0].name
        self.progress(kind, self.outcome.batches, len(self.identities))
        if is_taken([report.identity for report in reports]):
            raise Conflict(_("Another import has just taken the same files. Run it again."))
        is_full = must_refold(kind, min(report.on for report in reports))
        self._record(reports)
        if is_full:
            readers.clear().result()  # all there is of the kind is read from the store
            all_sightings(db, kind, fresh={report.identity for report in reports})
        else:
            db.drop("sightings")
            db.run(f"create temp view sightings as from {_sightings(kind)}")
        self.outcome.findings += fold_report(
            db,
            sender,
            report=kind,
            days=report_days(kind),
            close_after=close_after(kind),
            is_full=is_full,
            has_port=has_port(kind),
        )
        db.run(f"drop table {_sightings(kind)}")

    def _record(self, reports: Sequence[IncomingReport]) -> None:
        now, claims = timezone.now(), self.register.result().digest
        batches = [batch_of(self.operator, report, claims, now) for report in reports]
        Batch.unscoped.bulk_create(batches, batch_size=500)  # scope: written, not read
        for report in reports:
            self.outcome.add(report)

    def _record_others(self) -> None:
        now = timezone.now()
        duplicates = [duplicate_of(self.operator, report, now) for report in self.duplicates]
        Batch.unscoped.bulk_create(duplicates, batch_size=500)  # scope: written, not read
        self.outcome.duplicates = len(duplicates)
        for refused in self.outcome.refused:
            record_refusal(self.operator, refused, now)


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


def _sightings(kind: str) -> str:
    """Return the table in which the thread leaves what was seen of a kind."""
    return name(f"sightings of {kind}")
