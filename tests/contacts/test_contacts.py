"""Contacts: what every declared thing keeps, and what letters need."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE, contact_add, contact_change
from samsyn.entities.importing import plan
from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact
from tests.entities.contract import EntityContract


class TestContact(EntityContract):
    entity = CONTACT
    done = DONE
    facts = {
        "email": "ledelse@fjellvik.example",
        "purpose": "management",
        "name": "Stab",
        "phone": "+47 400 00 000",
        "language": "nb",
    }
    changed = {"name": "Staff", "phone": "+47 400 00 001", "language": "en"}

    def called_as(self, word):
        return f"{word.lower()}@fjellvik.example"

    def led_to(self, made):
        return made.organisation.get_absolute_url()

    @pytest.fixture(autouse=True)
    def _none_before(self, cast):
        Contact.unscoped.all().delete()


def test_one_address_for_two_purposes_is_two_rows_of_a_sheet(cast):
    address = b"drift@fjellvik.example"
    sheet = b"purpose;email;name\ntechnical;%b;Drift\n24-7;%b;Vakt\n" % (address, address)
    found = plan(CONTACT, cast.fjellvik, rows_of(CONTACT, sheet), actor=cast.ingvild)
    assert [str(p.thing.purpose) for p in found.changed] == ["technical"]
    assert [str(p.thing.purpose) for p in found.added] == ["24-7"]
    with pytest.raises(RuleViolation, match="Purpose"):
        rows_of(CONTACT, b"email\nx@fjellvik.example\n")


def test_the_address_of_earlier_leads_to_the_form_with_the_organisation_chosen(client, cast):
    client.force_login(cast.people["astrid"])
    led = client.get(f"/organisations/{cast.elvdal.pk}/contacts/new/", follow=True)
    assert led.status_code == 200
    assert led.context["form"].fields["organisation"].initial == cast.elvdal.pk


def test_a_contact_is_removed_on_its_page_and_put_right_from_the_organisation(client, cast):
    contact = Contact.unscoped.get(organisation=cast.fjellvik)
    client.force_login(cast.people["ingvild"])
    page = client.get(contact.get_absolute_url()).content.decode()
    assert reverse("organisations:contact-remove", args=[contact.pk]) in page
    place = client.get(cast.fjellvik.get_absolute_url()).content.decode()
    assert reverse("contacts:change", args=[contact.pk]) in place


def test_an_address_that_has_changed_is_told_to_nobody_else(cast):
    contact = Contact.unscoped.get(organisation=cast.fjellvik)
    contact_change(actor=cast.ingvild, thing=contact, email="ny@fjellvik.example")
    other = contact_add(
        actor=cast.ingvild,
        organisation=cast.fjellvik,
        purpose="technical",
        email="to@fjellvik.example",
    )
    with pytest.raises(RuleViolation, match="already serves that purpose"):
        contact_change(actor=cast.ingvild, thing=other, email="NY@fjellvik.example")
