"""What this room gives the laws of the house."""

from __future__ import annotations

from typing import Any

from samsyn.indicators.services import indicator_retire
from tests.cast import (
    Cast,
)
from tests.house.parts import FORMS, Parts, csv, none
from tests.indicators.builders import make_indicator, make_measurement


def indicators(cast, n):
    make_indicator(cast, name=f"Indicator {n}")


def stopped_indicator(cast: Cast) -> Any:
    return indicator_retire(actor=cast.ingvild, thing=make_indicator(cast))


PARTS = Parts(
    api={
        "measurements": "indicators:correct",
    },
    made={
        "indicators": make_indicator,
        "indicators:begin": lambda cast: cast.fjellvik,
        "indicators:usual": lambda cast: cast.fjellvik,
        "indicators:measurement": make_measurement,
        "indicators:correct": make_measurement,
    },
    bodies={
        "/api/indicators/{pk}/measurements": {"on": "2026-03-02", "value": 1},
        "/api/indicators": {"name": "x", "unit": "percent", "direction": "up"},
        "/api/indicators/begin": {"keys": ["x"]},
        "/api/measurements/{pk}/correct": {"value": 1, "note": "x"},
    },
    queries={"indicators:several": lambda cast: f"?chosen={make_indicator(cast).pk}"},
    given={
        "indicators:import": lambda _form: {"file": csv("name;unit;direction\nDoors;count;down\n")},
        "indicators:several": lambda _form: {"frequency": "yearly"},
    },
    ready={
        "indicators:resume": stopped_indicator,
    },
    filled=(make_indicator,),
    lists={
        "/indicators/": indicators,
    },
    own_lists=("/indicators/",),
    lists_of_all=("/indicators/",),
    lists_of_one=("/indicators/",),
    unrecorded={
        "indicators:import": FORMS,
        "indicators:several": "leads to the list where no row has been chosen",
    },
    limits={
        "indicators": (none, make_indicator),
    },
)
