"""Work on hostile bytes runs in a process that may die; the process that asked lives on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from samsyn.kernel import contained
from samsyn.kernel.contained import ProcessEnded, ProcessLimits, WorkRefused, run_contained

SMALL = ProcessLimits(memory_mb=256, cpu_seconds=1, wall_seconds=20, answer_mb=1)


def echo(text: bytes) -> bytes:
    print("noise")
    return text


def secrets() -> bytes:
    return "\n".join(os.environ).encode()


def refuse() -> bytes:
    raise WorkRefused("too_much")


def fail() -> bytes:
    raise ZeroDivisionError


def take_memory() -> bytes:
    return b"\0" * (1 << 30)


def never_end() -> bytes:
    while True:
        pass


def kill_itself() -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def answer_much() -> bytes:
    return b"x" * (2 << 20)


def ended(work, limits=SMALL) -> str:
    with pytest.raises(ProcessEnded) as error:
        run(work, limits=limits)
    return error.value.cause


def run(work, *arguments, limits=SMALL) -> bytes:
    return run_contained(f"{__name__}:{work.__name__}", *arguments, limits=limits)


def test_it_answers_what_the_work_returns_and_not_what_a_library_prints():
    assert run(echo, b"a\0b") == b"a\0b"


def test_a_refusal_comes_back_with_its_code():
    with pytest.raises(WorkRefused) as error:
        run(refuse)
    assert error.value.code == "too_much"


@pytest.mark.parametrize(
    ("work", "cause"),
    [
        (fail, "failed"),
        (take_memory, "memory"),
        (never_end, "time"),
        (kill_itself, str(int(signal.SIGSEGV))),
    ],
)
def test_whatever_it_dies_of_is_said(work, cause):
    assert ended(work) == cause


def test_an_answer_larger_than_allowed_is_none():
    assert ended(answer_much)


def test_it_does_not_know_our_secrets(monkeypatch):
    monkeypatch.setenv("SAMSYN_SECRET_KEY", "s")
    assert b"SAMSYN" not in run(secrets)


def test_no_more_run_at_once_than_there_are_places(monkeypatch):
    for _place in range(contained.AT_ONCE):
        contained._places.acquire()
    try:
        limits = ProcessLimits(wait_seconds=0)
        assert ended(echo, limits) == "busy"
    finally:
        for _place in range(contained.AT_ONCE):
            contained._places.release()


def test_nothing_of_it_is_left():
    before = set(Path("/proc/self/task").iterdir())
    ended(kill_itself)
    assert set(Path("/proc/self/task").iterdir()) <= before  # others may have ended meanwhile
