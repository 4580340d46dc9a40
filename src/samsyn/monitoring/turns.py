"""One import at a time on an installation, and what a run that died was reading.

A lock of the operating system is held while files are read and folded, whoever asked for it:
a page, the worker or the command line. The system gives it back when a process dies. Beside it
lies a note of the files that are being read. Whoever gets the lock and finds a note knows
that the run before did not come to its end, and tries those files apart first.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from samsyn.analytics.engine import EngineRefused
from samsyn.jobs.registry import ProgressCallback
from samsyn.kernel.disk import is_disk_failure
from samsyn.kernel.errors import Conflict, SamsynError

LOOK_SECONDS = 0.5


class Turn:
    """The right to import, held by one run; knows what the run before left unread."""

    def __init__(self, note: Path) -> None:
        self._note = note
        self.suspects = _noted(note)
        self._left: set[tuple[object, ...]] | None = None  # None until something is read

    def begin(self, files: Sequence[Path]) -> None:
        """Note what is being read from now on, beside suspects that this run does not read."""
        now = {tuple(_mark(path)) for path in files}
        self._left = self.suspects - now
        self._write(now | self._left)

    def tried(self, files: Sequence[Path]) -> None:
        """Suspect these files no longer: they have been tried apart."""
        self.suspects -= {tuple(_mark(path)) for path in files}

    def end(self) -> None:
        """Forget what was read: the run has come to an end for which no file is to blame."""
        if self._left is not None:
            self._write(self._left)

    def _write(self, marks: set[tuple[object, ...]]) -> None:
        if not marks:
            self._note.unlink(missing_ok=True)
            return
        unfinished = self._note.with_suffix(".tmp")
        unfinished.write_text(json.dumps(sorted(marks, key=str)), encoding="utf-8")
        unfinished.replace(self._note)

    def is_suspect(self, path: Path) -> bool:
        """Return whether a run was reading this file when it died."""
        return bool(self.suspects) and tuple(_mark(path)) in self.suspects


@contextmanager
def import_turn(*, wait_seconds: float, progress: ProgressCallback) -> Iterator[Turn]:
    """Wait for the turn to import and hold it.

    Raises:
        Conflict: another import has not ended within the time.

    """
    folder = Path(settings.SAMSYN_HOME) / "store"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".import.lock").open("a") as lock:
        _wait(lock, wait_seconds, progress)
        turn = Turn(folder / ".import.reading")
        try:
            yield turn
        except BaseException as error:
            if not _may_be_a_files_fault(error):
                turn.end()
            raise
        turn.end()


def _may_be_a_files_fault(error: BaseException) -> bool:
    """Return whether one of the files may have caused an error: then the note stays.

    Else one file that cannot be read would stop all others for ever.
    """
    is_ours = isinstance(error, SamsynError) and not isinstance(error, EngineRefused)
    return isinstance(error, Exception) and not is_ours and not is_disk_failure(error)


def _wait(lock: IO[str], wait_seconds: float, progress: ProgressCallback) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Conflict(
                    _("Another import is under way. Nothing was changed; try again in a while.")
                ) from None
            progress(gettext_noop("waiting for another import"))
            time.sleep(LOOK_SECONDS)
        else:
            return


def _mark(path: Path) -> list[object]:
    return [path.name, path.stat().st_size]


def _noted(note: Path) -> set[tuple[object, ...]]:
    try:
        return {tuple(mark) for mark in json.loads(note.read_text(encoding="utf-8"))}
    except (FileNotFoundError, ValueError, TypeError):
        return set()
