"""Who may give and end roles, who is asked first, and who would stand on two sides."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.granting import (
    ends_role,
    gives_roles,
    is_asked,
    is_last_of_role,
    is_own,
    must_be_given,
    must_not_be_known,
    works_for,
)
from samsyn.access.models import Membership, Person, RoleOffer
from samsyn.access.permissions import OPERATOR_ROLES, Permission, Role
from samsyn.access.services import membership_end, membership_grant
from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement
from tests.cast import TODAY, make_person
from tests.organisations.boundary import second_operator

LINK = Actor("link", is_system=True, only=frozenset({Permission.PEOPLE_CHANGE}))
EMPLOYEE = Role.EMPLOYEE


def hold(cast, name, organisation, role, **fields):
    return Membership.unscoped.create(
        person=cast.people[name], organisation=organisation, role=role, **fields
    )


def day(number):
    return timezone.localdate() + timedelta(days=number)


# Giving and ending.


@pytest.mark.parametrize(
    ("name", "at", "gives"),
    [
        ("ingvild", "fjellvik", True),
        ("liv", "fjellvik", True),
        ("ingvild", "school", True),  # the same legal entity
        ("ingvild", "vann", False),
        ("jonas", "fjellvik", False),
        ("henrik", "fjellvik", False),  # it has its own who do
        ("henrik", "vann", True),  # nobody there can
        ("henrik", "samvakt", True),
        ("astrid", "vann", False),
        ("job", "fjellvik", True),
    ],
)
def test_an_organisations_own_people_give_roles_and_its_operator_while_nobody_there_can(
    cast, name, at, gives
):
    assert gives_roles(getattr(cast, name), getattr(cast, at).pk) is gives


def test_where_two_operators_serve_neither_gives_roles(cast):
    nordvakt, _sjovik = second_operator(cast)
    Agreement.unscoped.create(
        organisation=cast.vann, operator=nordvakt, service="csirt", valid_from=day(0)
    )
    assert not gives_roles(cast.henrik, cast.vann.pk)
    assert not gives_roles(cast.nils, cast.vann.pk)
    make_person("vera", cast.vann, Role.CISO)
    cast.people["vera"] = Person.objects.get(name="Vera")
    assert gives_roles(cast.vera, cast.vann.pk)


def test_the_console_is_as_ones_own_and_a_link_is_not(cast):
    assert is_own(cast.job, cast.fjellvik.pk)
    assert is_own(cast.liv, cast.fjellvik.pk)
    for actor in (LINK, cast.henrik, cast.jonas, cast.sigrid):
        assert not is_own(actor, cast.fjellvik.pk)


@pytest.mark.parametrize(
    ("name", "role", "at", "ends"),
    [
        ("henrik", Role.ANALYST, "samvakt", True),
        ("carl", Role.ANALYST, "samvakt", False),  # its security officer changes no staff
        ("carl", Role.EMPLOYEE, "samvakt", True),
        ("ingvild", Role.EMPLOYEE, "fjellvik", True),
        ("ingvild", Role.ADVISER, "fjellvik", False),  # a row from before
        ("henrik", Role.EMPLOYEE, "fjellvik", False),
    ],
)
def test_who_gives_roles_ends_them_and_an_operators_only_who_changes_its_staff(
    cast, name, role, at, ends
):
    cast.people["carl"] = make_person("carl", cast.samvakt, Role.CISO)
    row = Membership(organisation=getattr(cast, at), person=cast.people["egil"], role=role)
    assert ends_role(getattr(cast, name), row) is ends


@pytest.mark.parametrize(
    ("other", "is_last"),
    [
        (None, True),
        ({}, False),
        ({"ended_on": TODAY}, True),
        ({"role": Role.LEADER}, True),
        ({"organisation": "elvdal"}, True),
    ],
)
def test_the_last_of_a_role_is_who_nobody_else_holds_it_beside(cast, other, is_last):
    if other is not None:
        given = {"organisation": "fjellvik", "role": Role.CISO} | other
        given["organisation"] = getattr(cast, given["organisation"])
        hold(cast, "jonas", **given)
    own = Membership.unscoped.get(person=cast.people["ingvild"])
    assert is_last_of_role(own) is is_last
    if other == {}:
        Person.objects.filter(pk=cast.people["jonas"].pk).update(is_active=False)
        assert is_last_of_role(own)


# Being asked first.


@pytest.mark.parametrize(
    ("who", "name", "at", "role", "asked"),
    [
        ("ingvild", "sigrid", "fjellvik", EMPLOYEE, True),  # she has a role elsewhere
        ("ingvild", "jonas", "fjellvik", EMPLOYEE, False),  # he is here
        ("ingvild", "jonas", "school", EMPLOYEE, False),  # he is in the same legal entity
        ("ingvild", "jonas", "vann", EMPLOYEE, False),  # she gives the roles where he is
        ("liv", "ingvild", "school", EMPLOYEE, False),
        ("sigrid", "ingvild", "elvdal", EMPLOYEE, True),
        ("job", "sigrid", "fjellvik", EMPLOYEE, False),
        ("ingvild", "ingvild", "elvdal", EMPLOYEE, False),
    ],
)
def test_who_has_a_role_elsewhere_is_asked_unless_who_gives_it_gives_those_too(
    cast, who, name, at, role, asked
):
    pk = cast.people[name].pk
    assert is_asked(getattr(cast, who), getattr(cast, at).pk, pk, role) is asked


@pytest.mark.parametrize("signed_in", [True, False])
def test_who_has_no_role_any_more_is_asked_if_the_account_is_theirs(cast, signed_in):
    sigrid = cast.people["sigrid"]
    Membership.unscoped.filter(person=sigrid).update(ended_on=TODAY)
    Person.objects.exclude(pk=sigrid.pk).update(last_login=timezone.now())
    Person.objects.filter(pk=sigrid.pk).update(last_login=timezone.now() if signed_in else None)
    assert is_asked(cast.ingvild, cast.fjellvik.pk, sigrid.pk, EMPLOYEE) is signed_in


def test_an_operators_role_is_offered_also_to_who_is_there(cast):
    hold(cast, "albin", cast.utmark, EMPLOYEE)
    albin = cast.people["albin"].pk
    assert is_asked(cast.henrik, cast.samvakt.pk, albin, Role.ADVISER)
    assert not is_asked(cast.henrik, cast.samvakt.pk, albin, EMPLOYEE)


# Standing on one side.


def test_one_works_for_an_operator_by_an_operators_role_that_has_not_ended(cast):
    nordvakt, _sjovik = second_operator(cast)
    astrid = cast.people["astrid"].pk
    assert works_for(astrid) == {cast.samvakt.pk}
    hold(cast, "astrid", cast.fjellvik, EMPLOYEE)
    hold(cast, "astrid", nordvakt, Role.ADVISER, ended_on=TODAY)
    assert works_for(astrid) == {cast.samvakt.pk}
    assert works_for(cast.people["ingvild"].pk) == frozenset()


def must(cast, who, organisation, name, role):
    return must_be_given(getattr(cast, who), organisation, cast.people[name], role)


def refused(said):
    return pytest.raises(RuleViolation, match=said) if said else nullcontext()


OWN_PEOPLE = "only from your own people"


@pytest.mark.parametrize(
    ("who", "at", "name", "role", "said"),
    [
        ("ingvild", "fjellvik", "ingvild", EMPLOYEE, "gives themselves"),
        ("job", "fjellvik", "ingvild", EMPLOYEE, None),
        ("ingvild", "fjellvik", "sigrid", EMPLOYEE, None),
        ("ingvild", "fjellvik", "astrid", EMPLOYEE, None),  # its own people let her in
        ("henrik", "vann", "astrid", EMPLOYEE, OWN_PEOPLE),  # her colleague does not
        ("henrik", "vann", "sigrid", EMPLOYEE, None),
        ("henrik", "samvakt", "astrid", Role.ADVISER, None),
        ("henrik", "samvakt", "nils", Role.ANALYST, "another security centre|own people"),
        ("henrik", "samvakt", "ingvild", Role.ANALYST, "has a role at an organisation"),
        ("henrik", "samvakt", "ingvild", EMPLOYEE, None),
        ("henrik", "samvakt", "una", Role.ANALYST, None),  # nobody serves Utmark
    ],
)
def test_nobody_gets_a_role_by_which_they_would_stand_on_two_sides(cast, who, at, name, role, said):
    second_operator(cast)
    cast.people["una"] = make_person("una", cast.utmark, Role.CISO)
    with refused(said):
        must(cast, who, getattr(cast, at), name, role)


def test_who_has_a_role_on_both_sides_lets_no_colleague_in(cast):
    hold(cast, "ingvild", cast.samvakt, EMPLOYEE)
    with refused(OWN_PEOPLE):
        must(cast, "ingvild", cast.fjellvik, "astrid", EMPLOYEE)
    with refused(OWN_PEOPLE):
        must_not_be_known(cast.ingvild, cast.fjellvik, cast.people["astrid"])
    must_not_be_known(cast.liv, cast.fjellvik, cast.people["astrid"])
    must_not_be_known(cast.henrik, cast.samvakt, cast.people["astrid"])


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        ({}, "has a role at an organisation"),
        ({"accepted_on": None}, "has a role at an organisation"),  # it offers to serve it
        ({"valid_from": 9}, "has a role at an organisation"),
        ({"valid_from": -9, "valid_until": -1}, None),
    ],
)
def test_a_role_at_whom_one_serves_or_offers_to_counts(cast, agreed, said):
    cast.people["una"] = make_person("una", cast.utmark, Role.CISO)
    days = {name: day(value) for name, value in agreed.items() if value is not None}
    Agreement.unscoped.create(
        organisation=cast.utmark,
        operator=cast.samvakt,
        service="csirt",
        **({"valid_from": day(0)} | agreed | days),
    )
    with refused(said):
        must(cast, "henrik", cast.samvakt, "una", Role.ANALYST)


@pytest.mark.parametrize(
    ("giver", "is_refused"), [("henrik", True), ("job", False), ("vera", False)]
)
def test_a_role_at_a_member_that_has_ended_counts_if_the_operators_people_gave_it(
    cast, giver, is_refused
):
    if giver == "vera":
        cast.people["vera"] = make_person("vera", cast.vann, Role.CISO)
    given = membership_grant(
        actor=getattr(cast, giver),
        organisation=cast.vann,
        email="kim@mail.example",
        name="Kim",
        role=EMPLOYEE,
    )
    membership_end(actor=cast.job, membership=given, on=TODAY)
    cast.people["kim"] = given.person
    Membership.unscoped.filter(person=cast.people["henrik"]).update(ended_on=TODAY)  # gone too
    cast.people["hedda"] = make_person("hedda", cast.samvakt, Role.ADMINISTRATOR)
    with refused("has a role at an organisation" if is_refused else None):
        must(cast, "hedda", cast.samvakt, "kim", Role.ANALYST)


@pytest.mark.parametrize(
    ("changed", "is_refused"),
    [
        ({}, True),
        ({"answer": "declined"}, False),
        ({"answer": ""}, False),
        ({"role": Role.LEADER}, False),
        ({"offered_by": "ingvild"}, False),
        ({"organisation": "elvdal"}, False),
    ],
)
def test_so_it_does_if_they_offered_it_and_it_was_accepted(cast, changed, is_refused):
    una = make_person("una", cast.utmark, Role.CISO)
    cast.people["una"] = una
    hold(cast, "una", cast.vann, EMPLOYEE, ended_on=TODAY)
    known = {"ingvild": cast.people["ingvild"], "elvdal": cast.elvdal}
    values = {
        "organisation": cast.vann,
        "role": EMPLOYEE,
        "offered_by": cast.people["henrik"],
        "answer": "accepted",
    } | {name: known.get(value, value) for name, value in changed.items()}
    RoleOffer.unscoped.create(person=una, email=una.email, name="Una", **values)
    assert not Entry.objects.filter(action="access.membership_grant").exists()
    with refused("has a role at an organisation" if is_refused else None):
        must(cast, "henrik", cast.samvakt, "una", Role.ANALYST)


def test_all_three_roles_of_an_operator_are_asked_about(cast):
    for role in OPERATOR_ROLES:
        with refused("has a role at an organisation"):
            must(cast, "henrik", cast.samvakt, "sigrid", role)


def test_who_works_for_two_operators_is_a_colleague_at_both(cast):
    nordvakt, _sjovik = second_operator(cast)
    hold(cast, "astrid", nordvakt, Role.ANALYST)
    assert works_for(cast.people["astrid"].pk) == {cast.samvakt.pk, nordvakt.pk}
    with refused(OWN_PEOPLE):
        must_not_be_known(cast.henrik, cast.vann, cast.people["astrid"])
    hold(cast, "ingvild", cast.samvakt, EMPLOYEE)
    with refused(OWN_PEOPLE):
        must(cast, "ingvild", cast.fjellvik, "astrid", EMPLOYEE)


def test_one_role_at_a_member_is_enough_whatever_became_of_another(cast):
    hold(cast, "sigrid", cast.vann, EMPLOYEE, ended_on=TODAY)
    with refused("has a role at an organisation"):
        must(cast, "henrik", cast.samvakt, "sigrid", Role.ANALYST)


def test_a_role_that_another_operators_people_gave_and_that_has_ended_does_not_count(cast):
    nordvakt, sjovik = second_operator(cast)
    given = membership_grant(
        actor=cast.nils,
        organisation=sjovik,
        email="kim@mail.example",
        name="Kim",
        role=EMPLOYEE,
    )
    membership_end(actor=cast.job, membership=given, on=TODAY)
    cast.people["kim"] = given.person
    Agreement.unscoped.create(
        organisation=sjovik,
        operator=cast.samvakt,
        service="ciso",
        valid_from=day(0),
        accepted_on=None,
    )
    must(cast, "henrik", cast.samvakt, "kim", Role.ANALYST)
    cast.people["hilda"] = make_person("hilda", nordvakt, Role.ADMINISTRATOR)
    with refused("has a role at an organisation"):
        must(cast, "hilda", nordvakt, "kim", Role.ANALYST)
