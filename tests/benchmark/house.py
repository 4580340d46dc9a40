"""What this room gives the laws of the house."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from samsyn.benchmark.services import round_join
from tests.benchmark.builders import make_round
from tests.cast import (
    NOON,
    Cast,
)
from tests.house.parts import Parts


def joined(cast: Cast) -> Any:
    round_join(actor=cast.job, organisation=cast.fjellvik, now=NOON, today=timezone.localdate())
    return cast.fjellvik


PARTS = Parts(
    api={
        "benchmark/rounds": "benchmark:close",
    },
    made={
        "benchmark": lambda cast: cast.fjellvik,
        "benchmark:close": make_round,
    },
    ready={
        "benchmark:withdraw": joined,
    },
    lists_of_one=("/benchmark/",),
)
