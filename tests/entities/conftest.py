from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.cast import NOON
from tests.entities.linked import DEVICES, KEYS, PLACES, linked_tables, roomy


@pytest.fixture(scope="module")
def _tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), linked_tables():
        yield


@pytest.fixture
def linked(_tables, monkeypatch, settings):
    """Places, devices and keys as rooms of the house."""
    roomy(monkeypatch, settings)


@pytest.fixture
def things(linked, cast):
    """Fjellvik has three places, one of them retired, and Elvdal one; a device and a key."""

    def made(done, name, who=cast.ingvild, organisation=cast.fjellvik, **facts):
        return done.add(actor=who, organisation=organisation, now=NOON, name=name, **facts)

    attic, hall = made(PLACES, "Attic"), made(PLACES, "Hall")
    closed = PLACES.retire(actor=cast.ingvild, thing=made(PLACES, "Closed"))
    theirs = made(PLACES, "Theirs", cast.sigrid, cast.elvdal)
    device = made(DEVICES, "Router", place=attic, note="Old")
    return SimpleNamespace(
        made=made,
        attic=attic,
        hall=hall,
        closed=closed,
        theirs=theirs,
        device=device,
        key=made(KEYS, "Blue", device=device, place=attic),
    )
