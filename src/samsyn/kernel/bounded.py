"""A connection whose other side can neither hold it open for ever nor fill the memory."""

from __future__ import annotations

import ssl
from time import monotonic
from typing import Any

ANSWER_MOST = 1024 * 1024  # bytes: headers, chunk sizes and text together


class Deadline:
    """The moment until which everything must be done, however slowly the other side speaks."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.

        """
        left = self.end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class BoundedSocket(ssl.SSLSocket):
    """A connection that ends with the deadline of the whole, or when too much has been read."""

    deadline: Deadline | None = None
    taken = 0  # bytes

    def read(self, *args: Any, **kwargs: Any) -> Any:
        """Read as usual.

        Raises:
            TimeoutError: the deadline is past.
            ConnectionAbortedError: more than ``ANSWER_MOST`` has come.

        """
        if self.deadline:
            self.settimeout(self.deadline.left())
        found = super().read(*args, **kwargs)
        self.taken += found if isinstance(found, int) else len(found)
        if self.taken > ANSWER_MOST:
            raise ConnectionAbortedError
        return found

    def send(self, *args: Any, **kwargs: Any) -> int:
        """Write as usual.

        Raises:
            TimeoutError: the deadline is past.

        """
        if self.deadline:
            self.settimeout(self.deadline.left())
        return super().send(*args, **kwargs)
