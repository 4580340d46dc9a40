"""What this room gives the laws of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from samsyn.annual_wheel.services import activity_stop, feed_create, occurrence_complete
from tests.annual_wheel.builders import make_activity, make_feed, make_mark, make_occurrence
from tests.cast import (
    NOON,
    TODAY,
    Cast,
)
from tests.house.parts import Parts, none


def activities(cast, n):
    make_activity(cast, title=f"Activity {n}", frequency="yearly", months=[n % 12 + 1])


def completed(cast: Cast) -> Any:
    turn = make_occurrence(cast)
    return occurrence_complete(actor=cast.ingvild, occurrence=turn, minutes="Done.", now=NOON)


def later() -> str:
    """Return a day that is still to come."""
    return (timezone.localdate() + timedelta(days=20)).isoformat()


def one_more_feed(cast):
    feed_create(actor=cast.jonas, person=cast.people["jonas"], now=NOON)


def stopped_activity(cast: Cast) -> Any:
    return activity_stop(actor=cast.ingvild, activity=make_activity(cast), now=NOON, today=TODAY)


PARTS = Parts(
    bodies={
        "/api/wheel/begin": {"keys": ["x"]},
        "/api/wheel/activities": {"frequency": "yearly"},
        "/api/wheel/marks": {"kind": "budget", "from_month": 1, "to_month": 2},
    },
    made={
        "wheel": make_occurrence,
        "wheel:activity": lambda cast: make_occurrence(cast).activity,
        "wheel:change": lambda cast: make_occurrence(cast).activity,
        "wheel:stop": lambda cast: make_occurrence(cast).activity,
        "wheel:resume": lambda cast: make_occurrence(cast).activity,
        "wheel:begin": lambda cast: cast.fjellvik,
        "wheel:usual": lambda cast: cast.fjellvik,
        "wheel:mark-add": lambda cast: cast.fjellvik,
        "wheel:mark-remove": make_mark,
        "wheel:feed-end": make_feed,
    },
    api={
        "activities": "wheel",
        "wheel/activities": "wheel:activity",
        "wheel/marks": "wheel:mark-remove",
    },
    given={
        "wheel:complete": lambda _form: {"minutes": "Done, all together."},
        "wheel:create": lambda _form: {"frequency": "monthly", "months": []},
        "wheel:move": lambda _form: {"due_on": later()},
    },
    ready={
        "wheel:reopen": completed,
        "wheel:resume": stopped_activity,
    },
    filled=(make_occurrence, make_mark),
    lists={
        "/wheel/": activities,
        "/wheel/?year=2027": activities,
        "/wheel/year/": activities,
        "/wheel/list/": activities,
    },
    own_lists=("/wheel/",),
    lists_of_one=("/wheel/", "/wheel/list/", "/wheel/year/"),
    unrecorded={
        "wheel:feeds": "one's own",
    },
    limits={
        "activities": (none, make_activity),
        "marks": (none, make_mark),
        "feeds": (none, one_more_feed),
    },
)
