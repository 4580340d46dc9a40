"""An organisation's page tells what was done to it, and to its roles, contacts and agreements."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.access.services import membership_end, membership_grant
from samsyn.audit.models import Entry
from samsyn.contacts.services import contact_add
from samsyn.organisations.models import Assignment, Contact
from samsyn.organisations.services import contact_remove
from samsyn.organisations.serving import agreement_accept, assignment_end
from tests.organisations.boundary import sign


def story(client, cast, name, organisation):
    answer = client.be(cast.people[name]).get(f"/organisations/{organisation.pk}/")
    text = re.sub(r"<[^>]+>", "", answer.content.decode())
    return text[text.index("Created by") if "Created by" in text else 0 :]


@pytest.fixture
def done(cast):
    """What a member's security officer and its operator have done today."""
    today = timezone.localdate()
    made = contact_add(
        actor=cast.ingvild, organisation=cast.fjellvik, purpose="management", email="sjef@x.example"
    )
    contact_remove(actor=cast.ingvild, contact=Contact.unscoped.get(pk=made.pk))
    membership_grant(
        actor=cast.ingvild,
        organisation=cast.fjellvik,
        email="ny@fjellvik.example",
        name="Nyvar",
        role=Role.TECHNICIAN,
        language="nb",
    )
    membership_end(
        actor=cast.ingvild,
        membership=Membership.unscoped.get(person=cast.people["jonas"]),
        on=today,
    )
    offer = sign(cast, cast.henrik, cast.fjellvik, valid_from=today)
    agreement_accept(actor=cast.ingvild, agreement=offer, today=today)


def test_roles_contacts_and_agreements_are_told(client, cast, done):
    text = story(client, cast, "ingvild", cast.fjellvik)
    for said in (
        "Added a contact: management: sjef@x.example",
        "Removed a contact: management: sjef@x.example",
        "Ended a role: Jonas (",
        "Accepted an agreement: Fjellvik – Samvakt: virtual CISO",
    ):
        assert said in text
    assert "Nyvar (" in text


def test_it_is_told_in_the_readers_language(client, cast, done):
    cast.people["ingvild"].language = "sv"
    cast.people["ingvild"].save()
    text = story(client, cast, "ingvild", cast.fjellvik)
    assert "Fjellvik – Samvakt: virtuell CISO" in text
    assert "management: sjef" not in text


def test_nothing_of_another_organisation_is_told(client, cast, done):
    assert "sjef@x.example" not in story(client, cast, "sigrid", cast.elvdal)


def test_the_operators_page_tells_of_assignments(client, cast):
    held = Assignment.unscoped.filter(person=cast.people["astrid"]).first()
    assignment_end(actor=cast.henrik, assignment=held, on=timezone.localdate())
    text = story(client, cast, "henrik", cast.samvakt)
    assert "Ended an assignment to members: Astrid: CSIRT membership" in text


def test_who_may_not_see_the_trail_is_told_nothing(client, cast, done):
    assert Entry.objects.filter(organisation_id=cast.fjellvik.pk).exists()
    text = story(client, cast, "egil", cast.fjellvik)
    assert "What was done" not in text
    assert "sjef@x.example" not in text
