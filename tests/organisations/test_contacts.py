"""Contacts: an address serves a purpose once, however it is written."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from samsyn.contacts.services import contact_add
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact

pytestmark = pytest.mark.django_db
step = importlib.import_module("samsyn.organisations.migrations.0003_once_whatever_the_case")


def add(cast, email, purpose="technical"):
    return contact_add(actor=cast.ingvild, organisation=cast.fjellvik, purpose=purpose, email=email)


@pytest.mark.parametrize("email", ["DRIFT@fjellvik.example", "drift@FJELLVIK.example"])
def test_the_same_address_in_capitals_is_refused_in_words(cast, email):
    with pytest.raises(RuleViolation, match="already serves that purpose"):
        add(cast, email)
    assert add(cast, email, purpose="management")


def test_capitals_beyond_a_to_z_in_a_domain_are_the_same_address(cast):
    add(cast, "vakt@fjällvik.example")
    with pytest.raises(RuleViolation, match="already serves that purpose"):
        add(cast, "vakt@FJÄLLVIK.example")


def test_the_database_refuses_it_too(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.unscoped.create(
            organisation=cast.fjellvik, purpose="technical", email="DRIFT@fjellvik.example"
        )


@pytest.mark.once  # only the owner of the tables may rebuild an index
def test_of_doubles_from_before_the_oldest_stays(cast):
    oldest = Contact.unscoped.get(organisation=cast.fjellvik)
    with connection.cursor() as cursor:
        cursor.execute("drop index contact_once")
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="technical", email="DRIFT@fjellvik.example"
    )
    step.remove_double_contacts(apps, None)
    assert Contact.unscoped.get(organisation=cast.fjellvik) == oldest
