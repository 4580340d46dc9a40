"""Whom an operator's people reach at the operator itself, and who holds a right where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Permission, Role
from samsyn.organisations.access_scope import holders_at
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import make_organisation, make_person
from tests.organisations.boundary import TODAY, reached, second_operator

FINDINGS = Permission.FINDINGS_VIEW
ONE_DAY = timedelta(days=1)


@pytest.fixture
def parts(cast):
    """Give Samvakt a lab, a company, and a school with a class below it."""
    made = {
        name: make_organisation(f"Samvakt {name}", kind=kind, parent=parent)
        for name, kind, parent in (
            ("lab", "unit", "Samvakt"),
            ("company", "company", "Samvakt"),
            ("school", "unit", "Samvakt"),
            ("class", "unit", "Samvakt school"),
        )
    }
    return cast, made


def agree(cast, organisation, **fields):
    given = {"service": "csirt", "valid_from": TODAY, "operator": cast.samvakt} | fields
    return Agreement.unscoped.create(organisation=organisation, **given)


def of_samvakt(actor):
    return {name for name in reached(actor, FINDINGS) if name.startswith("Samvakt")}


def test_staff_reach_the_operators_units_and_not_its_company(parts):
    cast, _made = parts
    units = {"Samvakt", "Samvakt lab", "Samvakt school", "Samvakt class"}
    assert of_samvakt(cast.albin) == units


@pytest.mark.parametrize(
    ("agreed", "reaches"),
    [
        ({}, False),
        ({"valid_until": TODAY}, False),  # it was a member: its own business stays its own
        ({"accepted_on": None}, True),  # only an offer
    ],
)
def test_staff_do_not_reach_what_is_or_was_a_member_nor_what_is_below_it(parts, agreed, reaches):
    cast, made = parts
    agree(cast, made["school"], **agreed)
    theirs = {"Samvakt school", "Samvakt class"}
    assert of_samvakt(cast.albin) == {"Samvakt", "Samvakt lab"} | (theirs if reaches else set())


def test_an_agreement_elsewhere_takes_nothing_of_the_operators_from_its_staff(parts):
    """Not the agreement of a member outside it, nor one that the operator made as a member."""
    cast, _made = parts
    nordvakt, _sjovik = second_operator(cast)
    agree(cast, cast.samvakt, operator=nordvakt)
    assert "Samvakt lab" in of_samvakt(cast.albin)
    assert "Samvakt" in of_samvakt(cast.albin)


def test_a_centre_that_stands_below_a_member_is_still_reached_by_its_own_staff(cast):
    """What its people do not reach is the members below it, not itself below a member."""
    agree(cast, cast.vann)
    nordvakt = make_organisation("Nordvakt", kind="operator", parent="Fjellvik Vann")
    lab = make_organisation("Nordvakt lab", kind="unit", parent="Nordvakt")
    cast.people["nora"] = make_person("nora", nordvakt, Role.ANALYST)
    assert reached(cast.nora, FINDINGS) == {nordvakt.name, lab.name}


def test_who_is_assigned_to_one_agreement_reaches_that_member_alone(cast):
    agreement = Agreement.unscoped.get(organisation=cast.fjellvik)
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["albin"],
        service="csirt",
        agreement=agreement,
    )
    everything = {"Samvakt", "Fjellvik", "Fjellvik school", "Fjellvik Vann"}
    assert reached(cast.albin, FINDINGS) == everything


@pytest.mark.parametrize("other", ["service", "operator"])
def test_an_assignment_counts_only_where_all_that_it_names_fits_the_agreement(cast, other):
    nordvakt, _sjovik = second_operator(cast)
    fields = {"service": "csirt", "organisation": cast.samvakt}
    fields |= {"service": "ciso"} if other == "service" else {"organisation": nordvakt}
    agreement = Agreement.unscoped.get(organisation=cast.fjellvik)
    Assignment.unscoped.create(person=cast.people["albin"], agreement=agreement, **fields)
    assert reached(cast.albin, FINDINGS) == {"Samvakt"}


def holders(organisation, permission=Permission.FINDINGS_ANSWER):
    rows = Person.objects.filter(pk__in=holders_at(organisation.pk, permission))
    return set(rows.values_list("name", flat=True))


def test_a_right_is_held_by_the_roles_that_give_it_in_the_same_legal_entity(cast):
    make_person("ola", cast.school, Role.CISO)
    make_person("vera", cast.vann, Role.CISO)
    assert holders(cast.fjellvik) == {"Ingvild", "Jonas"}
    assert holders(cast.school) == {"Ingvild", "Jonas", "Ola"}
    assert holders(cast.vann) == {"Vera"}
    assert holders(cast.utmark) == set()


def test_who_serves_a_member_holds_nothing_there(cast):
    assert "Astrid" not in holders(cast.fjellvik, Permission.FINDINGS_VIEW)


def test_who_has_left_or_may_not_sign_in_holds_nothing(cast):
    today = timezone.localdate()
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=today + ONE_DAY)
    Person.objects.filter(pk=cast.people["ingvild"].pk).update(is_active=False)
    assert holders(cast.fjellvik) == set()
