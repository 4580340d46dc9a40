"""What the tree, an agreement and an assignment open, and what they do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import BY_CISO_AGREEMENT, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.audit.models import Entry
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation
from samsyn.organisations.selectors import operator_of
from tests.cast import make_organisation, person_of
from tests.organisations.boundary import (
    OWN_WORK,
    TODAY,
    create,
    reached,
    second_operator,
)


def test_a_member_that_the_tree_has_as_the_operators_unit_keeps_its_own_work(cast):
    Organisation.unscoped.filter(pk=cast.elvdal.pk).update(kind="unit", parent=cast.samvakt)
    Lineage.objects.create(ancestor=cast.samvakt, descendant=cast.elvdal, same_entity=True)
    for name in ("astrid", "henrik", "ragna", "albin"):
        assert reached(getattr(cast, name), OWN_WORK) <= {"Samvakt"}


def test_an_operators_own_unit_is_its_own(cast):
    make_organisation("Samvakt lab", kind="unit", parent="Samvakt")
    assert reached(cast.astrid, OWN_WORK) == {"Samvakt", "Samvakt lab"}


@pytest.mark.parametrize(
    ("facts", "is_own"),
    [
        ({"accepted_on": None}, True),
        ({}, False),
        ({"valid_until": TODAY - timedelta(days=2)}, False),
    ],
    ids=["offered", "agreed", "ended"],
)
def test_a_unit_that_has_or_had_an_agreement_of_its_own_is_not_its_operators(cast, facts, is_own):
    """An offer that nobody has accepted takes nothing from anybody."""
    lab = make_organisation("Samvakt lab", kind="unit", parent="Samvakt")
    since = TODAY - timedelta(days=9)
    given = {"service": "ciso", "valid_from": since, "accepted_on": since} | facts
    Agreement.unscoped.create(organisation=lab, operator=cast.samvakt, **given)
    own = {"Samvakt", "Samvakt lab"} if is_own else {"Samvakt"}
    assert reached(cast.astrid, OWN_WORK) == own


def test_a_virtual_ciso_reaches_the_own_work_of_the_legal_entity_that_agreed(cast):
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    assert reached(cast.ragna, OWN_WORK) == {"Samvakt", "Fjellvik", "Fjellvik school"}
    assert "Fjellvik Vann" in reached(cast.ragna, Permission.FINDINGS_VIEW)


def test_no_permission_on_own_work_is_opened_by_a_csirt_membership(cast):
    for permission in BY_CISO_AGREEMENT:
        for name in ("astrid", "henrik", "ragna"):
            assert reached(getattr(cast, name), permission) <= {"Samvakt"}, permission


@pytest.mark.parametrize("name", ["astrid", "henrik", "albin"])
@pytest.mark.parametrize("service", ["csirt", "ciso"])
def test_whoever_adds_a_member_sees_it_whatever_it_is_served_by(cast, name, service):
    create(cast, getattr(cast, name), service=service)
    assert "Nyvik" in reached(getattr(cast, name), Permission.ORGANISATIONS_VIEW)


def test_who_works_for_several_operators_acts_for_the_one_they_chose(cast):
    nordvakt, _sjovik = second_operator(cast)
    both = cast.people["nora"]
    Membership.unscoped.create(person=both, organisation=cast.samvakt, role=Role.ANALYST)
    assert operator_of(actor=actor_of(both)) is None
    assert operator_of(actor=actor_of(both, chosen=nordvakt.pk)) == nordvakt
    assert operator_of(actor=actor_of(both, chosen=cast.samvakt.pk)) == cast.samvakt
    assert operator_of(actor=actor_of(both, chosen=cast.fjellvik.pk)) is None


def test_what_adding_a_member_opens_is_on_record(cast):
    made = create(cast, cast.albin)
    said = set(
        Entry.objects.filter(person_id=cast.people["albin"].pk).values_list("action", flat=True)
    )
    assert {"organisations.agreement_sign", "organisations.assignment_give"} <= said
    at_member = Entry.objects.filter(organisation_id=made.pk)
    assert at_member.filter(action="organisations.agreement_sign").exists()


def test_two_operators_are_strangers(cast):
    second_operator(cast)
    for permission in Permission:
        assert not reached(cast.astrid, permission) & {"Nordvakt", "Sjovik"}, permission
        assert not reached(cast.nora, permission) - {"Nordvakt", "Sjovik"}, permission


def test_a_person_without_a_role_reaches_nothing(cast):
    stranger = person_of("tom", cast.utmark)
    stranger.save()
    cast.people["tom"] = stranger
    assert all(not reached(cast.tom, permission) for permission in Permission)
