"""What the address of the database may say."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from samsyn.settings import database


def test_it_may_ask_for_tls_with_a_known_certificate():
    address = "postgresql://samsyn:p%40ss@db.example:5433/sector"
    address += "?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    told = database(address)
    assert told["OPTIONS"]["sslmode"] == "verify-full"
    assert told["OPTIONS"]["sslrootcert"] == "/etc/ca.pem"
    assert (told["USER"], told["PASSWORD"], told["HOST"]) == ("samsyn", "p@ss", "db.example")
    assert (told["PORT"], told["NAME"]) == ("5433", "sector")


def test_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured):
        database("mysql://samsyn@db.example/sector")
