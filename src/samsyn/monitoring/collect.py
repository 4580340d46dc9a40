"""One import run: files are received, read, attributed and folded; all of it or nothing.

The store is written first, under names that follow from the content, then the database
in one transaction. A run that is killed leaves files that nobody reads; the next run
writes the same ones again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from samsyn.access.actor import job_actor
from samsyn.analytics.engine import Workbench, sql_file, workbench
from samsyn.analytics.store import every_row
from samsyn.assets.selectors import claims
from samsyn.content.packs import pack
from samsyn.findings.fold import SIGHTINGS, Folded, fold_report, is_known
from samsyn.findings.models import FoldedReport
from samsyn.monitoring import reading
from samsyn.monitoring.datasets import ATTRIBUTIONS, OBSERVATIONS, batch_file
from samsyn.monitoring.files import NAME_MAX, Received, digest_of, found_files, keep
from samsyn.monitoring.intake import Refused, Report, identified
from samsyn.monitoring.models import Batch, BatchState, received_folder
from samsyn.monitoring.ownership import Ownership, ownership

PACK = "reports/shadowserver.json"
IMPORT_LOCK = 7_266_798  # any constant: two imports at once would both give new numbers
SETTLE_SECONDS = 5
Progress = Callable[..., None]


@dataclass(slots=True)
class Outcome:
    """What an import run did; ``as_dict`` is what the command prints."""

    batches: int = 0
    rows: int = 0
    rejected: int = 0
    observations: int = 0
    attributed: int = 0
    contested: int = 0
    duplicates: int = 0
    refused: list[Refused] = field(default_factory=list)
    findings: Folded = field(default_factory=Folded)

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers; ``unattributed`` includes what two organisations claim."""
        return {
            "batches": self.batches,
            "rows": self.rows,
            "rejected": self.rejected,
            "observations": self.observations,
            "attributed": self.attributed,
            "unattributed": self.observations - self.attributed,
            "contested": self.contested,
            "duplicates": self.duplicates,
            "refused": [
                {"file": r.received.name, "entry": r.entry, "reason": r.code, "detail": r.detail}
                for r in self.refused
            ],
            "findings": {
                "new": self.findings.new,
                "seen_again": self.findings.seen_again,
                "reopened": self.findings.reopened,
                "closed": self.findings.closed,
            },
        }

    def add(self, report: Report) -> None:
        """Count one report that was read."""
        self.batches += 1
        self.rows += report.rows
        self.rejected += report.rejected
        self.observations += report.observations
        self.attributed += report.attributed
        self.contested += report.contested


def work_folder() -> Path:
    """Return where work in progress lies: in the installation, so that renaming is enough."""
    folder = Path(settings.SAMSYN_HOME) / "store" / ".work"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def register() -> Ownership:
    """Return whose everything is: all claims, whoever runs the import."""
    return ownership(claims(actor=job_actor("observation_import")))


def import_files(*, operator: Any, paths: Sequence[Path], progress: Progress) -> Outcome:
    """Import files and folders; return what came of it.

    Raises:
        FileNotFoundError: a path is neither a file nor a folder.

    """
    facts = pack(PACK)
    outcome = Outcome()
    with workbench(memory_mb=settings.STORE_MEMORY_MB, folder=work_folder()) as bench:
        fresh = list(_unknown(found_files(paths)))
        if not fresh:
            return outcome
        run = _Run(bench, operator, facts, outcome, progress)
        run.receive(fresh)
        run.read()
        run.fold()
    return outcome


def _unknown(files: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that are not in use already.

    The same bytes under another name are looked at: an empty report says of each day
    that nothing was seen.
    """
    with ThreadPoolExecutor(max_workers=2) as threads:
        digests = list(threads.map(digest_of, files))
    known: set[tuple[str, str]] = set()
    for start in range(0, len(digests), 500):
        batches = Batch.everything.exclude(state=BatchState.REFUSED)  # scope: one store for all
        some = batches.filter(sha256__in=digests[start : start + 500])
        known.update(some.values_list("sha256", "file_name"))
    for path, digest in zip(files, digests, strict=True):
        if (digest, path.name[-NAME_MAX:]) not in known:
            known.add((digest, path.name[-NAME_MAX:]))
            yield path


def is_settled(path: Path) -> bool:
    """Return whether nobody has written to a file for a while: it has arrived whole."""
    return time.time() - path.stat().st_mtime > SETTLE_SECONDS


class _Run:
    """One import run on one workbench."""

    def __init__(
        self,
        bench: Workbench,
        operator: Any,
        facts: Mapping[str, Any],
        outcome: Outcome,
        progress: Progress,
    ) -> None:
        self.bench = bench
        self.operator = operator
        self.reports_known = facts["reports"]
        self.outcome = outcome
        self.progress = progress
        self.reports: list[Report] = []
        self.duplicates: list[Report] = []
        self.owned_by = register()
        reading.prepare(bench, self.owned_by)

    def receive(self, files: Sequence[Path]) -> None:
        """Keep each file and say what it is."""
        with ThreadPoolExecutor(max_workers=2) as threads:
            received = threads.map(self._keep, files)
            for number, one in enumerate(received):
                self.progress("receiving", number, len(files))
                self._sort_in(one)

    def _keep(self, path: Path) -> Received:
        return keep(path, into=received_folder(), scratch=self.bench.folder)

    def _sort_in(self, received: Received) -> None:
        for found in identified(received, self.reports_known):
            if isinstance(found, Refused):
                self.outcome.refused.append(found)
            elif self._is_known(found):
                self.duplicates.append(found)
            else:
                self.reports.append(found)

    def _is_known(self, report: Report) -> bool:
        if any(other.identity == report.identity for other in self.reports):
            return True
        return Batch.everything.filter(identity=report.identity).exists()  # scope: one store

    def read(self) -> None:
        """Read every report into the store, and gather the sightings of each kind."""
        done, total = 0, sum(report.content.lines for report in self.reports)
        made: set[str] = set()
        for together in reading.chunks(self.reports):
            kind = together[0].name
            self.progress(kind, done, total)
            reading.read_chunk(self.bench, together, self.reports_known[kind], self.owned_by)
            self._gather(kind, is_first=kind not in made)
            made.add(kind)
            done += sum(report.content.lines for report in together)
            for report in together:
                self.outcome.add(report)

    def _gather(self, kind: str, *, is_first: bool) -> None:
        if is_first:
            new_sightings(self.bench)
        else:
            self.bench.run(f"create or replace temp table sightings as from sightings_{kind}")
        self.bench.run(sql_file(reading.MEASURES, "sightings.sql"))
        self.bench.run(f"create or replace temp table sightings_{kind} as from sightings")

    def fold(self) -> None:
        """Write batches and findings to the database, in one transaction."""
        with transaction.atomic():
            lock_imports()
            self._record()
            for kind, group in groupby(sorted(self.reports, key=_kind), key=_kind):
                self.progress(kind)
                self._fold_kind(kind, list(group))

    def _fold_kind(self, kind: str, reports: Sequence[Report]) -> None:
        is_full = must_be_told_anew(kind, min(report.on for report in reports))
        if is_full:
            all_sightings(self.bench, kind, fresh={report.identity for report in reports})
        else:
            self.bench.run(f"create or replace temp table sightings as from sightings_{kind}")
        self.outcome.findings += fold_report(
            self.bench,
            report=kind,
            days=report_days(kind),
            close_after=close_after(kind),
            is_full=is_full,
        )

    def _record(self) -> None:
        now = timezone.now()
        batches = [
            _batch(self.operator, report, self.owned_by.digest, now) for report in self.reports
        ]
        batches += [_duplicate(self.operator, report, now) for report in self.duplicates]
        Batch.everything.bulk_create(batches, batch_size=500)
        self.outcome.duplicates = len(self.duplicates)
        for refused in self.outcome.refused:
            _record_refusal(self.operator, refused, now)


def _kind(report: Report) -> str:
    return report.name


def lock_imports() -> None:
    """Let one fold at a time through; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def close_after(kind: str) -> int:
    """Return how many reports without it close a finding of this kind."""
    facts = pack(PACK)
    own = facts["reports"].get(kind, {}).get("close_after_reports")
    return int(own or facts.get("close_after_reports", 3))


def report_days(kind: str) -> list[tuple[str, date]]:
    """Return on which days each stream of a report has come."""
    came = Batch.everything.filter(report=kind, state=BatchState.FOLDED)  # scope: the fold
    return list(came.values_list("stream", "report_on").distinct().order_by("stream", "report_on"))


def must_be_told_anew(kind: str, earliest: date) -> bool:
    """Return whether reports of this kind do not simply follow what has been folded."""
    folded = FoldedReport.objects.filter(report=kind).first()
    if folded is None:
        return Batch.everything.filter(  # scope: the fold
            report=kind, state=BatchState.FOLDED, report_on__lt=earliest
        ).exists()
    return earliest <= folded.latest_on or not is_known(kind)


def new_sightings(bench: Workbench) -> None:
    """Make the empty table of sightings."""
    columns = ", ".join(f"{name} {kind}" for name, kind in SIGHTINGS.items())
    bench.run(f"create or replace temp table sightings ({columns})")


def all_sightings(bench: Workbench, kind: str, *, fresh: Iterable[str] = ()) -> None:
    """Fill the table of sightings with all there have ever been of one report."""
    new_sightings(bench)
    wanted = set(fresh)
    came = Batch.everything.filter(report=kind, state=BatchState.FOLDED)  # scope: the fold
    batches = list(came.order_by("report_on", "identity").iterator(chunk_size=2000))
    for start in range(0, len(batches), 200):
        some = batches[start : start + 200]
        give_stored(bench, some, fresh=wanted)
        bench.run(sql_file(reading.MEASURES, "sightings.sql"))


def give_stored(bench: Workbench, batches: Sequence[Batch], *, fresh: set[str]) -> None:
    """Give a workbench batches that have been read: tables batches, seen and owned."""
    columns = {
        "file_no": "integer",
        "batch": "varchar",
        "stream": "varchar",
        "report_on": "date",
        "is_fresh": "boolean",
    }
    rows = [
        (number, b.identity, b.stream, b.report_on, b.identity in fresh)
        for number, b in enumerate(batches)
    ]
    bench.table("batches", columns, rows)
    bench.run("update batches set stream = '' where stream is null")
    seen = [batch_file(OBSERVATIONS, b.day, b.identity or "") for b in batches]
    owned = [batch_file(ATTRIBUTIONS, b.day, b.identity or "", b.claims) for b in batches]
    bench.run(
        "create or replace temp table seen as select b.file_no, s.*, null::varchar as problem, "
        f"null::integer as network_claim from {every_row(OBSERVATIONS, seen)} s join batches b using (batch)"
    )
    bench.run(
        "create or replace temp table owned as select b.file_no, o.* "
        f"from {every_row(ATTRIBUTIONS, owned)} o join batches b using (batch)"
    )


def _batch(operator: Any, report: Report, claims_digest: str, now: Any) -> Batch:
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
        claims=claims_digest,
        state=BatchState.FOLDED,
        folded_at=now,
        received_at=now,
        **_file(report.received, report.content.name),
    )


def _duplicate(operator: Any, report: Report, now: Any) -> Batch:
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


def _record_refusal(operator: Any, refused: Refused, now: Any) -> None:
    file = _file(refused.received, refused.entry)
    Batch.everything.update_or_create(  # scope: the file itself, not what it says
        state=BatchState.REFUSED,
        sha256=file["sha256"],
        file_name=file["file_name"],
        entry_name=file["entry_name"],
        defaults={
            "organisation": operator,
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
