from __future__ import annotations

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "samsyn.assets"

    def ready(self) -> None:
        """Judge claims and hosts anew when organisations are no longer one legal entity."""
        from samsyn.assets.parting import claims_part
        from samsyn.organisations.parting import partings_told_to

        partings_told_to(claims_part)
