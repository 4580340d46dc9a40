from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext

from samsyn.kernel.phrases import translate_with


class AccessConfig(AppConfig):
    name = "samsyn.access"

    def ready(self) -> None:
        """Put sign-ins on record; let plain Python speak the reader's language."""
        from samsyn.access.sign_ins import connect

        translate_with(gettext)
        connect()
