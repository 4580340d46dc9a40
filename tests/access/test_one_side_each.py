"""One person does not agree with themselves: on behalf of a member, and of who serves it."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership
from samsyn.access.offering import role_accept
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.access.services import membership_end, membership_grant
from samsyn.assets.models import Resource
from samsyn.assets.services import resource_claim, resource_confirm, resource_refuse
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement
from samsyn.organisations.serving import agreement_accept, agreement_withdraw
from tests.cast import NOON, TODAY, make_person, make_resource


def give(actor, organisation, role, email):
    return membership_grant(
        actor=actor, organisation=organisation, email=email, name="New Person", role=role
    )


def taken_on(cast, person, role=Role.ANALYST):
    """Let the security centre's administrator offer a role, and the person accept it."""
    offered = give(cast.henrik, cast.samvakt, role, person.email)
    return role_accept(actor=actor_of(person), offer=offered)


def offer(cast, organisation=None, service="ciso"):
    return Agreement.unscoped.create(
        organisation=organisation or cast.fjellvik,
        operator=cast.samvakt,
        service=service,
        valid_from=TODAY,
        accepted_on=None,
    )


def hold(cast, name, organisation, role):
    return Membership.unscoped.create(
        person=cast.people[name], organisation=organisation, role=role
    )


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADVISER, Role.ADMINISTRATOR])
def test_who_has_been_put_at_a_member_is_not_taken_into_its_security_centre(cast, role):
    leader = give(cast.henrik, cast.vann, Role.LEADER, "kim@mail.example").person
    with pytest.raises(RuleViolation, match="Who has a role at"):
        taken_on(cast, leader, role)
    assert not Membership.unscoped.filter(person=leader, organisation=cast.samvakt).exists()


def test_nor_when_the_role_at_the_member_has_ended_if_the_security_centre_gave_it(cast):
    kim = give(cast.henrik, cast.vann, Role.LEADER, "kim@mail.example").person
    give(actor_of(kim), cast.vann, Role.CISO, "next@mail.example")
    membership_end(actor=actor_of(kim), membership=Membership.unscoped.get(person=kim), on=TODAY)
    with pytest.raises(RuleViolation):
        give(cast.henrik, cast.samvakt, Role.ANALYST, kim.email)
    assert give(cast.job, cast.samvakt, Role.ANALYST, kim.email).person == kim


def test_who_has_left_a_member_on_its_own_terms_may_work_for_its_security_centre(cast):
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=TODAY)
    assert give(cast.henrik, cast.samvakt, Role.ANALYST, cast.people["jonas"].email)


def test_an_offer_of_an_agreement_counts_as_serving(cast):
    leader = make_person("ulla", cast.utmark, Role.LEADER)
    offer(cast, cast.utmark)
    with pytest.raises(RuleViolation, match="Who has a role at"):
        taken_on(cast, leader)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EMPLOYEE])
@pytest.mark.parametrize("answer", [agreement_accept, agreement_withdraw])
def test_nobody_answers_for_a_member_what_they_offer_for_their_employer(cast, role, answer):
    offered = offer(cast)
    hold(cast, "liv", cast.samvakt, role)
    with pytest.raises(RuleViolation, match="You work for the security centre"):
        answer(actor=cast.liv, agreement=offered, today=TODAY)
    assert answer(actor=cast.ingvild, agreement=offered, today=TODAY)


def test_the_page_offers_no_answer_to_who_works_for_the_security_centre(client, cast):
    offered = offer(cast)
    hold(cast, "liv", cast.samvakt, Role.EMPLOYEE)
    page = f"/organisations/{cast.fjellvik.pk}/"
    link = f"/organisations/agreements/{offered.pk}/accept/"
    assert link not in client.be(cast.people["liv"]).get(page).content.decode()
    assert link in client.be(cast.people["ingvild"]).get(page).content.decode()


def test_who_is_on_both_sides_lets_no_colleague_in(cast):
    hold(cast, "astrid", cast.fjellvik, Role.LEADER)
    with pytest.raises(RuleViolation, match="own people"):
        give(cast.astrid, cast.fjellvik, Role.EMPLOYEE, cast.people["albin"].email)


def confirm(actor, resource):
    return resource_confirm(
        actor=actor, resource=resource, rivals=[], ground_kind="registry", ground="x", now=NOON
    )


@pytest.mark.parametrize("decide", [confirm, lambda actor, resource: resource_refuse(
    actor=actor, resource=resource, ground="x", now=NOON)])  # fmt: skip
def test_who_has_a_role_at_the_owner_does_not_decide_its_claims(cast, decide):
    claim = make_resource(cast.fjellvik, "domain", "new.example", state="requested")
    hold(cast, "astrid", cast.fjellvik, Role.EMPLOYEE)
    with pytest.raises(RuleViolation, match="role in the organisation yourself"):
        decide(cast.astrid, claim)
    assert decide(cast.henrik, claim)


def test_nor_who_has_a_role_at_the_host(cast):
    shared = Resource.unscoped.filter(organisation=cast.elvdal, kind="asn").get()
    Resource.unscoped.filter(pk=shared.pk).update(host_asked=cast.fjellvik)
    shared.refresh_from_db()
    hold(cast, "astrid", cast.fjellvik, Role.TECHNICIAN)
    with pytest.raises(RuleViolation, match="role in the organisation yourself"):
        confirm(cast.astrid, shared)
    assert confirm(cast.henrik, shared)[0].operated_by == cast.fjellvik


def test_a_claim_of_who_is_on_both_sides_waits(cast):
    given = {"organisation": cast.fjellvik, "kind": "domain", "ground_kind": "registry"}
    mine = resource_claim(actor=cast.astrid, value="a.example", ground="x", **given)
    assert mine.state == "confirmed"
    hold(cast, "astrid", cast.fjellvik, Role.EMPLOYEE)
    mine = resource_claim(actor=cast.astrid, value="b.example", ground="x", **given)
    assert mine.state == "requested"
