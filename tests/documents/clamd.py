"""A small clamd on loopback that speaks INSTREAM as the real one does."""

from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager

BAD = b"X5O!P%@AP-TEST"


class _Talk(socketserver.BaseRequestHandler):
    def handle(self):
        assert self.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.read(4))[0]:
            content += self.read(size)
            if len(content) > self.server.most:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        found = b"stream: Eicar-Test FOUND\0" if BAD in content else b"stream: OK\0"
        self.request.sendall(self.server.answer or found)

    def read(self, size):
        got = b""
        while len(got) < size:
            more = self.request.recv(size - len(got))
            if not more:
                raise ConnectionError
            got += more
        return got


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def clamd(*, most=10_000_000, answer=b"", path=""):
    """Serve on loopback, or on a Unix socket; yield the server and its address."""
    kind = socketserver.ThreadingUnixStreamServer if path else _Tcp
    server = kind(path or ("127.0.0.1", 0), _Talk)
    server.seen, server.most, server.answer = [], most, answer
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
