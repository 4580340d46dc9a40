"""Reads files in a process of its own that may die, to find those that kill their reader.

Reading for the import itself is done where the database is, since the fold needs both.
Which files are tried here first: one that somebody uploads on a page, so that no worker of
pages dies of it, and what a run was reading that died (``turns``).
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext_noop

from samsyn.access.limited import run_limited
from samsyn.analytics.engine import ScratchDatabase, scratch_database
from samsyn.jobs.registry import ProgressCallback
from samsyn.kernel.contained import MB, ProcessEnded, ProcessLimits, WorkRefused
from samsyn.kernel.disk import is_disk_failure
from samsyn.monitoring import reading
from samsyn.monitoring.files import keep
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.ownership import ownership

TOGETHER = 200  # files; one that kills is found among them by halves
MEMORY_MB = 4_096  # of addresses; what is really used is bounded by the engine's own limit
SECONDS, SECONDS_FOR_MB = 120, 10
SECONDS_MOST = 3_600
log = logging.getLogger("samsyn.monitoring")


def deadly(
    paths: Sequence[Path], *, folder: Path, reports: Mapping[str, Any], progress: ProgressCallback
) -> set[Path]:
    """Return the files whose reading ends the process, fails, or takes more than is allowed.

    Args:
        paths: files to read.
        folder: where a folder for scratch is made.
        reports: the facts of all reports.
        progress: is told how far it has come.

    Raises:
        OSError: the disk is full.
        SourceUnavailable: too many files are being read just now.

    """
    found: set[Path] = set()
    for start in range(0, len(paths), TOGETHER):
        progress(gettext_noop("trying"), start, len(paths))
        found.update(_deadly(paths[start : start + TOGETHER], folder, reports))
    return found


def _deadly(paths: Sequence[Path], folder: Path, reports: Mapping[str, Any]) -> Iterator[Path]:
    """Yield those that kill: try all, and if that fails each half."""
    if not paths or _survives(paths, folder, reports):
        return
    if len(paths) == 1:
        yield paths[0]
        return
    middle = len(paths) // 2
    yield from _deadly(paths[:middle], folder, reports)
    yield from _deadly(paths[middle:], folder, reports)


def _survives(paths: Sequence[Path], folder: Path, reports: Mapping[str, Any]) -> bool:
    with TemporaryDirectory(dir=folder) as scratch:
        names = [str(path) for path in paths]
        try:
            run_limited(
                f"{__name__}:read_all", names, scratch, dict(reports), limits=_limits(paths)
            )
        except WorkRefused as refused:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from refused
        except ProcessEnded as ended:
            log.warning("reading %s files ended: %s", len(paths), ended.cause)
            return False
    return True


def _limits(paths: Sequence[Path]) -> ProcessLimits:
    size = sum(path.stat().st_size for path in paths) // MB
    seconds = min(SECONDS + SECONDS_FOR_MB * size, SECONDS_MOST)
    return ProcessLimits(
        memory_mb=MEMORY_MB, cpu_seconds=seconds, wall_seconds=seconds * 2, answer_mb=8_192
    )


def read_all(names: Sequence[str], scratch: str, reports: Mapping[str, Any]) -> bytes:
    """Read files as an import does, and forget what they say; for a process that may die.

    Raises:
        Refused: the disk is full, for which no file is to blame.

    """
    try:
        _read_all(names, Path(scratch), reports)
    except Exception as error:
        if is_disk_failure(error):
            raise WorkRefused("disk") from error
        raise
    return b""


def _read_all(names: Sequence[str], folder: Path, reports: Mapping[str, Any]) -> None:
    with scratch_database(folder=folder, threads=1) as db:
        reading.prepare(db)
        reading.give_register(db, ownership([]))
        for number, name in enumerate(names):
            _read(db, Path(name), folder / str(number), reports)


def _read(db: ScratchDatabase, path: Path, folder: Path, reports: Mapping[str, Any]) -> None:
    nobodys = ownership([])
    folder.mkdir()
    received = keep(path, into=folder, scratch=folder)
    for found in identified(received, reports):
        if isinstance(found, IncomingReport):
            reading.read_chunk(db, [found], reports[found.name], nobodys)
