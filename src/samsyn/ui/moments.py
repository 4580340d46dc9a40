"""Times as people say them: the exact time in the reader's zone, and how far away it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def moment_html(at: datetime, *, now: datetime | None = None) -> SafeString:
    """Return a moment with its weekday in the reader's zone, and how far from ``now`` it is."""
    return format_html(
        '<time datetime="{}">{} <span class="ago">{}</span></time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        moment_text(at),
        distance_text(at, now=now or timezone.now()),
    )


def moment_text(at: datetime) -> str:
    """Return a moment in the reader's zone: weekday, date and time."""
    local = timezone.localtime(at)
    return (
        f"{formats.date_format(local, 'D')} {formats.date_format(local, 'SHORT_DATETIME_FORMAT')}"
    )


def short_html(at: datetime | None, *, now: datetime) -> SafeString | str:
    """Return how long ago, for a narrow column; the exact time is in its tooltip."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        moment_text(at),
        distance_text(at, now=now),
    )


def day_text(day: date) -> str:
    """Return a date in the reader's language, short."""
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def clock_text(at: datetime) -> str:
    """Return the time of day if it is today in the reader's zone, else weekday and date too."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return formats.date_format(local, "TIME_FORMAT")
    return moment_text(at)


def distance_text(at: datetime, *, now: datetime) -> str:
    """Return how far ``at`` is from ``now``: "in 3 hours", "2 days ago", "just now"."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    amount = _amount(abs(seconds))
    return _("in %s") % amount if seconds > 0 else _("%s ago") % amount


def _amount(seconds: float) -> str:
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%d minute", "%d minutes", count) % count
    if seconds < 2 * DAY:
        count = int(seconds // HOUR)
        return ngettext("%d hour", "%d hours", count) % count
    if seconds < 60 * DAY:
        count = int(seconds // DAY)
        return ngettext("%d day", "%d days", count) % count
    count = int(seconds // (30.44 * DAY))
    return ngettext("%d month", "%d months", count) % count
