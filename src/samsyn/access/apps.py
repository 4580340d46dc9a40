from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "samsyn.access"

    def ready(self) -> None:
        """Put sign-ins on record."""
        from samsyn.access.sign_ins import connect

        connect()
