"""The law on links: an address that opens something for its holder is hidden where it is kept."""

from __future__ import annotations

import logging
import re

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from samsyn.access.middleware import OPEN
from samsyn.kernel.secret_links import masked
from tests.house.laws import addresses

FILLED = {"uidb36": "1", "int": "7"}
NO_SECRET = {
    "account_confirm_email": "closed: nobody adds an address",
    "openid_connect_login": "names a provider",
    "openid_connect_callback": "names a provider",
}


def secret_addresses():
    """Return the open addresses with a part that is no number: (name, path with the secret)."""
    for name, pattern in addresses():
        path = "/" + re.sub(r"[\^$]|\\Z", "", pattern)
        path = re.sub(r"<int:\w+>", "7", path)
        path = re.sub(r"\(\?P<uidb36>.*?\)|", "", path)
        filled = re.sub(r"<(?:str:|slug:)?\w+>|\(\?P<\w+>.*?\)", "s3cret-t0ken", path)
        if "s3cret" in filled and filled.startswith(OPEN) and not filled.startswith("/api/"):
            yield name, filled


@pytest.mark.once
def test_every_address_that_opens_by_itself_is_hidden():
    found = dict(secret_addresses())
    assert {"answer:letter", "rate:door", "rate:seat", "wheel:feed"} <= set(found)
    assert "account_reset_password_from_key" in found
    for name, path in found.items():
        if name not in NO_SECRET:
            assert "s3cret" not in masked(path), f"{name}: add {path} to kernel.secret_links"
    assert set(NO_SECRET) <= set(found), "an exemption is stale"


@pytest.mark.once
def test_the_law_catches_an_address_it_does_not_know():
    assert "s3cret" in masked("/new-door/s3cret-t0ken/")


@pytest.mark.once
def test_the_log_holds_no_such_address():
    made = import_string(settings.LOGGING["filters"]["secrets"]["()"])()
    record = logging.LogRecord("x", 30, "", 0, "Gone: %s", ("/rate/in/s3cret/",), None)
    assert made.filter(record)
    assert record.getMessage() == "Gone: /rate/in/…/"
    assert all("secrets" in each["filters"] for each in settings.LOGGING["handlers"].values())
