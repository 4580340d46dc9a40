"""A pool of database connections that read reports, and store what was read later.

The fold needs only the sightings. What has been read goes to the store when its connection
is needed again, or at the end, while SQLite makes its indexes and a core is free.
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

READERS = 6  # each holds what it has read in memory until that is stored


class ReportReader:
    """A connection to the scratch database that reads one kind of report after the other."""

    def __init__(self, db: ScratchDatabase) -> None:
        self.db = db
        self._lock = Lock()
        self._waiting: Sequence[IncomingReport] = ()
        self._claims = ""

    def leave(self, reports: Sequence[IncomingReport], claims: str) -> None:
        """Note reports that have been read here and are still to be stored.

        Args:
            reports: what ``reading.read_chunk`` has just read on this connection.
            claims: digest of the register that says whose they are.

        """
        with self._lock:
            self._waiting, self._claims = reports, claims

    def store(self) -> None:
        """Store what was read here before; called before the next chunk is read."""
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
        """Give a reader with nothing left to store: the one that has been free for longest."""
        reader = self._free.get()
        try:
            reader.store()
            yield reader
        finally:
            self._free.put(reader)

    def clear(self) -> Future[None]:
        """Begin to store all that has been read so far, in a thread; return its future."""
        return self._thread.submit(self._clear)

    def _clear(self) -> None:
        for reader in self._all:
            reader.store()
