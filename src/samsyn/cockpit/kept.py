"""Home pages made once for all who see the same, rather than once for each of them.

Eight analysts look at one desk. It is made anew when anything has changed, when the clock
has moved on a minute (it says how long ago), and for each who sees something else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from samsyn.access.actor import Actor
from samsyn.analytics.version_cache import cached_by_version
from samsyn.audit.selectors import trail_version
from samsyn.findings.selectors import findings_version
from samsyn.ui.components.base import Component

PAGES_MOST = 400  # a member's page is 50 kB


def content_kept(
    name: str, make: Callable[[], dict[str, Any]], *, actor: Actor, now: datetime, of: object = None
) -> dict[str, Any]:
    """Return what a page shows, its components as finished HTML, made once a minute at most.

    Args:
        name: of the page.
        make: returns the page's content.
        actor: who looks; those who may do the same in the same organisations share it.
        now: the moment it is looked at.
        of: the id of what the page is about, where there are many such pages.

    """
    key = (of, *_mark(actor, now))
    return cached_by_version(name, key, lambda: _finished(make()), most=PAGES_MOST)


def _mark(actor: Actor, now: datetime) -> tuple[object, ...]:
    minute = int(now.timestamp()) // 60
    reader = (get_language(), timezone.get_current_timezone_name(), minute)
    return (findings_version(), trail_version(), actor.permissions_key(), *reader)


def _finished(content: dict[str, Any]) -> dict[str, Any]:
    return {
        name: piece.html() if isinstance(piece, Component) else piece
        for name, piece in content.items()
    }
