"""Times as people say them: the exact time in the reader's zone, and how far away it is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400


def moment_html(at: datetime, *, now: datetime | None = None) -> SafeString:
    """Return a moment with its weekday in the reader's zone, and how far from ``now`` it is."""
    return format_html(
        '<time datetime="{}">{} <span class="ago">{}</span></time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        moment_text(at),
        distance_text(at, now=now or timezone.now()),
    )


def zone_text(at: datetime) -> str:
    """Return the zone in which the reader is shown a moment, such as ``CET (UTC+1)``."""
    local = timezone.localtime(at)
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")
    name = local.tzname() or ""  # places without a letter code are named by their offset alone
    return f"{name} ({offset})" if name[:1].isalpha() else offset


def moment_text(at: datetime) -> str:
    """Return a moment in the reader's zone: weekday, date and time."""
    return _moment_text(timezone.localtime(at), get_language() or "")


def _moment_text(local: datetime, language: str) -> str:
    # Days and minutes come again on every page, moments do not.
    day = _weekday_text(local.toordinal(), language)
    return f"{day} {_minute_text(local.hour, local.minute, language)}"


@lru_cache(maxsize=6000)
def _weekday_text(ordinal: int, language: str) -> str:
    day = date.fromordinal(ordinal)
    return f"{_day_text(day, 'D', language)} {_day_text(day, 'SHORT_DATE_FORMAT', language)}"


@lru_cache(maxsize=6000)  # a day in three languages
def _minute_text(hour: int, minute: int, _language: str) -> str:
    return formats.time_format(time(hour, minute), "TIME_FORMAT")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, asked once for a whole list: the moment, the language and the zone."""

    now: datetime
    language: str
    zone: tzinfo

    @classmethod
    def here(cls) -> Reader:
        """Return the reader of the page that is being made."""
        return cls(timezone.now(), get_language() or "", timezone.get_current_timezone())


def short_html(at: datetime, *, reader: Reader) -> SafeString:
    """Return how long ago, for a narrow column; the exact time is in its tooltip."""
    exact = _moment_text(at.astimezone(reader.zone), reader.language)
    away = _distance(*_measure((at - reader.now).total_seconds()), reader.language)
    # Safe: a moment holds no letters but those of our own formats and messages.
    return SafeString(
        f'<time datetime="{at.astimezone(UTC).isoformat(timespec="seconds")}"'
        f' title="{exact}">{away}</time>'
    )


def day_text(day: date) -> str:
    """Return a date in the reader's language, short."""
    return _day_text(day, "SHORT_DATE_FORMAT", get_language() or "")


def day_of_year_text(day: date) -> str:
    """Return a date without its year, for the axis of a chart: "3 Nov", "3. nov"."""
    return _with_short_month(day, "j. M" if get_language() == "nb" else "j M")


def month_text(day: date, *, with_year: bool = False) -> str:
    """Return the month of a date, short: "Nov 2026", "nov 2026"."""
    return _with_short_month(day, "M Y" if with_year else "M")


def _with_short_month(day: date, form: str) -> str:
    # Django begins a short month with a capital, which only English does.
    language = get_language() or ""
    return _day_text(day, form if language == "en" else form.replace("M", "b"), language)


@lru_cache(maxsize=12_000)
def _day_text(day: date, form: str, _language: str) -> str:
    return formats.date_format(day, form)


def clock_text(at: datetime) -> str:
    """Return the time of day if it is today in the reader's zone, else weekday and date too."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return _minute_text(local.hour, local.minute, get_language() or "")
    return moment_text(at)


def distance_text(at: datetime, *, now: datetime) -> str:
    """Return how far ``at`` is from ``now``: "in 3 hours", "2 days ago", "just now"."""
    return _distance(*_measure((at - now).total_seconds()), get_language() or "")


def _measure(seconds: float) -> tuple[str, int, bool]:
    away = abs(seconds)
    size = _SIZES[bisect_right(_BELOW, away)]
    return size.name, int(away // size.seconds), seconds > 0


@dataclass(frozen=True, slots=True)
class _Size:
    """A unit of time, and the distance in seconds below which it is used."""

    name: str
    seconds: float
    below: float


_SIZES = (
    _Size("now", MINUTE, MINUTE),
    _Size("minute", MINUTE, HOUR),
    _Size("hour", HOUR, 2 * DAY),
    _Size("day", DAY, 60 * DAY),
    _Size("month", 30.44 * DAY, float("inf")),
)
_BELOW = [size.below for size in _SIZES]


@lru_cache(maxsize=2000)
def _distance(unit: str, count: int, is_ahead: bool, _language: str) -> str:
    if unit == "now":
        return _("just now")
    amount = {
        "minute": ngettext("%d minute", "%d minutes", count),
        "hour": ngettext("%d hour", "%d hours", count),
        "day": ngettext("%d day", "%d days", count),
        "month": ngettext("%d month", "%d months", count),
    }[unit] % count
    return _("in %s") % amount if is_ahead else _("%s ago") % amount
