"""Ending one's own role is asked as such, and leads to a page that one may see afterwards."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.organisations.models import Contact
from tests.markup import tight

OWN = "This is your own role: you no longer see what it shows."
LAST = "Nobody else has the role"


def end_url(cast, name):
    return f"/organisations/people/{Membership.unscoped.get(person=cast.people[name]).pk}/end/"


@pytest.mark.parametrize(
    ("name", "is_own", "is_last"),
    [("ingvild", True, True), ("liv", False, True), ("jonas", False, False)],
)
def test_the_question_says_whose_role_it_is_and_whether_the_last(
    client, cast, name, is_own, is_last
):
    role = Membership.unscoped.get(person=cast.people["jonas"]).role
    Membership.unscoped.create(person=cast.people["egil"], organisation=cast.fjellvik, role=role)
    text = client.be(cast.people["ingvild"]).get(end_url(cast, name)).content.decode()
    assert (OWN in text) is is_own
    assert (LAST in text) is is_last


def test_after_ones_own_role_one_is_on_the_start_page(client, cast):
    url = end_url(cast, "ingvild")
    Membership.unscoped.create(
        person=cast.people["ingvild"], organisation=cast.fjellvik, role=Role.EMPLOYEE
    )
    assert client.be(cast.people["ingvild"]).post(url).headers["Location"] == "/"
    assert client.get("/", follow=True).status_code == 200


def test_after_ones_only_role_ones_own_account_is_left(client, cast):
    answer = client.be(cast.people["ingvild"]).post(end_url(cast, "ingvild"), follow=True)
    assert answer.status_code == 200
    assert "The role has ended." in answer.content.decode()


def test_after_anothers_role_one_is_at_the_organisation(client, cast):
    answer = client.be(cast.people["ingvild"]).post(end_url(cast, "jonas"))
    assert answer.headers["Location"] == f"/organisations/{cast.fjellvik.pk}/"


def test_a_removed_contact_leads_to_its_organisation_and_so_does_cancel(client, cast):
    contact = Contact.unscoped.get(organisation=cast.fjellvik)
    url = f"/organisations/contacts/{contact.pk}/remove/"
    place = f"/organisations/{cast.fjellvik.pk}/"
    client.be(cast.people["ingvild"])
    assert f'href="{place}">Cancel' in tight(client.get(url).content.decode())
    assert client.post(url).headers["Location"] == place


def test_the_page_says_since_when_and_whose_the_contact_is(client, cast):
    Contact.unscoped.filter(organisation=cast.fjellvik).update(name="Vakta")
    text = client.be(cast.people["ingvild"]).get(f"/organisations/{cast.fjellvik.pk}/")
    assert "Vakta · technical" in text.content.decode()
    assert " · since " in text.content.decode()
