"""What the log holds of refusals: a line each, and of our own faults everything."""

from __future__ import annotations

import logging

import pytest

from samsyn.access.logs import RefusalsInALine


@pytest.mark.parametrize("address", ["/nothing/", "/documents/999999/", "/health/"])
def test_a_refusal_is_one_line_without_a_traceback(client, cast, caplog, address):
    assert client.be(cast.people["jonas"]).get(address).status_code in {403, 404}
    kept = [r for r in caplog.records if r.name == "django.request"]
    assert kept
    for each in kept:
        assert RefusalsInALine().filter(each)
        assert "\n" not in logging.Formatter().format(each)


def test_a_fault_of_ours_keeps_its_traceback():
    error = ZeroDivisionError()
    facts = {"exc_info": (type(error), error, None), "levelno": logging.ERROR}
    given = logging.makeLogRecord({"name": "django.request", **facts})
    assert RefusalsInALine().filter(given)
    assert "ZeroDivisionError" in logging.Formatter().format(given)
