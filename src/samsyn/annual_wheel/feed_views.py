"""The calendar feed: opened by its secret address, without signing in and without cookies."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from samsyn.access.http import client_place
from samsyn.access.pace import WINDOW_SECONDS, count
from samsyn.access.permissions import Permission
from samsyn.access.reading import note_subscribed
from samsyn.access.rows import become
from samsyn.access.selectors import actor_of
from samsyn.annual_wheel.feed import feed_of
from samsyn.annual_wheel.making import feed_was_read
from samsyn.annual_wheel.selectors import feed_by_secret
from samsyn.kernel.errors import NotFound

READ_MOST = 60  # of one address of a feed in ten minutes
WRONG_MOST = 30  # from one place in ten minutes
DEAD = _(
    "This calendar address does not work. It may have been ended, or a part of it is missing. "
    "Sign in to Samsyn and make a new one under The year in my calendar."
)
# A feed shows what is due, whatever else its person may do.
SEES = frozenset(
    {
        Permission.WHEEL_VIEW,
        Permission.ACTIONS_VIEW,
        Permission.DECISIONS_RECORD,
        Permission.FINDINGS_VIEW,
        Permission.FINDINGS_ANSWER,
    }
)


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the calendar of whoever's secret it is, in their language."""
    place = client_place(request)
    if count(f"feed:wrong:{place}", add=0) > WRONG_MOST:
        return _plain(HTTPStatus.TOO_MANY_REQUESTS)
    try:
        found = feed_by_secret(secret)
    except NotFound:
        count(f"feed:wrong:{place}")
        return _plain(HTTPStatus.NOT_FOUND, str(DEAD))
    if count(f"feed:read:{found.pk}") > READ_MOST:
        return _plain(HTTPStatus.TOO_MANY_REQUESTS)
    person = found.person
    actor = replace(actor_of(person), only=SEES)
    become(actor)
    feed_was_read(found, now=timezone.now())
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        sent = feed_of(actor=actor, today=timezone.localdate(), is_own_only=found.is_own_only)
    note_subscribed(actor, sent.organisations, feed=found)
    response = HttpResponse(sent.text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="samsyn.ics"'
    return _private(response)


def _plain(status: HTTPStatus, text: str = "") -> HttpResponse:
    """Answer in words, for whoever opens the address in a browser; calendars read the status."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(WINDOW_SECONDS)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response
