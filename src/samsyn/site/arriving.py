"""A request while it arrives: how much of it is waited for, how long, and what is refused."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import Any

from samsyn.access.bodies import FORM_MOST

HEAD_SECONDS = 10.0  # to send the head of a request, from the first moment of the connection
PACE_LEAST = 16 * 1024  # bytes a second, for a form and for an answer
GRACE_SECONDS = 10.0  # what a client may lag behind that pace
HEAD_MOST = 64 * 1024
# Names as the server reads them: spaces around the value, none before the colon.
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([^\r\n]*)", re.IGNORECASE)
IN_PIECES = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
PLAIN = re.compile(rb"[0-9]{1,15}")


class Incoming:
    """A request that has not arrived whole."""

    def __init__(self, conn: Any) -> None:
        self.conn = conn
        self.data = bytearray()
        self.needed = 0  # known when the head is there
        self.until = time.monotonic() + HEAD_SECONDS
        self.refusal: HTTPStatus | None = None
        self.is_file = False  # its body comes while a thread reads it

    def take(self, data: bytes) -> None:
        """Add what has arrived."""
        looked_at = max(0, len(self.data) - 3)
        self.data += data
        if self.needed:
            return
        end = self.data.find(b"\r\n\r\n", looked_at)
        if end >= 0:
            self.needed = end + 4 + self._body(bytes(self.data[: end + 2]))
            self.until = time.monotonic() + GRACE_SECONDS + self.needed / PACE_LEAST
        elif len(self.data) > HEAD_MOST:
            self.needed = len(self.data)  # the server says what is wrong with it

    def _body(self, head: bytes) -> int:
        """Return how much of the body is waited for: all of a form, nothing of a file."""
        length = declared_length(head)
        if length is None:
            self.refusal = HTTPStatus.BAD_REQUEST
            return 0
        self.is_file = length > FORM_MOST or bool(IN_PIECES.search(head))
        return 0 if self.is_file else length

    @property
    def is_whole(self) -> bool:
        """Whether a thread can begin."""
        return 0 < self.needed <= len(self.data)


def declared_length(head: bytes) -> int | None:
    r"""Return how long a head says that its body is; None if it cannot be believed.

    What this reads otherwise than the server would keep a thread waiting for a body that nobody
    has gathered.

    Example:
        >>> declared_length(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n")
        5
        >>> declared_length(b"POST / HTTP/1.1\r\nContent-Length: +5\r\n") is None
        True

    """
    said = [value.strip(b" \t") for value in LENGTH.findall(head)]
    if not said:
        return 0
    is_plain = len(said) == 1 and PLAIN.fullmatch(said[0])
    return int(said[0]) if is_plain and not IN_PIECES.search(head) else None
