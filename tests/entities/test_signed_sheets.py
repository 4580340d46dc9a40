"""A sheet that was shown to one person for one kind of thing is confirmed by nobody else."""

from __future__ import annotations

import pytest

from samsyn.organisations.models import Contact
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.models import Supplier
from tests.entities.making import Making

pytestmark = pytest.mark.django_db
SHEET = Making()
SHEET.entity = SUPPLIER


@pytest.fixture
def shown(cast, client):
    client.force_login(cast.people["ingvild"])
    return {"sheet": SHEET.send_sheet(cast, client, b"name\nAcme\n").context["sheet"]}


def is_refused(answer):
    return answer.status_code == 422 and "Choose the file once more." in answer.content.decode()


@pytest.mark.parametrize("room", ["contacts", "indicators"])
def test_a_sheet_of_another_room_is_refused_in_words(client, shown, room):
    assert is_refused(client.post(f"/{room}/import/", shown))
    assert not Contact.unscoped.filter(name="Acme").exists()


def test_what_another_person_was_shown_is_refused_in_words(cast, client, shown):
    client.force_login(cast.people["sigrid"])
    assert is_refused(client.post("/suppliers/import/", shown))
    assert not Supplier.unscoped.exists()


def test_whoever_was_shown_it_confirms_it_for_the_organisation_that_was_chosen(cast, client, shown):
    given = {**shown, "organisation": cast.elvdal.pk}
    assert client.post("/suppliers/import/", given).status_code == 302
    assert Supplier.unscoped.get().organisation == cast.fjellvik
