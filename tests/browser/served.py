"""The demonstration sector, set up and served as a visitor gets it: its own home and process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 120  # where other work is going on, too
SERVING = ("--config", "python:samsyn.site.serving")


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Build the demonstration in ``home``, serve it, and give its address."""
    address = f"http://127.0.0.1:{free_port()}"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SAMSYN_", "DJANGO_"))}
    env |= {"SAMSYN_MODE": "demonstration", "SAMSYN_HOME": str(home), "SAMSYN_BASE_URL": address}
    run = [sys.executable, "-m", "samsyn"]
    subprocess.run([*run, "setup", "--demonstration"], env=env, check=True, capture_output=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *SERVING, "--bind", address[7:]], env=env
    )
    try:
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(PATIENCE_SECONDS * 10):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
