"""Slow clients keep no thread from the others: real processes, on loopback."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest

from samsyn.site import arriving
from tests.site.gunicorn import ask, read_all, serving

pytestmark = pytest.mark.once  # sockets and threads

APP = """
def application(environ, start):
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read() if path == "/read" else b""
    if path in ("/large", "/huge"):
        answer = b"x" * {"/large": 4_000_000, "/huge": 40_000_000}[path]
    else:
        answer = b"%d" % len(body)
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
"""
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SLOW = 60
BOUND = 8  # seconds for an answer beside them; without the protection it takes minutes


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "tiny.py").write_text(APP)
    with serving("tiny:application", cwd=folder, SAMSYN_WORKERS="1") as (_pid, address):
        ask(address, HEAD)
        yield address


def drip(lines, pieces, stop):
    """Send a byte a second on every line, until told to stop or nobody listens."""
    for number in range(120):
        for line, piece in zip(lines, pieces, strict=True):
            try:
                line.send(piece[number % len(piece) :][:1] or b"x")
            except OSError:
                continue
        if stop.wait(1):
            return


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"", b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 100),
        (b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n", b"y"),
        (HEAD.replace(b"close", b"keep-alive") + b"GET /", b"z"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n", b"y"),
        (b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n"),
    ],
    ids=["head", "body", "sent ahead", "body that nobody reads", "answer that nobody takes"],
)
def test_sixty_slow_clients_do_not_keep_the_others_out(server, begins, goes_on):
    stop = threading.Event()
    with ExitStack() as stack:
        lines = [stack.enter_context(slow_line(server, begins)) for _ in range(SLOW)]
        dripping = threading.Thread(target=drip, args=(lines, [goes_on] * SLOW, stop))
        dripping.start()
        stack.callback(dripping.join)
        stack.callback(stop.set)
        for _ in range(3):
            began = time.monotonic()
            answer = ask(server, HEAD, seconds=60)
            assert answer.startswith(b"HTTP/1.1 200")
            took = time.monotonic() - began
            assert took < BOUND


@pytest.mark.parametrize(
    "said",
    [
        b"Content-Length: 0000000000000000000500\r\n",
        b"Content-Length: 500\r\nContent-Length: 500\r\n",
        b"Content-Length: +500\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 5 00\r\n",
        b"Content-Length: \r\n",
        b"Content-Length: 500, 500\r\n",
        "Content-Length: ٥\r\n".encode(),
        b"Content-Length: 500\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_a_length_that_cannot_be_believed_is_refused_without_a_thread(server, said):
    head = b"POST /read HTTP/1.1\r\nHost: x\r\n" + said + b"\r\n"
    with ExitStack() as stack:
        lines = [stack.enter_context(slow_line(server, head)) for _ in range(8)]
        began = time.monotonic()
        assert ask(server, HEAD).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 1
        assert all(read_all(line).startswith(b"HTTP/1.1 400 ") for line in lines)


@pytest.mark.parametrize("lines", [4, 12, 60])
def test_slow_files_leave_threads_for_the_others(server, lines):
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n"
    with ExitStack() as stack:
        slow = [stack.enter_context(slow_line(server, head)) for _ in range(lines)]
        for _ in range(6):
            for line in slow:
                with suppress(OSError):
                    line.send(b"x" * 9000, socket.MSG_DONTWAIT)
            began = time.monotonic()
            assert ask(server, HEAD).startswith(b"HTTP/1.1 200")
            assert time.monotonic() - began < 1
            time.sleep(0.3)


def test_files_that_wait_for_a_thread_are_read_in_turn(server):
    size = 3_000_000
    head = f"POST /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    with ExitStack() as stack:
        lines = [stack.enter_context(slow_line(server, head.encode())) for _ in range(8)]
        for line in reversed(lines):
            threading.Thread(target=line.sendall, args=(b"x" * size,)).start()
        assert all(read_all(line).endswith(b"%d" % size) for line in lines)


def slow_line(address, begins):
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(20)
    line.connect(address)
    line.sendall(begins)
    return line


def test_a_head_that_does_not_come_is_waited_for_only_so_long(server):
    began = time.monotonic()
    with slow_line(server, b"GET / HTTP/1.1\r\n") as line:
        assert read_all(line) == b""
    assert arriving.HEAD_SECONDS - 1 < time.monotonic() - began < 20


def test_more_connections_than_a_process_takes_keep_nobody_out(server):
    with ExitStack() as stack:
        for _ in range(420):
            stack.enter_context(slow_line(server, b"GET"))
        assert ask(server, HEAD).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("size", [0, 1, 65_000, 1_048_576, 1_048_577, 3_000_000])
def test_a_body_arrives_whole_whatever_its_size(server, size):
    head = f"POST /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    answer = ask(server, head.encode() + b"x" * size)
    assert answer.endswith(b"\r\n\r\n%d" % size)


def test_a_body_in_pieces_arrives_whole(server):
    head = (
        b"POST /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert ask(server, head + b"5\r\nhello\r\n0\r\n\r\n").endswith(b"\r\n\r\n5")


@pytest.mark.parametrize("path", [b"/large", b"/huge"])
def test_an_answer_of_any_size_arrives_whole(server, path):
    answer = ask(server, HEAD.replace(b"GET /", b"GET " + path))
    head, _blank, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert len(body) >= 4_000_000


def test_requests_sent_at_once_on_one_line_are_all_answered(server):
    first = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    answer = ask(server, first * 3 + HEAD)
    assert answer.count(b"HTTP/1.1 200") == 4


def test_who_sends_what_nobody_reads_still_gets_the_answer(server):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
    assert ask(server, head + b"x" * 200_000).startswith(b"HTTP/1.1 200")


def test_a_head_that_is_too_long_is_refused(server):
    long = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"
    assert b" 4" in ask(server, long)[:13]
