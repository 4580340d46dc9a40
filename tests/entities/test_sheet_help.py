"""The page of an import says beforehand what it takes, and a refusal says how to write it."""

from __future__ import annotations

import pytest

from samsyn.entities.importing import plan
from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.limits import limits
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import supplier_add, supplier_retire
from tests.cast import NOON
from tests.entities.making import be, text_of

pytestmark = pytest.mark.django_db


def planned(cast, sheet):
    return plan(SUPPLIER, cast.fjellvik, rows_of(SUPPLIER, sheet), actor=cast.ingvild)


def test_the_columns_are_named_with_what_they_take(cast, client):
    client.force_login(cast.people["ingvild"])
    page = client.get("/suppliers/import/")
    helps = {str(each.label): each for each in page.context["columns"]}
    assert [name for name, each in helps.items() if each.is_needed] == ["Name"]
    words = [str(word) for _key, word in SUPPLIER.model._meta.get_field("criticality").flatchoices]
    assert "a date such as 2027-06-15" in {each.takes for each in helps.values()}
    criticality = next(each for each in helps.values() if words[0] in each.takes)
    assert all(word in criticality.takes for word in words)
    assert all(
        name in text_of(page) and each.takes in text_of(page) for name, each in helps.items()
    )


@pytest.mark.parametrize("room", ["suppliers", "contacts", "indicators"])
@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_every_import_says_it_in_every_language(cast, client, room, language):
    be(client, cast.people["ingvild"], language)
    page = client.get(f"/{room}/import/")
    assert page.status_code == 200
    assert page.context["columns"][0].is_needed


def test_it_is_said_how_many_there_are_and_may_be(cast, client):
    made = [
        supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, name=name, now=NOON)
        for name in ("One", "Two")
    ]
    supplier_retire(actor=cast.ingvild, thing=made[0])
    client.force_login(cast.people["ingvild"])
    numbers = client.get("/suppliers/import/").context["numbers"]
    said = f"{cast.fjellvik.name} has 2 of at most 2000, retired ones counted."
    assert said in numbers


def test_too_many_are_refused_with_the_numbers(cast, settings):
    settings.LIMITS = {each: known.most for each, known in limits().items()} | {"suppliers": 2}
    supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, name="One", now=NOON)
    with pytest.raises(RuleViolation) as refused:
        planned(cast, b"name\nTwo\nThree\n")
    assert "at most 2 suppliers" in str(refused.value)
    assert "There are 1, retired ones counted, and the file adds 2." in str(refused.value)


def test_a_refused_date_shows_how_one_is_written(cast):
    with pytest.raises(RuleViolation, match=r"soon is no date.* as 2027-06-15"):
        planned(cast, b"name,contract_until\nAcme,soon\n")
