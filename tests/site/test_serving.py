"""Several processes serve pages; each gets its share of the lines that browsers keep open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # sockets and processes

APP = """
def application(environ, start):
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""
LINES, WORKERS = 12, 3


@pytest.fixture
def server(tmp_path, monkeypatch):
    (tmp_path / "tiny.py").write_text(APP)
    monkeypatch.setenv("SAMSYN_WORKERS", str(WORKERS))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        command = [sys.executable, "-m", "gunicorn", "--config", "python:samsyn.site.serving"]
        running = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}", "--pythonpath", str(tmp_path),
             "tiny:application"],
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        yield running.pid, listener.getsockname()
    running.terminate()
    running.wait(timeout=10)


def test_open_lines_are_shared_evenly_between_the_processes(server):
    pid, address = server
    workers = all_workers(pid, address)
    before = {worker: sockets(worker) for worker in workers}
    lines = [asked(address) for _ in range(LINES)]
    more = sorted(sockets(worker) - before[worker] for worker in workers)
    close(lines)
    assert sum(more) == LINES
    assert more[0] >= LINES // WORKERS - 1


def test_a_process_that_was_killed_is_not_waited_for(server):
    pid, address = server
    killed = all_workers(pid, address)[0]
    os.kill(killed, signal.SIGKILL)
    while killed in children(pid):
        time.sleep(0.05)
    workers = all_workers(pid, address)
    assert killed not in workers
    lines = [asked(address) for _ in range(LINES)]
    held = [sockets(worker) for worker in workers]
    close(lines)
    assert max(held) - min(held) <= 2


def all_workers(pid: int, address: tuple[str, int]) -> list[int]:
    """Return the processes once all of them are there and have been asked something."""
    while len(children(pid)) < WORKERS:
        time.sleep(0.05)
    close([asked(address) for _ in range(WORKERS * 2)])
    time.sleep(0.3)
    return children(pid)


def close(lines: list[socket.socket]) -> None:
    for line in lines:
        line.close()


def asked(address: tuple[str, int]) -> socket.socket:
    """Return a line on which something has been asked and answered, still open."""
    line = socket.create_connection(address, timeout=10)
    line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert line.recv(1000).startswith(b"HTTP/1.1 200")
    return line


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def sockets(pid: int) -> int:
    """Return how many sockets a process holds open."""
    links = (link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir())
    return sum(str(link).startswith("socket:") for link in links)
