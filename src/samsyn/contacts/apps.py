from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Where organisations want to be reached."""

    name = "samsyn.contacts"
    verbose_name = _("Contacts")
