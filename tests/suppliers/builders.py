from __future__ import annotations

from typing import Any

from samsyn.suppliers.models import Supplier
from samsyn.suppliers.services import supplier_add
from tests.cast import NOON, Cast


def make_supplier(cast: Cast, **facts: Any) -> Supplier:
    """Make a supplier of Fjellvik's, as its security officer does."""
    given = {"name": "Nordlys Drift", **facts}
    made: Supplier = supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, **given)
    return made
