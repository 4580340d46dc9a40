"""A real server on loopback, as an installation runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "gunicorn", "--config", "python:samsyn.site.serving"]
Address = tuple[str, int]


@contextmanager
def serving(*arguments: str, cwd: Path, **settings: str) -> Iterator[tuple[int, Address]]:
    """Serve with our settings; yield the process and the address, which the system chooses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        number = listener.fileno()
        running = subprocess.Popen(
            [*COMMAND, "--bind", f"fd://{number}", "--pythonpath", str(cwd), *arguments],
            pass_fds=[number],
            env={**os.environ, **settings},
        )
        try:
            yield running.pid, listener.getsockname()
        finally:
            running.terminate()
            running.wait(timeout=20)


def ask(address: Address, request: bytes, *, seconds: float = 20) -> bytes:
    """Send something and return all that is answered until the server closes."""
    with socket.create_connection(address, timeout=seconds) as line:
        line.sendall(request)
        return read_all(line)


def read_all(line: socket.socket) -> bytes:
    """Return what comes until the other end closes."""
    found = bytearray()
    try:
        while piece := line.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return bytes(found)
