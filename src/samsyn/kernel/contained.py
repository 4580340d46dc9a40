"""Runs work on hostile bytes in a process of its own, which has limits and may die.

The libraries that read presentations and reports are large and partly written in C. A file
made for it can let them take all memory, never end, or crash. The process that answers
people must survive that: it starts another for the work and only waits for it.

The process gets its arguments pickled from us; what it answers is plain bytes, since what
it says cannot be trusted once it has read the file. It does not inherit our environment,
where the secrets are.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

AT_ONCE = 2  # for each process of ours: each may take its memory
MB = 1 << 20
_REFUSED, _NO_MEMORY, _FAILED = 3, 4, 5
_CODE_MOST = 200
_places = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a process may take: memory, processor time, time on the wall, and bytes answered.

    ``wait_seconds`` is how long the one who asks waits for a place; a thread is held meanwhile.
    """

    memory_mb: int = 768
    cpu_seconds: int = 20
    wall_seconds: int = 60
    answer_mb: int = 100
    wait_seconds: int = 60


class WorkRefused(Exception):
    """The work itself says no, with a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProcessEnded(Exception):
    """The process did not finish; ``cause`` is memory, time, busy, failed or a signal's number."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def run_contained(work: str, *arguments: Any, limits: ProcessLimits) -> bytes:
    """Call a function in a process of its own and return the bytes it returns.

    Args:
        work: such as ``samsyn.printing.slides:draw``; it may raise ``WorkRefused``.
        arguments: what it is given; everything that can be pickled.
        limits: what it may take.

    Raises:
        Refused: the work says no.
        ProcessEnded: it took too much, crashed, or failed.

    """
    if not _places.acquire(timeout=limits.wait_seconds):
        raise ProcessEnded("busy")
    try:
        with tempfile.TemporaryFile() as answer:
            code = _ended(work, pickle.dumps((limits, arguments)), answer, limits)
            answer.seek(0)
            return _read(code, answer)
    finally:
        _places.release()


def _ended(work: str, given: bytes, answer: Any, limits: ProcessLimits) -> int:
    """Run the process and return how it ended."""
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and a constant name
            [sys.executable, "-m", __name__, work],
            input=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessEnded("time") from error
    return done.returncode


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "TZ") if name in os.environ}
    found = os.pathsep.join(place for place in sys.path if place)
    return {**kept, "PYTHONPATH": found, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _read(code: int, answer: Any) -> bytes:
    if code == 0:
        found: bytes = answer.read()
        return found
    if code == _REFUSED:
        raise WorkRefused(answer.read(_CODE_MOST).decode("ascii", "replace"))
    if code == _NO_MEMORY:
        raise ProcessEnded("memory")
    if code < 0:
        raise ProcessEnded("time" if -code == signal.SIGXCPU else str(-code))
    raise ProcessEnded("failed")


def _limit(limits: ProcessLimits) -> None:
    """Set the limits of this process, so low that nobody else notices what it does."""
    memory, size = limits.memory_mb * MB, limits.answer_mb * MB
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
    ):
        _soft, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, hard))


def main() -> int:
    """Do the work that the first argument names; return the code that says how it ended."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not write into the answer
    limits, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301  written by run_contained
    _limit(limits)
    try:
        room, name = sys.argv[1].split(":")
        answer = getattr(importlib.import_module(room), name)(*arguments)
    except Exception as error:  # noqa: BLE001  the code says it; nobody reads more
        answer, code = _code_of(error)
    else:
        code = 0
    out.write(answer)
    out.flush()
    return code


def _code_of(error: Exception) -> tuple[bytes, int]:
    code = getattr(error, "code", None)
    if type(error).__name__ == WorkRefused.__name__ and isinstance(code, str):
        return code.encode("ascii", "replace"), _REFUSED
    return b"", _NO_MEMORY if isinstance(error, MemoryError) else _FAILED


if __name__ == "__main__":
    _code = main()
    sys.stdout = io.StringIO()  # nothing is flushed on the way out
    os._exit(_code)
