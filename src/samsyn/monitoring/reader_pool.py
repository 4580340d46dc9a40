"""Where reports are read, and what waits there until there is time to store it.

The fold needs the sightings alone. What has been read goes to the store when its scratch database
is wanted again, or at the end, when SQLite makes its indexes by itself and a core is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from threading import Lock

from samsyn.analytics.engine import ScratchDatabase
from samsyn.monitoring import reading
from samsyn.monitoring.intake import IncomingReport

READERS = 6  # what waits takes memory


class ReportReader:
    """A scratch database where one kind of report after the other is read."""

    def __init__(self, db: ScratchDatabase) -> None:
        self.db = db
        self._lock = Lock()
        self._waiting: Sequence[IncomingReport] = ()
        self._claims = ""

    def leave(self, reports: Sequence[IncomingReport], claims: str) -> None:
        """Let reports that have been read here wait to be stored.

        Args:
            reports: what ``reading.read_chunk`` has just read on this bench.
            claims: digest of the register that says whose they are.

        """
        with self._lock:
            self._waiting, self._claims = reports, claims

    def store(self) -> None:
        """Store what waits here; whoever reads on this bench asks for it first."""
        with self._lock:
            if self._waiting:
                reading.store_chunk(self.db, self._waiting, self._claims)
            self._waiting = ()


class ReaderPool(ExitStack):
    """All readers of one run; a context inside that of the database they share."""

    def __init__(self, folder: ScratchDatabase) -> None:
        super().__init__()
        self._all = [
            ReportReader(self.enter_context(folder.beside())) for _number in range(READERS)
        ]
        self._free: SimpleQueue[ReportReader] = SimpleQueue()
        for reader in self._all:
            self._free.put(reader)
        self._thread = self.enter_context(ThreadPoolExecutor(max_workers=1))

    @contextmanager
    def one(self) -> Iterator[ReportReader]:
        """Give a desk with nothing on it: the one that has been free for longest."""
        reader = self._free.get()
        try:
            reader.store()
            yield reader
        finally:
            self._free.put(reader)

    def clear(self) -> Future[None]:
        """Begin to store all that waits by now, whoever reads meanwhile; give its end."""
        return self._thread.submit(self._clear)

    def _clear(self) -> None:
        for reader in self._all:
            reader.store()
