"""What every import run does, whichever way it works: ``serial`` or, with threads, ``collect``.

All of it or nothing. The store is written under names that follow from the content, then the
database holds, in one transaction. A run that is killed leaves files that nobody reads; the
next run writes the same ones again. docs/import.md describes the stages and draws them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, job_actor
from samsyn.analytics.engine import ScratchDatabase, name
from samsyn.assets.selectors import claims_for
from samsyn.content.packs import pack
from samsyn.findings.fold import fold_report, require_episodes, sweep
from samsyn.findings.leaving import note_left
from samsyn.findings.sending import Sender
from samsyn.kernel.errors import Conflict
from samsyn.monitoring import reading
from samsyn.monitoring.evidence import REPORTS, kinds_of_report
from samsyn.monitoring.files import NAME_MAX, digest_of, found_files, set_aside
from samsyn.monitoring.intake import IncomingReport, RefusedEntry, identified
from samsyn.monitoring.models import Batch, BatchState, FileRefusal, received_folder
from samsyn.monitoring.outcome import ImportOutcome
from samsyn.monitoring.ownership import Ownership
from samsyn.monitoring.recording import (
    batch_of,
    batches_replaced,
    corrected,
    duplicate_of,
    is_taken,
    record_refusal,
)
from samsyn.monitoring.registers import register_keep, registers_folder
from samsyn.monitoring.stored import (
    add_sightings,
    all_sightings,
    close_after,
    give_named,
    has_port,
    must_refold,
    new_sightings,
    report_days,
)
from samsyn.monitoring.trial import deadly
from samsyn.monitoring.turns import Turn, import_turn

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


def sightings_table(kind: str) -> str:
    """Return the table in which reading leaves what was seen of a kind of report."""
    return name(f"sightings of {kind}")


def unknown_files(operator: Any, files: Sequence[Path]) -> Iterator[Path]:
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
    for path, name_ in zip(files, names, strict=True):
        if name_ not in met or (name_, digest_of(path)) not in known:
            yield path


def _killed_before(files: Sequence[Path]) -> set[str]:
    """Return the names among these under which a file has ended its reader before."""
    bad = Batch.unscoped.filter(reason=FileRefusal.READER_ENDED)  # scope: one store for all
    return set(bad.values_list("file_name", flat=True)) & {path.name for path in files}


def read_and_store(
    run: ImportRun,
    db: ScratchDatabase,
    reports: Sequence[IncomingReport],
    owned_by: Ownership,
) -> None:
    """Read all reports of a kind into the store, and leave what was seen in ``sightings_table``.

    Args:
        run: knows the facts of each kind of report.
        db: the connection to work on; nobody else uses it meanwhile.
        reports: of one kind.
        owned_by: the register, which ``reading.give_register`` has been given too.

    """
    kind = reports[0].name
    new_sightings(db, sightings_table(kind))
    for together in reading.chunks(reports):
        reading.read_chunk(db, together, run.facts[kind], owned_by)
        add_sightings(db, kind, sightings_table(kind))
        reading.store_chunk(db, together, owned_by.digest)


class ImportRun:
    """One import run: what has been received, what is to be read, and what came of it."""

    def __init__(
        self, actor: Actor, operator: Any, scratch: Path, outcome: ImportOutcome, progress: Progress
    ) -> None:
        self.actor = actor
        self.operator = operator
        self.scratch = scratch
        self.outcome = outcome
        self.progress = progress
        self.facts: Mapping[str, Any] = kinds_of_report()
        self.aliases: Mapping[str, str] = pack(REPORTS).get("aliases", {})
        self.waiting: dict[str, list[IncomingReport]] = {}  # received and not yet read, by kind
        self._identities: set[str] = set()
        self._duplicates: list[IncomingReport] = []

    def without_deadly(self, files: Sequence[Path], turn: Turn, *, is_tried: bool) -> list[Path]:
        """Set the files aside that end the process that reads them; return the others."""
        bad = _killed_before(files)
        doubted = [p for p in files if is_tried or p.name in bad or turn.is_suspect(p)]
        if not doubted:
            return list(files)
        other_names = {
            alias: {**self.facts[name], "like": name} for alias, name in self.aliases.items()
        }
        reports = {**self.facts, **other_names}
        found = deadly(doubted, folder=self.scratch, reports=reports, progress=self.progress)
        turn.tried(doubted)
        for path in found:
            aside = set_aside(path, FileRefusal.READER_ENDED, into=received_folder())
            for refused in identified(aside, self.facts, self.aliases):
                self.sort_in(refused)
        return [path for path in files if path not in found]

    def sort_in(self, found: IncomingReport | RefusedEntry) -> None:
        """Note what a received file turned out to be: refused, in use already, or to be read."""
        if isinstance(found, RefusedEntry):
            self.outcome.refused.append(found)
            return
        found.received_by(self.operator.pk)
        if found.identity in self._identities or is_taken([found.identity]):
            self._duplicates.append(found)
        else:
            self._identities.add(found.identity)
            self.waiting.setdefault(found.name, []).append(found)

    def fold_kind(
        self,
        db: ScratchDatabase,
        sender: Sender,
        reports: Sequence[IncomingReport],
        *,
        claims: str,
    ) -> None:
        """Note the batches of a kind that is in the store, and fold what was seen into findings.

        Call it in the transaction of the run, with imports locked.

        Args:
            db: holds what was seen, in ``sightings_table``.
            sender: takes the findings.
            reports: all of one kind that came.
            claims: digest of the register that says whose they are.

        Raises:
            Conflict: another import has taken the same files meanwhile.

        """
        kind = reports[0].name
        self.progress(kind, self.outcome.batches, len(self._identities))
        if is_taken([report.identity for report in reports]):
            raise Conflict(_("Another import has just taken the same files. Run it again."))
        is_full = must_refold(kind, min(report.on for report in reports))
        is_corrected = self._record(reports, claims)
        if is_full or is_corrected:
            all_sightings(db, kind, fresh={report.identity for report in reports})
        else:
            db.drop("sightings")
            db.run(f"create temp view sightings as from {sightings_table(kind)}")
        give_named(db, kind)
        self.outcome.findings += fold_report(
            db,
            sender,
            report=kind,
            days=report_days(kind),
            close_after=close_after(kind),
            is_full=is_full or is_corrected,
            has_port=has_port(kind),
        )
        db.run(f"drop table {sightings_table(kind)}")

    def _record(self, reports: Sequence[IncomingReport], claims: str) -> bool:
        """Note the batches of a kind; return whether some replace others, so that all is folded."""
        now = timezone.now()
        old = corrected(reports)
        gone = set(map(id, old))
        used = [report for report in reports if id(report) not in gone]
        replaced = batches_replaced(self.operator, used) + len(old)
        batches = [batch_of(self.operator, report, claims, now) for report in used]
        batches += [
            batch_of(self.operator, report, claims, now, BatchState.REPLACED) for report in old
        ]
        Batch.unscoped.bulk_create(batches, batch_size=500)  # scope: written, not read
        for report in used:
            self.outcome.add(report)
        self.outcome.replaced += replaced
        return replaced > 0

    def record_others(self) -> None:
        """Note what was not read, and which findings lost their support; after all is folded."""
        now = timezone.now()
        duplicates = [duplicate_of(self.operator, report, now) for report in self._duplicates]
        Batch.unscoped.bulk_create(duplicates, batch_size=500)  # scope: written, not read
        self.outcome.duplicates = len(duplicates)
        for refused in self.outcome.refused:
            record_refusal(self.operator, refused, now)
        note_left(self.actor, self.outcome.findings.left)


def import_files(
    work: Callable[[ImportRun, Sequence[Path]], None],
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
        work: receives, reads, stores and folds the files: ``serial.import_in_order`` or
            ``collect.import_in_threads``.
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
        fresh = list(unknown_files(operator, files))
        outcome.known = len(files) - len(fresh)
        if fresh:
            with TemporaryDirectory(dir=work_folder()) as scratch:
                run = ImportRun(actor, operator, Path(scratch), outcome, progress)
                fresh = run.without_deadly(fresh, turn, is_tried=is_tried)
                turn.begin(fresh)
                work(run, fresh)
    return outcome
