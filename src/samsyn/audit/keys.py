"""The keys of the trail, which are kept outside the database."""

from __future__ import annotations

from django.conf import settings

from samsyn.audit.rules import Key


def trail_keys() -> list[Key]:
    """Return the keys of this installation, the newest first; new entries use that one."""
    return [Key(secret) for secret in settings.TRAIL_KEYS]
