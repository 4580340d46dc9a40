"""How a server process takes requests, so that a slow client keeps no thread from the others.

A thread gets a request when all of it has arrived: its head, and its body if that is no file. Until
then it is gathered beside the threads, where thousands may wait, each for so many seconds. Files
get no more than half of the threads, so that what is short is answered meanwhile. What is read and
written afterwards (a file, an answer) must keep a least pace. A connection with an unread body is
closed without waiting for the rest.

Behind a proxy that buffers requests this hardly ever matters; see docs/operations.md.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from samsyn.site.arriving import GRACE_SECONDS, PACE_LEAST, Incoming

FILE_PACE_LEAST = 32 * 1024  # bytes a second: the body of a file keeps a thread
FILES_WAITING_MOST = 40  # until one of the threads that may read files is free
FILE_WAIT_SECONDS = 60.0
LINGER_SECONDS = 2.0  # to read an answer to what was refused unread
GATHERED_MOST = 64 * 1024 * 1024  # memory of one process for what has not arrived whole
KEPT_MOST = 4 * 1024 * 1024  # of one answer that the client does not take yet
KEPT_IN_ALL_MOST = 64 * 1024 * 1024
CROWDED = 0.8  # of the connections that a process takes; beyond, the slowest is closed
LINGER_MOST = 200
PIECE = 64 * 1024
_counting = threading.Lock()


class PacedSocket(socket.socket):
    """A connection whose other end must keep a least pace while a thread waits for it.

    What does not go at once of an answer of usual size is kept, so that the thread is free; the
    worker sends it on.
    """

    waited, moved, pace = 0.0, 0, PACE_LEAST
    kept_in_all = 0  # bytes, of all connections of this process

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = bytearray()

    def begin(self, pace: int = PACE_LEAST) -> None:
        """Start counting anew, for the next request."""
        self.waited, self.moved, self.pace = 0.0, 0, pace

    def recv(self, size: int, flags: int = 0) -> bytes:
        if self.gettimeout() == 0:
            return super().recv(size, flags)
        data: bytes = self._timed(partial(super().recv, size, flags))
        self.moved += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send what goes at once; keep the rest for later, and wait only if that is too much."""
        del flags
        view = memoryview(data)
        while self.left and len(self.left) + len(view) > KEPT_MOST:
            self._gone(self._send_in_time(memoryview(bytes(self.left[:PIECE]))))
        if not self.left:
            view = view[self._send_now(view) :]
        while len(view) > KEPT_MOST:
            view = view[self._send_in_time(view[:PIECE]) :]
        self._keep(view)

    def flush(self) -> bool:
        """Send what is left as far as it goes; return whether all of it is sent."""
        self._gone(self._send_now(memoryview(bytes(self.left))))
        return not self.left

    def close(self) -> None:
        self._gone(len(self.left))
        super().close()

    def _send_in_time(self, piece: memoryview) -> int:
        sent: int = self._timed(partial(super().send, piece))
        self.moved += sent
        return sent

    def _send_now(self, view: memoryview) -> int:
        sent = 0
        try:
            while sent < len(view):
                sent += super().send(view[sent : sent + PIECE], socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass
        self.moved += sent
        return sent

    def _keep(self, data: memoryview) -> None:
        with _counting:
            PacedSocket.kept_in_all += len(data)
        self.left += data

    def _gone(self, size: int) -> None:
        del self.left[:size]
        with _counting:
            PacedSocket.kept_in_all -= size

    def _timed(self, work: Any) -> Any:
        """Do something that waits for the other end, for no longer than it may take."""
        before, began = self.gettimeout(), time.monotonic()
        remaining = GRACE_SECONDS + self.moved / self.pace - self.waited
        try:
            self.settimeout(max(0.001, min(remaining, before or remaining)))
            return work()
        except TimeoutError as error:
            if before is not None and self.waited + before < remaining:
                raise
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow") from error
        finally:
            self.settimeout(before)
            self.waited += time.monotonic() - began


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that is closed without keeping the process from its other ones."""

    worker: PatientWorker

    def close(self, graceful: bool = False) -> None:
        """Close; ``graceful`` lets the client read the answer first."""
        if graceful:
            self.worker.linger(self.sock)
        else:
            util.close(self.sock)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gathers requests beside the threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incoming: dict[Incoming, None] = {}  # in the order of their coming
        self.gathered = 0  # bytes
        self.sending: dict[Connection, tuple[Any, float]] = {}
        self.lingering: dict[socket.socket, float] = {}
        self.files: set[Connection] = set()  # that threads read
        self.waiting: dict[Incoming, float] = {}  # files for which no thread is free, since when

    def accept(self, listener: Any) -> None:
        """Take a new connection and wait for its request."""
        if self.cfg.is_ssl:  # what arrives is no request yet
            super().accept(listener)
            return
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                return
            raise
        paced = PacedSocket(fileno=accepted.detach())
        conn = Connection(self.cfg, paced, client, listener.getsockname())
        conn.worker = self
        self.nr_conns += 1
        self.make_room()
        self.gather(conn)

    def send_rest(self, conn: Connection, fs: Any) -> None:
        """Send what is left of an answer beside the threads, and go on after that."""
        conn.sock.setblocking(False)
        conn.sock.begin()
        self.sending[conn] = (fs, time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self.on_writable, conn))
        while self.sending and PacedSocket.kept_in_all > KEPT_IN_ALL_MOST:
            self.give_up(next(iter(self.sending)))  # who has taken longest

    def on_writable(self, conn: Connection, sock: Any) -> None:
        """Send more of an answer."""
        fs, _since = self.sending[conn]
        try:
            if not sock.flush():
                return
        except OSError:
            self.give_up(conn)
            return
        del self.sending[conn]
        self.poller.unregister(sock)
        self.finish_request(conn, fs)

    def give_up(self, conn: Connection) -> None:
        """Close a connection whose client does not take its answer."""
        del self.sending[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """Take the next request on a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.on_more(self.gather(conn), client)

    def gather(self, conn: Connection) -> Incoming:
        """Wait for a request beside the threads."""
        conn.sock.setblocking(False)
        request = Incoming(conn)
        self.incoming[request] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_more, request))
        return request

    def on_more(self, request: Incoming, sock: Any) -> None:
        """Take what has arrived."""
        try:
            data = sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.take(request, data)
        else:
            self.drop(request)

    def take(self, request: Incoming, data: bytes) -> None:
        """Add what has arrived; give the request to a thread when it is whole."""
        request.take(data)
        self.gathered += len(data)
        if request.refusal:
            self.refuse(request, request.refusal)
        elif request.is_whole:
            self.hand_over(request)
        else:
            self.make_room()

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Go on after an answer; what the client sent ahead is gathered as any request."""
        self.free_file(conn)
        if getattr(conn.sock, "left", b""):
            self.send_rest(conn, fs)
        elif ahead := sent_ahead(conn, fs):
            self.take(self.gather(conn), ahead)
        else:
            super().finish_request(conn, fs)

    def hand_over(self, request: Incoming) -> None:
        """Give a request to a thread; files get half of the threads, and wait for one."""
        if not request.is_file or len(self.files) < max(1, self.cfg.threads // 2):
            self.forget(request)
            self.begin(request)
        elif len(self.waiting) < FILES_WAITING_MOST:
            self.forget(request)
            self.waiting[request] = time.monotonic()
        else:
            self.refuse(request, HTTPStatus.SERVICE_UNAVAILABLE)

    def begin(self, request: Incoming) -> None:
        """Let a thread read a request and answer it."""
        conn = request.conn
        if request.is_file:
            self.files.add(conn)
        conn.sock.setblocking(True)
        conn.sock.begin(FILE_PACE_LEAST if request.is_file else PACE_LEAST)
        conn.init()
        conn.parser.unreader.unread(bytes(request.data))
        conn.data_ready = True
        self.enqueue_req(conn)

    def free_file(self, conn: Connection) -> None:
        """Let the next file have the thread of one that is read."""
        if conn in self.files:
            self.files.remove(conn)
            if self.waiting:
                request = next(iter(self.waiting))
                del self.waiting[request]
                self.begin(request)

    def refuse(self, request: Incoming, status: HTTPStatus) -> None:
        """Answer without a thread, and close."""
        if request in self.incoming:
            self.forget(request)
        self.waiting.pop(request, None)
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        with suppress(OSError):
            request.conn.sock.send(head.encode(), socket.MSG_DONTWAIT)
        self.nr_conns -= 1
        request.conn.close(graceful=True)

    def forget(self, request: Incoming) -> None:
        """Wait for a request no more."""
        del self.incoming[request]
        self.gathered -= len(request.data)
        self.poller.unregister(request.conn.sock)

    def drop(self, request: Incoming) -> None:
        """Close the connection of a request that does not come."""
        self.forget(request)
        self.nr_conns -= 1
        request.conn.close()

    def make_room(self) -> None:
        """Close the oldest of what is gathered while there is too much of it."""
        while self.incoming and self.is_crowded():
            self.drop(next(iter(self.incoming)))

    def is_crowded(self) -> bool:
        """Whether new connections could soon be kept out, or memory run short."""
        return bool(
            self.nr_conns > self.worker_connections * CROWDED or self.gathered > GATHERED_MOST
        )

    def murder_pending(self) -> None:
        """Close what has waited too long; gunicorn calls it every second."""
        super().murder_pending()
        now = time.monotonic()
        for request in [r for r in self.incoming if r.until < now or not self.alive]:
            self.drop(request)
        for request in [r for r, since in self.waiting.items() if now - since > FILE_WAIT_SECONDS]:
            self.refuse(request, HTTPStatus.SERVICE_UNAVAILABLE)
        for conn, (_fs, since) in list(self.sending.items()):
            if now - since > GRACE_SECONDS + conn.sock.moved / PACE_LEAST:
                self.give_up(conn)
        for sock in [each for each, until in self.lingering.items() if until < now]:
            self.end(sock)

    def linger(self, sock: Any) -> None:
        """Let the client read the answer, throwing away what it still sends, then close."""
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.setblocking(False)
        except OSError:
            util.close(sock)
            return
        if len(self.lingering) >= LINGER_MOST:
            self.end(next(iter(self.lingering)))
        self.lingering[sock] = time.monotonic() + LINGER_SECONDS
        self.poller.register(sock, selectors.EVENT_READ, self.on_leftover)

    def on_leftover(self, sock: Any) -> None:
        """Throw away what nobody reads."""
        try:
            if sock.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.end(sock)

    def end(self, sock: Any) -> None:
        """Close a connection that lingered."""
        if self.lingering.pop(sock, None) is not None:
            self.poller.unregister(sock)
        util.close(sock)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Keep a connection open only if nothing of the body is still to come."""
        return bool(super()._keepalive_after(conn, keepalive and has_arrived(conn.parser)))


def sent_ahead(conn: Connection, fs: Any) -> bytes:
    """Return the beginning of a next request that was read along with the last."""
    if fs.cancelled() or fs.exception() or not fs.result() or conn.parser is None:
        return b""
    return bytes(conn.parser.unreader.take_buffered())


def has_arrived(parser: Any) -> bool:
    """Return whether the whole body is here, read by the application or not."""
    reader = parser.mesg.body.reader
    left = getattr(reader, "length", None)
    if left is None:
        return getattr(reader, "parser", None) is None
    return bool(left <= len(parser.unreader.buf.getbuffer()))
