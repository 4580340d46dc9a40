"""A database that does not answer, refuses its role or cannot be written to is said to be so."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg.errors import InsufficientPrivilege

from samsyn.api.router import on_full_disk
from samsyn.site import health
from samsyn.site.console import _end_in_words
from samsyn.ui.errors import server_error

DENIED = "permission denied for table access_person"


def away(kind):
    """Raise what Django raises, as it chains what the driver says."""
    if kind == "connection":
        raise OperationalError("connection failed: Connection refused")
    raise ProgrammingError(DENIED) from InsufficientPrivilege(DENIED)


def answered(error):
    """Return the page that Django shows while it handles an error."""
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get("/"))


def error_of(kind):
    with pytest.raises((OperationalError, ProgrammingError)) as found:
        away(kind)
    return found.value


@pytest.mark.parametrize("kind", ["connection", "role"])
def test_a_page_says_that_the_database_does_not_answer(kind):
    answer = answered(error_of(kind))
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    assert "permission denied" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["connection", "role"])
def test_the_api_says_it_in_its_own_shape(kind):
    answer: HttpResponse = on_full_disk(RequestFactory().get("/api/findings"), error_of(kind))
    assert answer.status_code == 503
    assert "does not answer" in json.loads(answer.content)["detail"]


@pytest.mark.parametrize("kind", ["connection", "role"])
def test_a_command_ends_with_the_sentence_and_the_reason(kind):
    with pytest.raises(SystemExit) as ended:
        _end_in_words(error_of(kind))
    assert str(ended.value.code).startswith("The database does not answer: ")


@pytest.mark.parametrize(
    "error", [OperationalError("no such table: x"), ProgrammingError("syntax error"), KeyError("x")]
)
def test_a_fault_of_ours_is_not_blamed_on_the_database(error):
    assert answered(error).status_code == 500


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_database_on_a_read_only_disk_is_said_to_be_read_only(db, tmp_path, monkeypatch, which):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are not ours to look at")
    file = tmp_path / "samsyn.sqlite3"
    file.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    assert health.database().is_fine
    closed = file if which == "file" else tmp_path
    # The tests may run as root, who may write anywhere but where the system mounts it read-only.
    may = health.os.access
    monkeypatch.setattr(health.os, "access", lambda place, how: place != closed and may(place, how))
    found = health.database()
    assert not found.is_fine
    assert f"{closed} is read-only" in found.says
