from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext

from samsyn.kernel.phrases import translate_with


class AccessConfig(AppConfig):
    name = "samsyn.access"

    def ready(self) -> None:
        """Put sign-ins on record; let Python and database speak the reader's language."""
        from samsyn.access import letters, sign_ins

        translate_with(gettext)
        letters.connect()
        sign_ins.connect()
