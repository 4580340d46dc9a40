"""Work that threads do ahead of the one who uses it, in the order asked for.

Threads gain something here because the query engine and SQLite let go of Python's lock
while they work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


class WorkedAhead(Iterator[Done]):
    """The work on each item, in order; while one is in use, the next are worked on.

    It begins at once. One item more than there are workers is handed out, so that none of
    them waits. Close it (``contextlib.closing``) before what the threads use goes away.

    Args:
        work: is called in a thread, for several items at once if there are more workers.
        items: may be endless; it is asked in the thread of whoever makes and uses this.
        workers: how many threads.

    Example:
        >>> list(WorkedAhead(abs, [-1, -2, -3], workers=2))
        [1, 2, 3]

    """

    def __init__(
        self,
        work: Callable[[Item], Done],
        items: Iterable[Item],
        *,
        workers: int,
    ) -> None:
        self._threads = ThreadPoolExecutor(max_workers=workers)
        self._futures = (self._threads.submit(work, item) for item in items)
        try:
            self._coming = deque(islice(self._futures, workers + 1))
        except BaseException:  # the items come from somebody's work, which may fail
            self.close()
            raise

    def __next__(self) -> Done:
        if not self._coming:
            self.close()
            raise StopIteration
        done = self._coming.popleft().result()
        self._coming.extend(islice(self._futures, 1))
        return done

    def close(self) -> None:
        """Begin nothing more and wait for what has begun."""
        self._threads.shutdown(cancel_futures=True)
