"""What two operators at one member cannot do over each other's and its head."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.access.services import membership_grant
from samsyn.assets.claim_selectors import rivals_of
from samsyn.assets.constituency import constituency_import
from samsyn.assets.services import resource_confirm
from samsyn.findings.telling_selectors import route_list
from samsyn.kernel.errors import NotAllowed, RuleViolation, SamsynError
from samsyn.organisations.models import Agreement, Assignment, Contact
from samsyn.organisations.services import contact_remove, organisation_arrange
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_sign,
    agreement_withdraw,
    assignment_give,
)
from tests.cast import NOON, make_finding, make_person, make_resource
from tests.organisations.boundary import TODAY, arrange, reached, second_operator

CSIRT = {"service": "csirt", "valid_from": TODAY}


@pytest.fixture
def two(cast):
    """Nordvakt is Fjellvik's virtual CISO, beside Samvakt, which is its CSIRT."""
    nordvakt, sjovik = second_operator(cast)
    cast.__dict__.update(nordvakt=nordvakt, sjovik=sjovik)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    for name in ("nils", "nora"):
        Assignment.unscoped.create(organisation=nordvakt, person=cast.people[name], service="ciso")
    return cast


def sign(two, actor: Actor, organisation, **fields):
    return agreement_sign(
        actor=actor, operator=two.nordvakt, organisation=organisation, **(CSIRT | fields)
    )


def second_csirt(two, member=None) -> Agreement:
    """Make Nordvakt a CSIRT too, as the member has accepted."""
    return Agreement.unscoped.create(
        organisation=member or two.fjellvik, operator=two.nordvakt, service="csirt",
        valid_from=TODAY - timedelta(days=900),
    )  # fmt: skip


def test_a_virtual_ciso_becomes_no_csirt_until_the_member_accepts(two):
    offer = sign(two, two.nora, two.fjellvik)
    assert offer.accepted_on is None
    assert "Fjellvik Vann" not in reached(two.nora, Permission.FINDINGS_VIEW)
    for name in ("nora", "nils", "astrid", "henrik"):
        with pytest.raises(NotAllowed):
            agreement_accept(actor=getattr(two, name), agreement=offer, today=TODAY)
    agreement_accept(actor=two.liv, agreement=offer, today=TODAY)
    assert "Fjellvik Vann" in reached(two.nora, Permission.FINDINGS_VIEW)
    kept = Agreement.unscoped.get(organisation=two.fjellvik, operator=two.samvakt)
    assert kept.valid_until is None
    assert "Fjellvik" in reached(two.astrid, Permission.FINDINGS_VIEW)


@pytest.mark.parametrize("service", ["csirt", "ciso"])
def test_where_another_serves_and_nobody_can_accept_only_the_console_records_it(two, service):
    second_csirt(two)
    with pytest.raises(RuleViolation, match="nobody there can accept"):
        sign(two, two.nora, two.vann, service=service)
    with pytest.raises(RuleViolation, match="nobody there can accept"):
        agreement_sign(
            actor=two.henrik, operator=two.samvakt, organisation=two.vann, **CSIRT | {
                "service": service
            }
        )  # fmt: skip
    assert sign(two, two.job, two.vann, service=service).accepted_on is not None


def test_an_agreement_of_another_that_has_yet_to_begin_counts(two):
    Agreement.unscoped.filter(organisation=two.elvdal).update(
        valid_from=timezone.localdate() + timedelta(days=3)
    )
    second_csirt(two, two.elvdal)
    assert sign(two, two.nora, two.elvdal, service="ciso").accepted_on is None
    made = sign(two, two.nora, two.elvdal, valid_until=TODAY + timedelta(days=9000))
    assert made.accepted_on is None


def test_the_only_csirt_renews_its_agreement_without_an_offer(two):
    until = TODAY + timedelta(days=9000)
    made = agreement_sign(
        actor=two.astrid, operator=two.samvakt, organisation=two.elvdal, **CSIRT, valid_until=until
    )
    assert made.accepted_on is not None


@pytest.mark.parametrize("name", ["liv", "ingvild"])
def test_a_member_ends_every_agreement_that_it_could_accept(two, name):
    second_csirt(two)
    for agreement in Agreement.unscoped.filter(organisation=two.fjellvik):
        agreement_withdraw(
            actor=getattr(two, name), agreement=agreement, today=timezone.localdate()
        )
    for each in ("nora", "nils", "astrid", "henrik"):
        assert "Fjellvik" not in reached(getattr(two, each), Permission.ORGANISATIONS_VIEW)


def test_neither_operator_ends_the_others_agreement(two):
    theirs = second_csirt(two)
    mine = Agreement.unscoped.get(organisation=two.fjellvik, operator=two.samvakt)
    for actor, agreement in ((two.astrid, theirs), (two.nora, mine), (two.henrik, theirs)):
        with pytest.raises(NotAllowed):
            agreement_end(actor=actor, agreement=agreement, on=TODAY)
        with pytest.raises(NotAllowed):
            agreement_withdraw(actor=actor, agreement=agreement, today=TODAY)


def test_a_virtual_ciso_ends_its_own_agreement_and_says_who_works_under_it(two):
    agreement = Agreement.unscoped.get(organisation=two.fjellvik, operator=two.nordvakt)
    two.people["nanna"] = make_person("nanna", two.nordvakt, Role.ADVISER)
    assignment_give(
        actor=two.nils, operator=two.nordvakt, person=two.people["nanna"], service="ciso",
        agreement=agreement,
    )  # fmt: skip
    assert "Fjellvik" in reached(two.nanna, Permission.ACTIONS_VIEW)
    agreement_end(actor=two.nils, agreement=agreement, on=timezone.localdate())


def test_a_virtual_ciso_moves_and_renames_nothing_and_removes_no_contact(two):
    for name in ("nora", "nils"):
        with pytest.raises(NotAllowed):
            arrange(getattr(two, name), two.fjellvik, "municipality", two.sjovik)
        contact = Contact.unscoped.get(organisation=two.fjellvik)
        with pytest.raises(NotAllowed):
            contact_remove(actor=getattr(two, name), contact=contact)


@pytest.mark.parametrize("name", ["astrid", "henrik", "nora", "nils"])
def test_what_two_operators_serve_is_moved_by_neither(two, name):
    second_csirt(two)
    actor = getattr(two, name)
    for parent in (two.sjovik, two.elvdal, None):
        with pytest.raises((RuleViolation, NotAllowed)):
            arrange(actor, two.fjellvik, "municipality", parent)
    with pytest.raises(RuleViolation, match="Another security centre serves it too"):
        organisation_arrange(
            actor=actor, organisation=two.fjellvik, kind="municipality", parent=None, name="Nytt"
        )
    with pytest.raises(RuleViolation, match="Another security centre serves it too"):
        arrange(actor, two.vann, "company", two.fjellvik)


def test_nothing_is_moved_below_what_another_serves_too(two):
    second_csirt(two)
    with pytest.raises(RuleViolation, match="Another security centre serves it too"):
        arrange(two.astrid, two.elvdal, "municipality", two.fjellvik)
    assert "Elvdal" not in reached(two.nora, Permission.ORGANISATIONS_VIEW)


def test_a_constituency_file_moves_nothing_that_two_serve(two):
    second_csirt(two)
    text = (
        "organisation,country,language,parent,kind,resource_type,value,"
        "contact_purpose,contact_email\nElvdal,SE,sv,Fjellvik,municipality,,,,\n"
    )
    with pytest.raises(SamsynError, match="Another security centre serves it too"):
        constituency_import(actor=two.astrid, operator=two.samvakt, content=text.encode())


@pytest.mark.parametrize("member", ["fjellvik", "school", "vann", "elvdal"])
def test_a_virtual_ciso_gives_nobody_a_role(two, member):
    with pytest.raises(NotAllowed):
        membership_grant(
            actor=two.nils, organisation=getattr(two, member), email="puppet@mail.example",
            name="Puppet", role=Role.LEADER,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["nils", "henrik"])
def test_neither_of_two_csirts_invites_the_first_person_of_a_company(two, name):
    given = {"organisation": two.vann, "email": "one@vann.example", "name": "One"}
    membership_grant(actor=two.henrik, role=Role.EMPLOYEE, **given)
    second_csirt(two)
    Assignment.unscoped.filter(person=two.people["nils"]).update(service="csirt")
    with pytest.raises((NotAllowed, RuleViolation)):
        membership_grant(actor=getattr(two, name), role=Role.LEADER, **given)


def test_a_second_csirt_takes_no_ranges_from_the_members_of_the_first(two):
    second_csirt(two)
    wanted = make_resource(two.sjovik, "prefix", "198.18.0.0/24", state="requested")
    inside = make_resource(two.sjovik, "prefix", "198.18.0.0/26", state="requested")
    for claim in (wanted, inside):
        with pytest.raises(RuleViolation, match="Two security centres serve Fjellvik"):
            resource_confirm(
                actor=two.nora, resource=claim, rivals=rivals_of(actor=two.nora, resource=claim),
                ground_kind="operator", ground="mine", now=NOON,
            )  # fmt: skip


def test_a_csirt_still_decides_between_its_own_members_one_of_which_has_anothers_ciso(two):
    wanted = make_resource(two.elvdal, "prefix", "198.18.0.0/24", state="requested")
    changed = resource_confirm(
        actor=two.henrik, resource=wanted, rivals=rivals_of(actor=two.henrik, resource=wanted),
        ground_kind="operator", ground="Letter of today", now=NOON,
    )  # fmt: skip
    assert {one.organisation for one in changed} == {two.elvdal, two.fjellvik}


@pytest.mark.parametrize("member", ["fjellvik", "vann"])
def test_of_two_csirts_the_first_agreed_on_tells(two, member):
    """The second says that it began long before: what counts is which was agreed on first."""
    second_csirt(two)
    organisation = getattr(two, member)
    make_finding(organisation)
    first = route_list(actor=two.astrid, operator=two.samvakt)
    assert [route.owner for route in first] == [organisation]
    assert route_list(actor=two.nora, operator=two.nordvakt) == []
    Agreement.unscoped.filter(operator=two.samvakt).update(valid_until=TODAY)
    later = route_list(actor=actor_of(two.people["nora"]), operator=two.nordvakt)
    assert [route.owner for route in later] == [organisation]


@pytest.mark.parametrize("waited", [False, True])
def test_an_offer_that_lay_waiting_does_not_come_before_what_was_accepted_earlier(two, waited):
    second_csirt(two)
    make_finding(two.fjellvik)
    accepted = TODAY - timedelta(days=2 if waited else 9)
    Agreement.unscoped.filter(operator=two.samvakt).update(accepted_on=accepted)
    Agreement.unscoped.filter(operator=two.nordvakt, service="csirt").update(
        accepted_on=TODAY - timedelta(days=5)
    )
    assert bool(route_list(actor=two.astrid, operator=two.samvakt)) is not waited
    assert bool(route_list(actor=two.nora, operator=two.nordvakt)) is waited


def test_a_virtual_ciso_does_not_tell(two):
    make_finding(two.fjellvik)
    Agreement.unscoped.filter(operator=two.samvakt).update(valid_until=TODAY)
    assert route_list(actor=two.nora, operator=two.nordvakt) == []
