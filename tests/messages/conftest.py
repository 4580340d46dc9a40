from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.messages.smtp import Script, Server


@pytest.fixture
def smtp(settings) -> Iterator[Script]:
    """Start a mail server on loopback, and use it."""
    script = Script()
    server = Server(script)
    server.start()
    settings.SENDS_MAIL = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.chosen_port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Samsyn <samsyn@samvakt.example>"
    yield script
    server.stop()
