"""Kind, parent, agreement and assignment: who may set them, and that they open no back door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import BY_CISO_AGREEMENT, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation
from samsyn.organisations.selectors import operator_of
from samsyn.organisations.services import (
    LEVELS_MAX,
    lineage_rebuild_below,
    organisation_arrange,
    organisation_change,
    organisation_create,
)
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_sign,
    agreement_withdraw,
    assignment_end,
    assignment_give,
)
from tests.cast import make_organisation, make_person, person_of

TODAY = date(2026, 3, 2)
OWN_WORK = Permission.ACTIONS_VIEW


def reached(actor, permission):
    ids = actor.organisation_ids(permission)
    assert ids == frozenset(actor.organisations(permission).values_list("pk", flat=True))
    return set(Organisation.everything.filter(pk__in=ids).values_list("name", flat=True))


def create(cast, actor, **fields):
    given = {"name": "Nyvik", "kind": "municipality", "country": "NO", "language": "nb"} | fields
    return organisation_create(actor=actor, operator=cast.samvakt, **given)


def arrange(actor, organisation, kind, parent):
    return organisation_arrange(actor=actor, organisation=organisation, kind=kind, parent=parent)


def sign(cast, actor, organisation, **fields):
    given = {"operator": cast.samvakt, "service": "ciso", "valid_from": TODAY} | fields
    return agreement_sign(actor=actor, organisation=organisation, **given)


def second_operator(cast):
    """Add Nordvakt with an administrator, and Sjovik, whom it alone serves."""
    nordvakt = make_organisation("Nordvakt", kind="operator")
    sjovik = make_organisation("Sjovik")
    for name, role in (("nils", Role.ADMINISTRATOR), ("nora", Role.ANALYST)):
        cast.people[name] = make_person(name, nordvakt, role)
        Assignment.everything.create(
            organisation=nordvakt, person=cast.people[name], service="csirt"
        )
    Agreement.everything.create(
        organisation=sjovik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    return nordvakt, sjovik


# Creating and arranging


@pytest.mark.parametrize("name", ["ingvild", "liv", "jonas", "ragna", "egil"])
def test_only_the_operators_analysts_and_administrators_add_an_organisation(cast, name):
    with pytest.raises(NotAllowed):
        create(cast, getattr(cast, name))


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_an_organisation_without_a_parent_becomes_a_member_that_is_seen_at_once(cast, name):
    create(cast, getattr(cast, name))
    assert "Nyvik" in reached(getattr(cast, name), Permission.ORGANISATIONS_VIEW)


def test_nobody_makes_a_security_centre_but_set_up(cast):
    for kind_of in (lambda: create(cast, cast.henrik, kind="operator"),):
        with pytest.raises(RuleViolation, match="set up"):
            kind_of()
    with pytest.raises(RuleViolation, match="set up"):
        arrange(cast.henrik, cast.fjellvik, "operator", None)


def test_a_security_centre_stays_what_it_is(cast):
    with pytest.raises(RuleViolation, match="stays what it is"):
        arrange(cast.henrik, cast.samvakt, "other", None)


def test_a_member_does_not_become_a_part_of_the_security_centre(cast):
    with pytest.raises(RuleViolation, match="Only a unit"):
        create(cast, cast.astrid, parent=cast.samvakt)


def test_an_organisation_changes_its_facts_and_nothing_that_decides_who_sees_it(cast):
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, short_code="FV")
    for fact in ({"kind": "operator"}, {"parent": None}, {"name": "Elvdal II"}):
        with pytest.raises(TypeError):
            organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, **fact)
    for kind, parent in (("unit", cast.vann), ("company", None)):
        with pytest.raises(NotAllowed):
            arrange(cast.ingvild, cast.fjellvik, kind, parent)


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_who_answers_for_both_sides_moves_an_organisation(cast, name):
    moved = arrange(getattr(cast, name), cast.vann, "company", cast.elvdal)
    assert Lineage.objects.filter(ancestor=cast.elvdal, descendant=moved).exists()


def test_nobody_moves_an_organisation_to_or_from_a_stranger(cast):
    _nordvakt, sjovik = second_operator(cast)
    for organisation, parent in ((cast.vann, sjovik), (sjovik, cast.fjellvik), (sjovik, None)):
        with pytest.raises(NotAllowed):
            arrange(cast.astrid, organisation, "company", parent)
    with pytest.raises(NotAllowed):
        create(cast, cast.astrid, parent=sjovik)
    with pytest.raises(NotAllowed):
        create(cast, cast.nils)
    # From a parent that the actor does not answer for, to one that they do.
    Assignment.everything.filter(person=cast.people["albin"]).delete()
    agreement = Agreement.everything.get(organisation=cast.elvdal)
    Assignment.everything.create(
        organisation=cast.samvakt, person=cast.people["albin"], service="csirt", agreement=agreement
    )
    Agreement.everything.create(
        organisation=cast.vann, operator=cast.samvakt, service="csirt", valid_from=TODAY
    )
    with pytest.raises(NotAllowed):
        arrange(cast.albin, cast.vann, "company", cast.elvdal)


def test_an_organisation_does_not_become_nobodys_member(cast):
    with pytest.raises(RuleViolation, match="nobody's member"):
        arrange(cast.astrid, cast.vann, "company", None)
    sign(cast, cast.astrid, cast.vann, service="csirt")
    assert arrange(cast.astrid, cast.vann, "company", None).parent is None


# What the tree opens


def test_a_member_that_the_tree_has_as_the_operators_unit_keeps_its_own_work(cast):
    Organisation.everything.filter(pk=cast.elvdal.pk).update(kind="unit", parent=cast.samvakt)
    Lineage.objects.create(ancestor=cast.samvakt, descendant=cast.elvdal, same_entity=True)
    for name in ("astrid", "henrik", "ragna", "albin"):
        assert reached(getattr(cast, name), OWN_WORK) <= {"Samvakt"}


def test_an_operators_own_unit_is_its_own(cast):
    make_organisation("Samvakt lab", kind="unit", parent="Samvakt")
    assert reached(cast.astrid, OWN_WORK) == {"Samvakt", "Samvakt lab"}


def test_a_virtual_ciso_reaches_the_own_work_of_the_legal_entity_that_agreed(cast):
    Agreement.everything.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    Assignment.everything.create(
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


@pytest.mark.parametrize("kind", ["unit", "municipality"])
def test_nobody_makes_a_member_a_part_of_one_that_has_agreed_to_a_virtual_ciso(cast, kind):
    """A new organisation accepts at once; a member made its unit would have agreed, too."""
    made = create(cast, cast.henrik, service="ciso")
    Assignment.everything.create(
        organisation=cast.samvakt,
        person=cast.people["ragna"],
        service="ciso",
        agreement=Agreement.everything.get(organisation=made),
    )
    sign(cast, cast.henrik, made, service="csirt")
    for member in (cast.fjellvik, cast.elvdal, cast.school):
        with pytest.raises(RuleViolation, match="people of its own"):
            arrange(cast.astrid, member, "unit", made)
    if kind == "municipality":
        arrange(cast.astrid, cast.elvdal, kind, made)
    assert not reached(cast.ragna, OWN_WORK) & {"Fjellvik", "Fjellvik school", "Elvdal"}


def test_a_unit_does_not_leave_its_legal_entity_over_its_peoples_heads(cast):
    for kind, parent in (("company", cast.fjellvik), ("company", None), ("unit", cast.elvdal)):
        with pytest.raises(RuleViolation, match="people of its own"):
            arrange(cast.astrid, cast.school, kind, parent)
    assert organisation_arrange(
        actor=cast.job, organisation=cast.school, kind="company", parent=cast.fjellvik
    )


def test_nobody_makes_an_organisation_a_part_of_the_security_centre(cast):
    for organisation in (cast.school, cast.vann, cast.elvdal):
        for actor in (cast.astrid, cast.henrik):
            with pytest.raises(RuleViolation, match="people of its own"):
                arrange(actor, organisation, "unit", cast.samvakt)
    made = create(cast, cast.henrik, kind="unit", parent=cast.samvakt)
    assert made.parent == cast.samvakt


def test_a_name_is_changed_by_who_keeps_the_register(cast):
    renamed = organisation_arrange(
        actor=cast.astrid,
        organisation=cast.fjellvik,
        name="Fjellvik kommune",
        kind="municipality",
        parent=None,
    )
    assert renamed.name == "Fjellvik kommune"


def test_who_works_for_several_operators_acts_for_the_one_they_chose(cast):
    nordvakt, _sjovik = second_operator(cast)
    both = cast.people["nora"]
    Membership.everything.create(person=both, organisation=cast.samvakt, role=Role.ANALYST)
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


# Agreements


@pytest.mark.parametrize("name", ["ingvild", "liv", "ragna", "jonas"])
def test_only_the_operators_analysts_and_administrators_sign(cast, name):
    with pytest.raises(NotAllowed):
        sign(cast, getattr(cast, name), cast.fjellvik)


def test_only_a_security_centre_has_members(cast):
    Membership.everything.create(
        person=cast.people["henrik"], organisation=cast.elvdal, role=Role.CISO
    )
    with pytest.raises((RuleViolation, NotAllowed)):
        sign(cast, cast.henrik, cast.fjellvik, operator=cast.elvdal)


def test_a_virtual_ciso_is_let_in_only_when_the_member_accepts(cast):
    Assignment.everything.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    offer = sign(cast, cast.henrik, cast.fjellvik)
    assert "Fjellvik" not in reached(cast.ragna, OWN_WORK)
    for name in ("henrik", "astrid", "jonas", "sigrid"):
        with pytest.raises(NotAllowed):
            agreement_accept(actor=getattr(cast, name), agreement=offer, today=TODAY)
    agreement_accept(actor=cast.liv, agreement=offer, today=TODAY)
    assert "Fjellvik" in reached(cast.ragna, OWN_WORK)
    assert offer.accepted_by.startswith("Liv")
    with pytest.raises(RuleViolation, match="already accepted"):
        agreement_accept(actor=cast.liv, agreement=offer, today=TODAY)


def test_a_member_without_people_has_nobody_to_ask(cast):
    assert sign(cast, cast.henrik, cast.vann).accepted_on is not None


def test_an_offer_that_has_ended_is_not_accepted(cast):
    offer = sign(cast, cast.henrik, cast.fjellvik, valid_until=TODAY)
    with pytest.raises(RuleViolation, match="has ended"):
        agreement_accept(actor=cast.liv, agreement=offer, today=TODAY + timedelta(days=1))
    assert agreement_accept(actor=cast.liv, agreement=offer, today=TODAY).accepted_on == TODAY


def test_a_member_declines_or_ends_a_virtual_ciso_and_it_closes_at_once(cast):
    Assignment.everything.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    today = timezone.localdate()
    agreed = sign(cast, cast.henrik, cast.fjellvik, valid_from=today)
    agreement_accept(actor=cast.ingvild, agreement=agreed, today=today)
    assert "Fjellvik" in reached(cast.ragna, OWN_WORK)
    agreement_withdraw(actor=cast.ingvild, agreement=agreed, today=today)
    assert "Fjellvik" not in reached(cast.ragna, OWN_WORK)


def test_a_member_does_not_end_its_csirt_by_itself(cast):
    kept = Agreement.everything.get(organisation=cast.fjellvik)
    with pytest.raises(RuleViolation, match="security centre"):
        agreement_withdraw(actor=cast.ingvild, agreement=kept, today=TODAY)
    with pytest.raises(NotAllowed):
        agreement_end(actor=cast.ingvild, agreement=kept, on=TODAY)


def test_one_operator_does_not_end_anothers_agreement(cast):
    nordvakt, _sjovik = second_operator(cast)
    shared = Agreement.everything.create(
        organisation=cast.fjellvik, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    with pytest.raises(NotAllowed):
        agreement_end(actor=cast.henrik, agreement=shared, on=TODAY)
    own = Agreement.everything.get(organisation=cast.elvdal)
    later = timezone.localdate() + timedelta(days=30)
    assert agreement_end(actor=cast.henrik, agreement=own, on=later).valid_until == later
    with pytest.raises(RuleViolation, match="has ended"):
        agreement_end(actor=cast.henrik, agreement=own, on=later)


# Assignments


def assign(cast, actor, name, **fields):
    given = {"operator": cast.samvakt, "person": cast.people[name]} | fields
    return assignment_give(actor=actor, **given)


@pytest.mark.parametrize("name", ["astrid", "ragna", "ingvild", "liv"])
def test_only_an_administrator_assigns(cast, name):
    with pytest.raises(NotAllowed):
        assign(cast, getattr(cast, name), "albin")


def test_nobody_assigns_themselves(cast):
    with pytest.raises(RuleViolation, match="themselves"):
        assign(cast, cast.henrik, "henrik", service="ciso")


def test_who_is_assigned_works_for_the_operator(cast):
    with pytest.raises(RuleViolation, match="does not work"):
        assign(cast, cast.henrik, "jonas")


def test_nobody_assigns_to_more_than_they_are_assigned_to(cast):
    assert assign(cast, cast.henrik, "albin")
    with pytest.raises(NotAllowed):
        assign(cast, cast.henrik, "albin", service="ciso")
    cast.people["hanna"] = make_person("hanna", cast.samvakt, Role.ADMINISTRATOR)
    agreement = Agreement.everything.get(organisation=cast.fjellvik)
    cast.people["alva"] = make_person("alva", cast.samvakt, Role.ANALYST)
    with pytest.raises(NotAllowed):
        assign(cast, cast.hanna, "alva", agreement=agreement)
    assert assign(cast, cast.henrik, "alva", agreement=agreement)


def test_an_assignment_is_to_an_agreement_of_the_same_operator_and_service(cast):
    _nordvakt, sjovik = second_operator(cast)
    theirs = Agreement.everything.get(organisation=sjovik)
    with pytest.raises(NotAllowed):
        assign(cast, cast.henrik, "albin", agreement=theirs)
    mine = Agreement.everything.get(organisation=cast.fjellvik)
    with pytest.raises(RuleViolation, match="this service"):
        assign(cast, cast.henrik, "albin", agreement=mine, service="ciso")
    with pytest.raises(NotAllowed):
        assign(cast, cast.nils, "nora", operator=cast.samvakt)


def test_an_assignment_that_ends_closes_what_it_opened(cast):
    given = Assignment.everything.get(person=cast.people["astrid"])
    assignment_end(actor=cast.henrik, assignment=given, on=TODAY)
    assert reached(cast.astrid, Permission.FINDINGS_VIEW) == {"Samvakt"}
    with pytest.raises(RuleViolation, match="already ended"):
        assignment_end(actor=cast.henrik, assignment=given, on=TODAY)


def test_an_assignment_of_another_operator_opens_nothing(cast):
    """A row that names one operator's agreement under another operator counts for nothing."""
    _nordvakt, sjovik = second_operator(cast)
    Assignment.everything.create(
        organisation=cast.samvakt,
        person=cast.people["albin"],
        service="csirt",
        agreement=Agreement.everything.get(organisation=sjovik),
    )
    assert reached(cast.albin, Permission.FINDINGS_VIEW) == {"Samvakt"}


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


def test_a_circle_that_is_in_the_database_is_said_and_not_followed(cast):
    Organisation.everything.filter(pk=cast.fjellvik.pk).update(parent=cast.vann)
    with pytest.raises(RuleViolation, match="cannot be below itself"):
        lineage_rebuild_below(cast.vann)


def test_more_levels_than_anybody_has_are_refused(cast):
    below = cast.elvdal
    for number in range(1, LEVELS_MAX):
        below = make_organisation(f"Level {number}", parent=below.name)
    with pytest.raises(RuleViolation, match=f"below more than {LEVELS_MAX - 1} others"):
        make_organisation("One more", parent=below.name)
