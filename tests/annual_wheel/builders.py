"""Makes years, activities and their turns for tests."""

from __future__ import annotations

from typing import Any

from samsyn.annual_wheel import services
from samsyn.annual_wheel.models import Activity, FeedToken, Occurrence, PlanningMark
from tests.cast import NOON, TODAY, Cast


def begin(cast: Cast, keys: Any = ("risk_register", "budget", "incident_test")) -> Any:
    """Begin Fjellvik's year with templates."""
    return services.wheel_begin(
        actor=cast.ingvild, organisation=cast.fjellvik, keys=keys, now=NOON, today=TODAY
    )


def make_activity(cast: Cast, **facts: Any) -> Activity:
    """Make an activity of Fjellvik with the turns of a year; monthly until told otherwise."""
    given = {"title": "Test copies", "frequency": "monthly", "months": [], "role": "ciso"} | facts
    return services.activity_add(
        actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, today=TODAY, **given
    )


def make_occurrence(cast: Cast, **facts: Any) -> Occurrence:
    """Make an activity and return its first turn."""
    activity = make_activity(cast, **facts)
    return Occurrence.unscoped.filter(activity=activity).order_by("due_on").first()


def make_mark(cast: Cast) -> PlanningMark:
    """Make a mark of Fjellvik's own year."""
    return services.mark_add(
        actor=cast.ingvild, organisation=cast.fjellvik, kind="budget", title="Budsjett",
        from_month=9, to_month=11,
    )  # fmt: skip


def make_feed(cast: Cast) -> FeedToken:
    """Make a calendar feed of Ingvild's."""
    return services.feed_create(actor=cast.ingvild, person=cast.people["ingvild"], now=NOON)
