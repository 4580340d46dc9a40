from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchmarkConfig(AppConfig):
    """Members beside the sector, by their own choice."""

    name = "samsyn.benchmark"
    verbose_name = _("Benchmark")
