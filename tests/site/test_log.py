"""What the log holds of refusals: a line each, and of our own faults everything."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.access.logs import RefusalsInALine
from samsyn.access.services import token_create


@pytest.mark.parametrize("address", ["/nothing/", "/documents/999999/", "/health/"])
def test_a_refusal_is_one_line_without_a_traceback(client, cast, caplog, address):
    assert client.be(cast.people["jonas"]).get(address).status_code in {403, 404}
    kept = [r for r in caplog.records if r.name == "django.request"]
    assert kept
    for each in kept:
        assert RefusalsInALine().filter(each)
        assert "\n" not in logging.Formatter().format(each)


def many_files(number):
    return {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(number)}


def test_too_many_files_are_one_line_and_a_page_in_words(client, cast, caplog):
    answer = client.be(cast.people["ingvild"]).post("/documents/new/", many_files(20))
    assert answer.status_code == 413
    assert "<h1" in answer.content.decode()
    assert is_in_one_line(caplog)


def test_too_many_files_for_the_api_are_told_in_its_own_form(client, cast, caplog):
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/documents", many_files(20), headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["detail"]
    assert is_in_one_line(caplog)


@pytest.mark.parametrize("name", ["DisallowedHost", "TooManyFilesSent", "csrf"])
def test_whatever_looks_like_an_attack_is_one_line(name, caplog):
    error = SuspiciousOperation("too much")
    log = logging.getLogger(f"django.security.{name}")
    log.error("%s", error, exc_info=(type(error), error, None))
    assert is_in_one_line(caplog)


def is_in_one_line(caplog):
    """Return whether what was logged, as the installation writes it, is a line for each entry."""
    kept = [r for r in caplog.records if r.name.startswith("django.")]
    lines = []
    for each in kept:
        RefusalsInALine().filter(each)
        lines.append(logging.Formatter().format(each))
    return bool(lines) and all("\n" not in line for line in lines)


def test_a_fault_of_ours_keeps_its_traceback():
    error = ZeroDivisionError()
    facts = {"exc_info": (type(error), error, None), "levelno": logging.ERROR}
    given = logging.makeLogRecord({"name": "django.request", **facts})
    assert RefusalsInALine().filter(given)
    assert "ZeroDivisionError" in logging.Formatter().format(given)
