from __future__ import annotations

import pytest

from tests.receiver import receiving
from tests.webhooks.builders import Clock


@pytest.fixture(scope="session")
def _receiver():
    with receiving() as found:
        yield found


@pytest.fixture
def receiver(_receiver, settings):
    """A receiver on this machine, which the installation allows."""
    _receiver.received.clear()
    _receiver.answers.clear()
    settings.OUTGOING = _receiver.rules
    return _receiver


@pytest.fixture
def clock():
    """Return a clock that the test moves."""
    return Clock()
