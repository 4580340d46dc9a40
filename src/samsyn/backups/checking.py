"""Looks whether every file that the database names is there, opens and is unaltered.

It reads everything, so that it is the work of a job at night or of a command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from samsyn.analytics.engine import reading
from samsyn.analytics.store import parquet_rows
from samsyn.audit.selectors import trail_break
from samsyn.documents.models import DocumentVersion
from samsyn.documents.storage import storage
from samsyn.findings.fold import episodes_path
from samsyn.findings.models import FoldedReport
from samsyn.jobs.registry import ProgressCallback
from samsyn.kernel.errors import KeptDamaged, SourceUnavailable
from samsyn.monitoring.datasets import ATTRIBUTIONS, COUNTS, OBSERVATIONS, ROWS, file_of
from samsyn.monitoring.files import digest_of
from samsyn.monitoring.models import Batch, BatchState, received_folder
from samsyn.situation.models import Edition, EditionState, editions_folder
from samsyn.situation.selectors import figures_hold

NAMED_MOST = 20
MISSING, ALTERED, DAMAGED, UNREACHED = "missing", "altered", "damaged", "unreached"


@dataclass(slots=True)
class Checked:
    """How many files were looked at, how many of them are at fault, and the first of those."""

    looked_at: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def look(self, kind: str, name: str, fault: str) -> None:
        """Count one file; an empty ``fault`` means that it is as it should be."""
        self.looked_at[kind] += 1
        if fault:
            self.faults[f"{kind}.{fault}"] += 1
            if len(self.named) < NAMED_MOST:
                self.named.append(f"{kind} {name}: {fault}")

    def as_dict(self) -> dict[str, Any]:
        """Return what the trail and ``doctor --full`` keep of it."""
        return {
            "looked_at": dict(self.looked_at),
            "faults": dict(self.faults),
            "named": self.named,
        }


Look = tuple[str, str, Callable[[], str]]


def files_checked(*, progress: ProgressCallback) -> Checked:
    """Look at received files, evidence, store, editions, what they say, and the trail."""
    found = Checked()
    looks = chain(_received(), _evidence(), _store(), _editions(), _pictures())
    for number, (kind, name, fault) in enumerate(looks):
        progress(kind, number)
        found.look(kind, name, fault())
    broken = trail_break()
    found.look("trail", str(broken.number) if broken else "", DAMAGED if broken else "")
    return found


def _received() -> Iterator[Look]:
    rows = Batch.unscoped.exclude(kept_as="")  # scope: files, not what they say
    for kept_as, sha256 in rows.values_list("kept_as", "sha256").distinct().order_by("kept_as"):
        yield "received", kept_as, partial(_digest, received_folder() / kept_as, sha256)


def _digest(path: Path, sha256: str) -> str:
    try:
        return "" if digest_of(path) == sha256 else ALTERED
    except FileNotFoundError:
        return MISSING
    except OSError:
        return DAMAGED


def _evidence() -> Iterator[Look]:
    rows = DocumentVersion.unscoped.order_by("sha256")  # scope: files, not what they say
    for sha256 in rows.values_list("sha256", flat=True).distinct():
        yield "evidence", sha256, partial(_content, sha256)


def _content(sha256: str) -> str:
    try:
        if not storage().has(sha256):
            return MISSING
        storage().open(sha256).close()
    except KeptDamaged:
        return ALTERED
    except SourceUnavailable:
        return UNREACHED
    return ""


def _store() -> Iterator[Look]:
    for path, rows in store_files():
        yield "store", path.name, partial(_parquet, path, rows)


def _editions() -> Iterator[Look]:
    for path in edition_files():
        yield "editions", path.name, partial(_parquet, path, None)


def _pictures() -> Iterator[Look]:
    published = Edition.unscoped.filter(state=EditionState.PUBLISHED)  # scope: whether it holds
    for edition in published.order_by("pk").iterator(chunk_size=50):
        yield "pictures", str(edition.pk), partial(_figures, edition)


def _figures(edition: Edition) -> str:
    return "" if figures_hold(edition) else ALTERED


def store_files(newest: int | None = None) -> Iterator[tuple[Path, int | None]]:
    """Yield the files that the store must have, each with its number of rows if that is known.

    ``newest`` limits them to those of so many batches, for a look that may not take long.
    """
    batches = Batch.unscoped.filter(state=BatchState.FOLDED).order_by("-pk")  # scope: files
    for batch in batches[:newest].iterator(chunk_size=500):
        for dataset in (OBSERVATIONS, ATTRIBUTIONS, COUNTS):
            rows = ROWS[dataset.name](batch)
            # How many rows a file of counts has is not on record, only that there is one.
            known = None if dataset is COUNTS else rows
            if rows:
                yield file_of(dataset, batch), known
    for name in FoldedReport.objects.order_by("report").values_list("episodes", flat=True):
        yield episodes_path(name), None


def edition_files() -> Iterator[Path]:
    """Yield the files of frozen editions, each once: many editions share one."""
    rows = Edition.unscoped.exclude(frozen="")  # scope: files, not what they say
    for name in rows.values_list("frozen", flat=True).distinct().order_by("frozen"):
        yield editions_folder() / name


@dataclass(frozen=True, slots=True)
class Missing:
    """Names of files that are not there: of the store, which can be made anew, and of editions."""

    store: list[str]
    editions: list[str]


def files_missing(newest: int | None = None) -> Missing:
    """Return what is not there, by looking for each file; all of it once anything is not."""
    found = Missing(
        [path.name for path, _rows in store_files(newest) if not path.is_file()],
        [path.name for path in edition_files() if not path.is_file()],
    )
    return files_missing() if newest and found.store else found


def _parquet(path: Path, rows: int | None) -> str:
    if not path.is_file():
        return MISSING
    try:
        with reading() as db:
            found = parquet_rows(db, path)
    except KeptDamaged:
        return DAMAGED
    return "" if rows in {None, found} else ALTERED
