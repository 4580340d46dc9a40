"""The words and colours of turns, in one place for wheel, list, year and page."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from samsyn.annual_wheel.circle import SIGNS
from samsyn.annual_wheel.models import Activity, Occurrence
from samsyn.annual_wheel.rules import AHEAD, DONE, LATE, OPEN, SKIPPED, standing_of
from samsyn.ui.components import StateBadge, Tone

A_MONTH = date(2026, 1, 1)
STANDING = {
    LATE: (pgettext_lazy("wheel", "Late"), Tone.DANGER),
    OPEN: (pgettext_lazy("wheel", "Now"), Tone.WARNING),
    AHEAD: (pgettext_lazy("wheel", "Ahead"), Tone.INFO),
    DONE: (pgettext_lazy("wheel", "Done"), Tone.SUCCESS),
    SKIPPED: (pgettext_lazy("wheel", "Skipped"), Tone.NEUTRAL),
}
OTHER = gettext_lazy("From other parts")


def standing(occurrence: Occurrence, today: date) -> str:
    """Return how a turn stands: ahead, open, late, done or skipped."""
    return standing_of(
        state=occurrence.state,
        opens_on=occurrence.opens_on,
        due_on=occurrence.due_on,
        today=today,
    )


def standing_badge(occurrence: Occurrence, today: date) -> StateBadge:
    """Return how a turn stands, as a badge."""
    found = standing(occurrence, today)
    text, tone = STANDING[found]
    return StateBadge(state=found, text=text, tone=tone)


def sign_html(state: str) -> SafeString:
    """Return the sign of the wheel for a state, with its word for those who do not see it."""
    text = STANDING[state][0] if state in STANDING else OTHER
    return format_html(
        '<span class="wheel-sign wheel-{}" aria-hidden="true">{}</span><span class="sr">{}</span>',
        state,
        SIGNS[state],
        text,
    )


def month_names(style: str = "N") -> tuple[str, ...]:
    """Return the twelve months in the reader's language, short, or with ``F`` in full."""
    return _month_names(style, get_language() or "")


@lru_cache(maxsize=16)
def _month_names(style: str, _language: str) -> tuple[str, ...]:
    days = [A_MONTH.replace(month=n) for n in range(1, 13)]
    return tuple(str(formats.date_format(day, style)).rstrip(".") for day in days)


def months_words(activity: Activity) -> str:
    """Return the months of an activity; nothing for all of them."""
    if len(activity.months) == len(month_names()):
        return ""
    return ", ".join(month_names()[month - 1] for month in activity.months)


def window_words(activity: Activity) -> str:
    """Return the days of an activity's window, and its months."""
    days = f"{activity.from_day}–{activity.to_day}"
    return f"{days} · {months}" if (months := months_words(activity)) else days
