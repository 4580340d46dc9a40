"""Two who write at the same time wait where what is there decides what is written."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, connections

from samsyn.entities import services as entity_services
from samsyn.entities.sheets import SheetRow
from samsyn.indicators.models import Indicator
from samsyn.indicators.services import indicators_import
from samsyn.kernel.errors import RuleViolation, SamsynError
from samsyn.suppliers.models import Supplier
from samsyn.suppliers.services import (
    supplier_add,
    supplier_change,
    suppliers_import,
)
from tests.cast import NOON, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
MEET_SECONDS = 2
PERCENT = {"name": "Backups", "unit": "percent", "direction": "up"}


@pytest.fixture
def cast():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    return make_cast()


def meet_at(monkeypatch, name):
    """Let two threads go on from a function together, if both come there in time."""
    real, gate = getattr(entity_services, name), Barrier(2, timeout=MEET_SECONDS)

    def met(*given, **named):
        made = real(*given, **named)
        with suppress(BrokenBarrierError):  # the other one waits for our transaction to end
            gate.wait()
        return made

    monkeypatch.setattr(entity_services, name, met)


def both(*acts):
    """Do acts at the same time; return what refused each, or None."""
    said = [None] * len(acts)

    def go(place, act):
        try:
            act()
        except SamsynError as error:
            said[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def imports(cast, service, **cells):
    rows = [SheetRow(2, cells)]
    return lambda: service(actor=cast.ingvild, organisation=cast.fjellvik, rows=rows, now=NOON)


def names(model):
    return sorted(model.unscoped.values_list("name", flat=True))


def test_the_same_sheet_twice_at_once_adds_each_thing_once(cast, monkeypatch):
    meet_at(monkeypatch, "plan")
    act = imports(cast, indicators_import, **PERCENT)
    assert both(act, act) == [None, None]
    assert names(Indicator) == ["Backups"]


def test_two_sheets_at_once_do_not_add_names_that_are_one(cast, monkeypatch):
    meet_at(monkeypatch, "plan")
    acts = (imports(cast, suppliers_import, name=name) for name in ("Acme", "ACME"))
    assert both(*acts) == [None, None]
    assert len(names(Supplier)) == 1


def test_two_who_rename_at_once_do_not_make_names_that_are_one(cast, monkeypatch):
    made = [
        supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, name=name, now=NOON)
        for name in ("One", "Two")
    ]
    acts = [
        lambda thing=thing, name=name: supplier_change(actor=cast.ingvild, thing=thing, name=name)
        for thing, name in zip(made, ("Acme", "ACME"), strict=True)
    ]
    meet_at(monkeypatch, "_require_own_name")
    said = both(*acts)
    assert any(isinstance(each, RuleViolation) for each in said)
    assert len({name.casefold() for name in names(Supplier)}) == 2
