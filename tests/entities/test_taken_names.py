"""A name that is taken is refused at the name, and of a retired thing it is said what to do."""

from __future__ import annotations

import json

import pytest

from samsyn.suppliers.services import supplier_add, supplier_retire
from tests.cast import NOON
from tests.entities.making import be, csrf, text_of

pytestmark = pytest.mark.django_db
AGAIN = {
    "en": "It is retired (number {}). Choose “Retired ones” in the list",
    "sv": "Den är tagen ur bruk (nummer {}). Välj ”De som är ur bruk” i listan",
    "nb": "Den er tatt ut av bruk (nummer {}). Velg «De som er ute av bruk» i listen",
}


@pytest.fixture
def made(cast):
    return {
        name: supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, name=name)
        for name in ("Used", "Retired", "Other")
    }


@pytest.fixture
def retired(cast, made):
    return supplier_retire(actor=cast.ingvild, thing=made["Retired"])


def by_program(client, method, path, **sent):
    headers = {"X-CSRFToken": csrf(client)}
    content = json.dumps(sent)
    act = getattr(client, method)
    return act(f"/api/suppliers{path}", content, content_type="application/json", headers=headers)


@pytest.mark.parametrize("name", ["Used", "used", "Retired", "rETIRED "])
def test_a_program_is_told_at_the_name_whether_it_is_in_use_or_retired(
    cast, client, made, retired, name
):
    client.force_login(cast.people["ingvild"])
    answers = [
        by_program(client, "post", "", organisation_id=cast.fjellvik.pk, name=name),
        by_program(client, "patch", f"/{made['Other'].pk}", version=1, name=name),
    ]
    for answer in answers:
        assert answer.status_code == 422
        [said] = answer.json()["errors"]
        assert said["field"] == "name"
        assert said["message"].startswith("There is already a supplier with this name.")
        is_retired = "retired" in name.lower()
        assert (AGAIN["en"].format(retired.pk) in said["message"]) == is_retired


@pytest.mark.parametrize("language", AGAIN)
def test_the_form_says_that_it_may_be_taken_into_use_again(cast, client, made, retired, language):
    be(client, cast.people["ingvild"], language)
    given = {"organisation": cast.fjellvik.pk, "name": "retired", "criticality": 2}
    refused = client.post("/suppliers/new/", given)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["name"]
    assert AGAIN[language].format(retired.pk) in text_of(refused)
