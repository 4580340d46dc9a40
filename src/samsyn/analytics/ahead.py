"""Work that threads do ahead of the one who uses it, in the order asked for.

Threads gain something here because the query engine and SQLite let go of Python's lock
while they work.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

PATIENT = 10  # how much less a patient thread gets of a core that all want (nice)
Item = TypeVar("Item")
Done = TypeVar("Done")


def worked_ahead(
    work: Callable[[Item], Done], items: Iterable[Item], *, workers: int, is_patient: bool = False
) -> Generator[Done, None, None]:
    """Yield the work on each item, in order; while one is in use, the next are worked on.

    One item more than there are workers is handed out, so that none of them waits.

    Args:
        work: is called in a thread, for several items at once if there are more workers.
        items: may be endless.
        workers: how many threads.
        is_patient: the threads leave the core to whoever waits for all of them.

    Close it (``contextlib.closing``) before what the threads use goes away: it waits for them.

    Example:
        >>> list(worked_ahead(abs, [-1, -2, -3], workers=2))
        [1, 2, 3]

    """
    left = iter(items)
    begin = _be_patient if is_patient else None
    with ThreadPoolExecutor(max_workers=workers, initializer=begin) as threads:
        coming = deque(threads.submit(work, item) for item in islice(left, workers + 1))
        try:
            while coming:
                done = coming.popleft().result()
                coming.extend(threads.submit(work, item) for item in islice(left, 1))
                yield done
        finally:
            for future in coming:
                future.cancel()


def _be_patient() -> None:
    # Linux alone gives a single thread a priority; elsewhere this would slow the whole process.
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENT)
