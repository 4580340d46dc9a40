from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "samsyn.jobs"

    def ready(self) -> None:
        """Let every room's jobs.py register what it runs."""
        autodiscover_modules("jobs")
