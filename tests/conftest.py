from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from samsyn.access.database_roles import as_owner
from samsyn.access.rows import set_default_scope
from samsyn.analytics.version_cache import clear_cache
from samsyn.audit.events import forget_seen
from tests.cast import Cast
from tests.sector_kept import KeptCast, kept_cast

set_default_scope(
    unscoped=True
)  # tests arrange and look as the console does; requests see as their people
# How fast a machine is decides no test.
property_settings.register_profile(
    "samsyn", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_settings.load_profile("samsyn")
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
    # The first letter of a process asks a resolver what this machine is called: that may take long.
    monkeypatch.setattr(socket, "getfqdn", lambda name="": "localhost")


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """Let no test see what another has counted, or has put on record once a day."""
    clear_cache()
    forget_seen()
    cache.clear()  # where attempts are counted


@pytest.fixture(scope="session")
def _owner_connected(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        stack.enter_context(as_owner())
        yield stack


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_owner_connected: ExitStack) -> None:
    """Let the owner make the test's database, where it is another than the application's role."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, _owner_connected: ExitStack) -> Iterator[None]:
    """Let everything else use the application's role, until the owner drops the database."""
    _owner_connected.close()
    yield
    _owner_connected.enter_context(as_owner())


@pytest.fixture(autouse=True)
def _with_rights_of_the_owner(request: pytest.FixtureRequest) -> Iterator[None]:
    with as_owner() if request.node.get_closest_marker("owner") else nullcontext():
        yield


def _emptied_by_owner(self: TransactionTestCase) -> None:
    """Let the owner empty the tables after a test with transactions of its own."""
    if isinstance(self, TestCase):
        _fixture_teardown(self)
        return
    if connection.vendor == "sqlite":
        with _without_triggers():
            _fixture_teardown(self)
        return
    with as_owner():
        # The trail refuses to be emptied, and so do the tables that are never changed.
        connection.cursor().execute("set session_replication_role = replica")
        _fixture_teardown(self)
        connection.close()


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Let SQLite's tables be emptied: the trail's own triggers refuse it."""
    with connection.cursor() as cursor:
        cursor.execute("select name, sql from sqlite_master where type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'drop trigger "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, sql in triggers:
            cursor.execute(sql)


_fixture_teardown = TransactionTestCase._fixture_teardown
TransactionTestCase._fixture_teardown = _emptied_by_owner


@pytest.fixture(scope="session")
def empty_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path | None:
    """A file with all tables and no rows of anybody's; None where the database is no file.

    An installation that a test makes begins with a copy, and need not migrate from nothing.
    """
    if connection.vendor != "sqlite":
        return None
    place = tmp_path_factory.mktemp("empty") / "samsyn.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(place)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return place


@pytest.fixture(scope="session")
def _cast_kept(django_db_setup: None, django_db_blocker: Any) -> KeptCast:
    with django_db_blocker.unblock():
        return kept_cast()


@pytest.fixture
def cast(db: None, _cast_kept: KeptCast) -> Cast:
    """The small sector of tests/cast.py."""
    return _cast_kept.written()


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

    def request(self, **request: object) -> object:
        """Ask as in a process that serves pages: nothing is visible where nobody acts."""
        set_default_scope(unscoped=False)
        try:
            return super().request(**request)
        finally:
            set_default_scope(unscoped=True)


@pytest.fixture
def client() -> PersonClient:
    return PersonClient()


@pytest.fixture
def in_their_zone():
    """Reckon days as pages do for the cast's people, also in the hour before UTC's midnight."""
    with timezone.override(ZoneInfo("Europe/Oslo")):
        yield
