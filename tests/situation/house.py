"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.findings.selectors import episodes
from samsyn.situation.measures import freeze
from tests.cast import (
    make_edition,
)
from tests.house.parts import FORMS, Parts


def edition(cast):
    made = make_edition(cast.fjellvik, state="published")
    nothing = f"(select * from {episodes(actor=cast.job)} where false)"
    freeze(nothing, members=[], period=made.period, path=made.frozen_path)
    return made


def editions(cast, n):
    make_edition(cast.fjellvik, begins_on=f"{2000 + n // 12}-{n % 12 + 1:02d}-01")


PARTS = Parts(
    bodies={
        "/api/editions/build": {"period": "2026-02"},
        "/api/editions/{pk}/words": {"words": "x", "language": "nb"},
    },
    made={
        "situation": edition,
    },
    api={
        "editions": "situation",
    },
    given={
        "situation:write": lambda _form: {"words": "Fewer findings than last month."},
    },
    ready={
        "situation:publish": lambda cast: make_edition(cast.samvakt),
        "situation:write": lambda cast: make_edition(cast.samvakt, digest="0" * 64),
    },
    filled=(lambda cast: make_edition(cast.fjellvik),),
    lists={
        "/situation/": editions,
    },
    lists_of_all=("/situation/",),
    unrecorded={
        "situation:build": FORMS,
    },
)
