from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Tells other programs what has happened."""

    name = "samsyn.webhooks"
    verbose_name = _("Webhooks")
