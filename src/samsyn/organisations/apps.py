from __future__ import annotations

import importlib

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "samsyn.organisations"

    def ready(self) -> None:
        """Tell the scope how people reach organisations."""
        importlib.import_module("samsyn.organisations.access_scope")
