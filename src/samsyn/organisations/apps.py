from __future__ import annotations

import importlib

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "samsyn.organisations"

    def ready(self) -> None:
        """Register how the scope of a person is found."""
        importlib.import_module("samsyn.organisations.access_scope")
