"""Whoever attacks the trail here has the rights of the database's owner."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; what the application may not is in tests/access."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("owner")
