from __future__ import annotations

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "samsyn.assets"

    def ready(self) -> None:
        """Judge claims and hosts anew when organisations are no longer one legal entity."""
        from samsyn.assets.parting import claims_part
        from samsyn.organisations.parting import register_parting_follower

        register_parting_follower(claims_part)
