"""Programs add, place and change organisations by the rules of the pages."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership, RoleOffer
from samsyn.organisations.models import Agreement, Assignment, Contact, Organisation
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def astrid(cast):
    return Program(cast, "astrid")


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def test_an_analyst_adds_a_member_and_is_assigned_to_it(astrid, cast):
    given = {"name": "Sjovik", "kind": "municipality", "country": "SE"}
    made = astrid.post("/api/organisations", given).json()
    assert (made["name"], made["language"], made["version"]) == ("Sjovik", "sv", 1)
    agreement = Agreement.unscoped.get(organisation=made["id"])
    assert agreement.operator == cast.samvakt
    assert astrid.get(f"/api/organisations/{made['id']}").status_code == 200


def test_a_unit_below_a_member_is_covered_by_its_agreement(astrid, cast):
    given = {"name": "Library", "kind": "unit", "parent_id": cast.fjellvik.pk}
    made = astrid.post("/api/organisations", given).json()
    assert made["parent_id"] == cast.fjellvik.pk
    assert not Agreement.unscoped.filter(organisation=made["id"]).exists()


def test_a_member_adds_no_organisation(ingvild):
    given = {"name": "Sjovik", "kind": "municipality"}
    assert ingvild.post("/api/organisations", given).status_code == 404
    assert not Organisation.unscoped.filter(name="Sjovik").exists()


def test_a_member_changes_its_own_facts_and_not_its_place(ingvild, cast):
    url = f"/api/organisations/{cast.fjellvik.pk}"
    answer = ingvild.patch(url, {"population": 4200}, If_Match='"1"')
    assert (answer.status_code, answer.json()["population"]) == (200, 4200)
    assert ingvild.patch(url, {"population": 1}, If_Match='"1"').status_code == 412
    assert ingvild.post(f"{url}/arrange", {"kind": "region"}).status_code == 403


def test_an_analyst_renames_and_places(astrid, cast):
    given = {"kind": "company", "name": "Vann AS", "parent_id": cast.fjellvik.pk}
    answer = astrid.post(f"/api/organisations/{cast.vann.pk}/arrange", given)
    assert (answer.status_code, answer.json()["name"]) == (200, "Vann AS")


def test_a_contact_is_added_listed_and_removed(ingvild, cast):
    given = {
        "organisation_id": cast.fjellvik.pk, "purpose": "24-7", "email": "vakt@fjellvik.example",
    }  # fmt: skip
    made = ingvild.post("/api/contacts", given).json()
    listed = ingvild.get(f"/api/contacts?organisation={cast.fjellvik.pk}&purpose=24-7").json()
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    assert ingvild.post(f"/api/contacts/{made['id']}/remove").status_code == 204
    assert not Contact.unscoped.filter(pk=made["id"]).exists()


def test_whoever_gives_a_role_is_not_told_whether_it_is_an_offer(ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "name": "X", "role": "auditor"}
    new = ingvild.post("/api/roles", {**given, "email": "new@fjellvik.example"})
    known = ingvild.post("/api/roles", {**given, "email": cast.people["sigrid"].email})
    assert (new.status_code, new.content) == (known.status_code, known.content) == (204, b"")
    offer = RoleOffer.unscoped.get()
    assert ingvild.post(f"/api/role-offers/{offer.pk}/take-back").status_code == 204


def test_a_role_is_ended(ingvild, cast):
    role = Membership.unscoped.get(person=cast.people["jonas"])
    assert ingvild.post(f"/api/roles/{role.pk}/end").json()["role"] == "technician"
    assert Program(cast, "jonas").get("/api/findings").status_code == 403, "no role anywhere"


def test_an_offer_is_accepted_by_the_member_and_ended_by_either(astrid, ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "service": "ciso"}
    offer = astrid.post("/api/agreements", given).json()
    assert offer["accepted_on"] is None
    assert astrid.post(f"/api/agreements/{offer['id']}/accept").status_code in {403, 422}
    answer = ingvild.post(f"/api/agreements/{offer['id']}/accept", If_Match='"1"')
    assert answer.status_code == 200
    assert answer.json()["accepted_on"]
    url = f"/api/agreements/{offer['id']}/withdraw"
    assert ingvild.post(url, If_Match=answer["ETag"]).json()["ended_on"]


def test_an_assignment_heeds_no_version_that_it_does_not_have(cast):
    henrik = Program(cast, "henrik")
    given = Assignment.unscoped.get(person=cast.people["astrid"])
    assert henrik.post(f"/api/assignments/{given.pk}/end", If_Match='"1"').status_code == 412
    assert henrik.post(f"/api/assignments/{given.pk}/end").status_code == 200
