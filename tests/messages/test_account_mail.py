"""Mail about an account comes from the operator that serves the person, and from no stranger."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.access.account_mail import operator_for
from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.messages.models import Message
from samsyn.messages.password_requests import requests_answer
from samsyn.organisations.models import Agreement
from tests.cast import TODAY, make_organisation, make_person


@pytest.fixture
def two(cast, settings):
    """The cast, and Nordvakt with an administrator, and a member with a unit and a leader."""
    settings.EMAIL_BACKEND = "samsyn.messages.backends.OutboxBackend"
    cast.nordvakt = make_organisation("Nordvakt", kind="operator")
    cast.sjovik = make_organisation("Sjovik")
    unit = make_organisation("Sjovik school", parent="Sjovik")
    cast.agreement = Agreement.unscoped.create(
        organisation=cast.sjovik, operator=cast.nordvakt, service="csirt", valid_from="2025-01-01"
    )
    cast.people["nora"] = make_person("nora", cast.nordvakt, Role.ADMINISTRATOR)
    cast.people["siri"] = make_person("siri", unit, Role.LEADER)
    return cast


def asks_for_a_new_password(person):
    Client().post("/accounts/password/reset/", {"email": person.email})
    requests_answer()
    return Message.unscoped.get(to=person.email)


@pytest.mark.parametrize(
    ("name", "operator"),
    [("nora", "Nordvakt"), ("siri", "Nordvakt"), ("henrik", "Samvakt"), ("jonas", "Samvakt")],
)
def test_a_new_password_is_sent_by_the_operator_of_the_person(two, name, operator):
    letter = asks_for_a_new_password(two.people[name])
    assert letter.operator.name == letter.organisation.name == operator
    assert operator in letter.text
    others = {"Nordvakt", "Samvakt"} - {operator}
    assert not any(other in letter.text for other in others)


def test_a_csirt_comes_before_a_virtual_ciso(two):
    Agreement.unscoped.create(
        organisation=two.sjovik, operator=two.samvakt, service="ciso", valid_from="2025-01-01"
    )
    assert operator_for(two.people["siri"].email) == two.nordvakt


def test_who_is_served_by_nobody_or_unknown_is_written_to_by_the_first(two):
    assert operator_for("nobody@nowhere.example") == two.samvakt
    Agreement.unscoped.filter(pk=two.agreement.pk).update(valid_until="2025-12-31")
    assert operator_for(two.people["siri"].email) == two.samvakt


def test_a_role_that_has_ended_says_nothing(two):
    rows = Membership.unscoped.filter(person=two.people["nora"])
    rows.update(since="2025-01-01", ended_on=TODAY)
    assert operator_for(two.people["nora"].email) == two.samvakt
