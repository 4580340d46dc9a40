"""How far each kind of agreement opens a member: which rights, and how far down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.permissions import (
    BY_CISO_AGREEMENT,
    OPENINGS,
    Permission,
    Role,
    granted_by,
)
from samsyn.organisations.access_scope import agreements_over
from samsyn.organisations.models import Agreement, Assignment, Service
from tests.cast import make_person
from tests.organisations.boundary import TODAY, reached, second_operator

READ = {"ORGANISATIONS_VIEW", "RESOURCES_VIEW", "FINDINGS_VIEW", "SITUATION_VIEW"}
ONE_DAY = timedelta(days=1)
OF_THE_AGREEMENT = {Permission.AGREEMENTS_SIGN, Permission.STAFF_CHANGE}


@pytest.fixture
def client_of(cast):
    """Let Nordvakt be Fjellvik's virtual CISO, with people of every operator's role."""
    nordvakt, _sjovik = second_operator(cast)
    cast.people["nanna"] = make_person("nanna", nordvakt, Role.ADVISER)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    for name in ("nils", "nora", "nanna"):
        Assignment.unscoped.create(organisation=nordvakt, person=cast.people[name], service="ciso")
    return cast


def test_every_service_says_what_it_opens():
    assert set(OPENINGS) == set(Service.values)


@pytest.mark.parametrize("name", ["nils", "nora", "nanna"])
def test_a_virtual_ciso_reaches_the_legal_entity_that_agreed_and_nothing_below(client_of, name):
    for permission in Permission:
        found = reached(getattr(client_of, name), permission)
        assert found <= {"Nordvakt", "Sjovik", "Fjellvik", "Fjellvik school"}, permission


@pytest.mark.parametrize("name", ["nils", "nora", "nanna"])
def test_a_virtual_ciso_has_the_own_work_reading_and_answering_and_no_more(client_of, name):
    may = {p for p in Permission if "Fjellvik" in reached(getattr(client_of, name), p)}
    reading = {Permission[each] for each in READ}
    answers = {Permission.FINDINGS_ANSWER, Permission.SITUATION_BUILD}
    assert may <= BY_CISO_AGREEMENT | reading | answers | OF_THE_AGREEMENT


def test_an_adviser_does_the_own_work_and_answers_findings(client_of):
    for permission in (*BY_CISO_AGREEMENT, Permission.FINDINGS_ANSWER, Permission.FINDINGS_VIEW):
        assert {"Fjellvik", "Fjellvik school"} <= reached(client_of.nanna, permission), permission


def test_no_role_has_the_rights_of_a_csirt_by_an_agreement_on_a_virtual_ciso():
    closed = {
        Permission.ORGANISATIONS_ARRANGE,
        Permission.ORGANISATIONS_CHANGE,
        Permission.RESOURCES_CHANGE,
        Permission.RESOURCES_CONFIRM,
        Permission.FINDINGS_CHANGE,
        Permission.PEOPLE_CHANGE,
        Permission.PEOPLE_VIEW,
        Permission.TRAIL_VIEW,
        Permission.MESSAGES_SEND,
        Permission.MESSAGES_VIEW,
        Permission.SECTOR_VIEW,
    }
    for role in Role:
        assert not granted_by(role, "ciso", same_entity=True) & closed, role
        assert not granted_by(role, "ciso", same_entity=False), role


def test_a_csirt_reaches_the_companies_but_no_own_work(cast):
    assert "Fjellvik Vann" in reached(cast.astrid, Permission.FINDINGS_VIEW)
    for role in Role:
        assert not granted_by(role, "csirt", same_entity=True) & BY_CISO_AGREEMENT


@pytest.mark.parametrize(
    ("service", "of", "reaches"),
    [
        ("csirt", "vann", True),
        ("csirt", "school", True),
        ("ciso", "vann", False),
        ("ciso", "school", True),
        ("ciso", "fjellvik", True),
    ],
)
def test_an_agreement_reaches_below_its_member_as_far_as_its_service(cast, service, of, reaches):
    """One answer for who serves: what moves, benchmarks and letters go by it."""
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(service=service)
    over = agreements_over(getattr(cast, of))
    assert over.exists() == agreements_over(getattr(cast, of).pk).exists() == reaches


@pytest.mark.parametrize(
    ("changed", "reaches"),
    [
        ({"valid_from": "tomorrow"}, False),
        ({"valid_from": "today"}, True),
        ({"valid_until": "yesterday"}, False),
        ({"valid_until": "today"}, True),
        ({"accepted_on": None}, False),
    ],
)
def test_only_an_agreement_in_force_reaches_anything(cast, changed, reaches):
    today = timezone.localdate()
    days = {"yesterday": today - ONE_DAY, "today": today, "tomorrow": today + ONE_DAY}
    kept = {name: days.get(value) for name, value in changed.items()}
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(**kept)
    assert agreements_over(cast.vann).exists() == reaches
