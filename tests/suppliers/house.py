"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count
from typing import Any

from samsyn.suppliers.services import supplier_retire
from tests.cast import (
    Cast,
)
from tests.house.parts import FORMS, Parts, csv, none
from tests.suppliers.builders import make_supplier

number = count(1)


def one_more_supplier(cast):
    make_supplier(cast, name=f"Supplier {next(number)}")


def retired_supplier(cast: Cast) -> Any:
    return supplier_retire(actor=cast.ingvild, thing=make_supplier(cast))


def suppliers(cast, n):
    make_supplier(cast, name=f"Supplier {n}")


PARTS = Parts(
    made={
        "suppliers": make_supplier,
    },
    bodies={
        "/api/suppliers": {"name": "x"},
    },
    queries={
        "suppliers:several": lambda cast: f"?chosen={make_supplier(cast).pk}",
    },
    given={
        "suppliers:import": lambda _form: {"file": csv("name;criticality\nNordlys;3\n")},
        "suppliers:several": lambda _form: {"criticality": 4},
    },
    ready={
        "suppliers:resume": retired_supplier,
    },
    filled=(make_supplier,),
    lists={
        "/suppliers/": suppliers,
    },
    own_lists=("/suppliers/",),
    lists_of_all=("/suppliers/",),
    lists_of_one=("/suppliers/",),
    unrecorded={
        "suppliers:import": FORMS,
        "suppliers:several": "leads to the list where no row has been chosen",
    },
    limits={
        "suppliers": (none, one_more_supplier),
    },
)
