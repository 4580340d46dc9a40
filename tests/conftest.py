from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from samsyn.analytics.memory import forget
from samsyn.audit.events import forget_seen
from tests.cast import Cast, make_cast

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}  # noqa: S104  a name, nothing binds to it


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test speak to anything outside this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """Let no test see what another has counted, or has put on record once a day."""
    forget()
    forget_seen()


@pytest.fixture
def cast(db: None) -> Cast:
    """The small sector of tests/cast.py."""
    return make_cast()


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Iterator[Path]:
    """An empty home of its own for one test."""
    for folder in ("store", "received", "inbox", "files", "packs"):
        (tmp_path / folder).mkdir()
    settings.SAMSYN_HOME = tmp_path  # type: ignore[attr-defined]
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


class PersonClient(Client):
    """A browser in which somebody is signed in."""

    def be(self, person: object) -> PersonClient:
        """Sign in as this person."""
        self.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return self


@pytest.fixture
def client() -> PersonClient:
    return PersonClient()
