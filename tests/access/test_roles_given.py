"""Nobody gives what they do not have: who may give and end which role, and to whom."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from samsyn.access.models import Membership
from samsyn.access.offering import role_accept
from samsyn.access.permissions import OPERATOR_ROLES, Role
from samsyn.access.rows import acting
from samsyn.access.selectors import actor_of
from samsyn.access.services import membership_end, membership_grant
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Organisation
from tests.cast import make_cast, make_organisation, make_person

ON = date(2026, 3, 2)


def give(actor, organisation, role, email="new@person.example"):
    return membership_grant(
        actor=actor, organisation=organisation, email=email, name="New Person", role=role
    )


def held(cast, name):
    return Membership.unscoped.get(person=cast.people[name])


@pytest.mark.parametrize("role", sorted(OPERATOR_ROLES))
def test_an_operators_role_is_not_given_at_a_member_by_anybody(cast, role):
    for actor in (cast.ingvild, cast.liv, cast.henrik, cast.job):
        with pytest.raises((RuleViolation, NotAllowed)):
            give(actor, cast.fjellvik, role)


@pytest.mark.parametrize("role", sorted(OPERATOR_ROLES))
def test_an_operators_role_is_given_by_its_administrator_and_not_by_its_security_officer(
    cast, role
):
    make_person("carl", cast.samvakt, Role.CISO)
    cast.people["carl"] = Membership.unscoped.get(person__name="Carl").person
    with pytest.raises(NotAllowed):
        give(cast.carl, cast.samvakt, role)
    assert give(cast.henrik, cast.samvakt, role).role == role


def test_a_member_has_no_operators_role_by_a_changed_kind_or_a_row_from_before(cast):
    Membership.unscoped.create(
        person=cast.people["jonas"], organisation=cast.fjellvik, role=Role.ADMINISTRATOR
    )
    with pytest.raises(NotAllowed):
        give(cast.jonas, cast.fjellvik, Role.EMPLOYEE)


@pytest.mark.parametrize("role", sorted(set(Role) - OPERATOR_ROLES))
def test_a_security_officer_and_a_leader_give_the_members_own_roles(cast, role):
    assert give(cast.ingvild, cast.fjellvik, role).role == role
    assert give(cast.liv, cast.fjellvik, role, "another@person.example").role == role


@pytest.mark.parametrize("name", ["ingvild", "liv"])
def test_nobody_gives_themselves_a_role(cast, name):
    actor = getattr(cast, name)
    address = cast.people[name].email.upper()  # whatever the case, and with blanks
    with pytest.raises(RuleViolation, match="themselves"):
        give(actor, cast.fjellvik, Role.AUDITOR, f"  {address} ")


def test_an_administrator_does_not_raise_themselves_at_the_operator_or_at_a_member(cast):
    mine = cast.people["henrik"].email
    for place, role in ((cast.samvakt, Role.ANALYST), (cast.vann, Role.CISO)):
        with pytest.raises(RuleViolation, match="themselves"):
            give(cast.henrik, place, role, mine)


def test_an_administrator_invites_the_first_of_a_member_but_lets_nobody_in_after_that(cast):
    assert give(cast.henrik, cast.vann, Role.CISO).role == Role.CISO
    for role in (Role.EMPLOYEE, Role.CISO):
        with pytest.raises(RuleViolation, match="own leader or security officer"):
            give(cast.henrik, cast.vann, role, "second@person.example")


def test_a_unit_is_staffed_by_the_people_of_its_legal_entity(cast):
    with pytest.raises(RuleViolation, match="own leader or security officer"):
        give(cast.henrik, cast.school, Role.CISO)
    assert give(cast.ingvild, cast.school, Role.TECHNICIAN)


def test_an_administrator_lets_no_colleague_into_a_member(cast):
    with pytest.raises(RuleViolation, match="own people"):
        give(cast.henrik, cast.vann, Role.CISO, cast.people["astrid"].email)


def test_the_members_own_people_may_take_somebody_of_the_security_centre_in(cast):
    offer = give(cast.ingvild, cast.fjellvik, Role.AUDITOR, cast.people["astrid"].email)
    assert role_accept(actor=cast.astrid, offer=offer).person == cast.people["astrid"]


def test_an_operators_role_is_ended_by_its_administrator_only(cast):
    make_person("carl", cast.samvakt, Role.CISO)
    cast.people["carl"] = Membership.unscoped.get(person__name="Carl").person
    with pytest.raises(NotAllowed):
        membership_end(actor=cast.carl, membership=held(cast, "astrid"), on=ON)
    assert membership_end(actor=cast.henrik, membership=held(cast, "astrid"), on=ON).ended_on == ON


def test_the_last_administrator_stays(cast):
    with pytest.raises(RuleViolation, match="last administrator"):
        membership_end(actor=cast.henrik, membership=held(cast, "henrik"), on=ON)
    make_person("hanna", cast.samvakt, Role.ADMINISTRATOR)
    assert membership_end(actor=cast.henrik, membership=held(cast, "henrik"), on=ON)


def test_the_operator_does_not_remove_who_keeps_it_out(cast):
    with pytest.raises(RuleViolation, match="own people"):
        membership_end(actor=cast.henrik, membership=held(cast, "ingvild"), on=ON)
    for watcher in ("revna", "liv", "jonas"):
        with pytest.raises(RuleViolation, match="own people"):
            membership_end(actor=cast.henrik, membership=held(cast, watcher), on=ON)
    assert membership_end(actor=cast.liv, membership=held(cast, "ingvild"), on=ON).ended_on == ON


def test_the_last_who_gives_roles_at_a_member_stays(cast):
    with pytest.raises(RuleViolation, match="Nobody else here"):
        membership_end(actor=cast.sigrid, membership=held(cast, "sigrid"), on=ON)
    give(cast.sigrid, cast.elvdal, Role.LEADER)
    assert membership_end(actor=cast.sigrid, membership=held(cast, "sigrid"), on=ON).ended_on == ON


def test_a_second_operator_is_a_stranger(cast):
    other = make_organisation("Nordvakt", kind="operator")
    make_person("nils", other, Role.ADMINISTRATOR)
    cast.people["nils"] = Membership.unscoped.get(person__name="Nils").person
    for place in Organisation.unscoped.exclude(pk=other.pk):
        with pytest.raises(NotAllowed):
            give(cast.nils, place, Role.EMPLOYEE)
    with pytest.raises(NotAllowed):
        give(cast.henrik, other, Role.ANALYST)


def test_nobody_works_for_two_operators_without_being_asked(cast):
    other = make_organisation("Nordvakt", kind="operator")
    nora = make_person("nora", other, Role.ANALYST)
    offer = give(cast.henrik, cast.samvakt, Role.ANALYST, nora.email)
    with pytest.raises(RuleViolation, match="another security centre"):
        role_accept(actor=actor_of(nora), offer=offer)
    assert give(cast.job, cast.samvakt, Role.ANALYST, nora.email)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.parametrize(
    ("name", "home", "role"),
    [("henrik", "samvakt", Role.ADMINISTRATOR), ("sigrid", "elvdal", Role.LEADER)],
)
def test_two_who_end_each_other_leave_one_who_gives_roles(name, home, role):
    cast = make_cast()
    other = make_person("hanna", getattr(cast, home), role)
    mine, hers = held(cast, name), Membership.unscoped.get(person=other)
    together, ended = Barrier(2), []

    def end(actor, membership):
        together.wait()
        try:
            with acting(actor):
                membership_end(actor=actor, membership=membership, on=ON)
            ended.append(membership)
        except (RuleViolation, NotAllowed):
            pass
        finally:
            connection.close()

    threads = [
        Thread(target=end, args=(getattr(cast, name), hers)),
        Thread(target=end, args=(actor_of(other), mine)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = Membership.unscoped.filter(pk__in=[mine.pk, hers.pk], ended_on__isnull=True)
    assert left.count() == 1
    assert len(ended) == 1
