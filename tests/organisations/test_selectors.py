"""What is found of organisations, agreements and people: whom it shows, and on which days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.organisations import selectors
from samsyn.organisations.models import Agreement, Assignment, Organisation
from tests.cast import make_organisation
from tests.organisations.boundary import second_operator

VIEW = Permission.ORGANISATIONS_VIEW


def day(number):
    return timezone.localdate() + timedelta(days=number)


def names(rows):
    return [row.name for row in rows]


@pytest.fixture
def two(cast):
    """Add Nordvakt with Sjovik, and let Astrid work for both centres."""
    nordvakt, sjovik = second_operator(cast)
    Membership.unscoped.create(person=cast.people["astrid"], organisation=nordvakt, role="analyst")
    Assignment.unscoped.create(organisation=nordvakt, person=cast.people["astrid"], service="csirt")
    return cast, nordvakt, sjovik


# Organisations.


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Elvdal", "Fjellvik", "Fjellvik school", "Fjellvik Vann", "Samvakt"]),
        ({"kind": "municipality"}, ["Elvdal", "Fjellvik"]),
        ({"kind": "unit"}, ["Fjellvik school"]),
        ({"country": "SE"}, ["Elvdal"]),
        ({"search": "VANN"}, ["Fjellvik Vann"]),
        ({"search": "fjv"}, ["Fjellvik"]),
        ({"search": "fj"}, ["Fjellvik", "Fjellvik school", "Fjellvik Vann"]),
        ({"search": "Utmark"}, []),
    ],
)
def test_organisations_are_found_by_kind_country_name_and_whole_short_code(cast, asked, found):
    assert names(selectors.organisation_list(actor=cast.astrid, **asked)) == found


def test_one_organisation_is_found_only_by_who_may_see_it(cast):
    assert selectors.organisation_get(actor=cast.jonas, pk=cast.school.pk) == cast.school
    for pk in (cast.elvdal.pk, cast.vann.pk, 0):
        with pytest.raises(NotFound, match="No such organisation"):
            selectors.organisation_get(actor=cast.jonas, pk=pk)
    found = selectors.organisation_named(actor=cast.jonas, name="Fjellvik")
    assert found == cast.fjellvik
    with pytest.raises(NotFound, match="Elvdal"):
        selectors.organisation_named(actor=cast.jonas, name="Elvdal")


def test_what_is_below_an_organisation_is_not_itself_and_only_what_one_sees(cast):
    below = selectors.below(actor=cast.astrid, organisation=cast.fjellvik)
    assert names(below) == ["Fjellvik school", "Fjellvik Vann"]
    assert names(selectors.below(actor=cast.ingvild, organisation=cast.fjellvik)) == [
        "Fjellvik school"
    ]
    assert names(selectors.below(actor=cast.astrid, organisation=cast.school)) == []


def test_a_row_is_one_of_those_that_one_sees_or_none(cast):
    rows = selectors.organisation_list(actor=cast.jonas)
    assert selectors.one(rows, cast.school.pk) == cast.school
    with pytest.raises(NotFound):
        selectors.one(rows, cast.elvdal.pk)


# Members and operators.


@pytest.mark.parametrize(
    ("changed", "is_member"),
    [
        ({}, True),
        ({"valid_from": 0}, True),
        ({"valid_from": 1}, False),
        ({"valid_until": 0}, True),
        ({"valid_until": -1}, False),
        ({"accepted_on": None}, False),
    ],
)
def test_a_member_is_who_has_an_agreement_in_force(cast, changed, is_member):
    days = {name: None if number is None else day(number) for name, number in changed.items()}
    Agreement.unscoped.filter(organisation=cast.elvdal).update(**days)
    expected = ["Elvdal", "Fjellvik"] if is_member else ["Fjellvik"]
    assert names(selectors.member_list(actor=cast.henrik)) == expected
    assert names(selectors.member_list(actor=cast.job)) == expected


def test_members_are_of_ones_own_operators_or_of_the_one_that_is_asked_about(two):
    cast, nordvakt, _sjovik = two
    listed = selectors.member_list
    assert names(listed(actor=cast.astrid)) == ["Elvdal", "Fjellvik", "Sjovik"]
    assert names(listed(actor=cast.henrik)) == ["Elvdal", "Fjellvik"]
    assert names(listed(actor=cast.astrid, operator=nordvakt)) == ["Sjovik"]
    assert names(listed(actor=cast.henrik, operator=nordvakt)) == []
    assert names(listed(actor=cast.job, operator=nordvakt)) == ["Sjovik"]
    assert names(listed(actor=cast.job)) == ["Elvdal", "Fjellvik", "Sjovik"]
    assert names(listed(actor=cast.ingvild)) == []


def test_operators_are_those_that_one_works_for(two):
    cast, nordvakt, _sjovik = two
    assert names(selectors.operator_list(actor=cast.astrid)) == ["Samvakt", "Nordvakt"]
    assert names(selectors.operator_list(actor=cast.henrik)) == ["Samvakt"]
    assert names(selectors.operator_list(actor=cast.job)) == ["Samvakt", "Nordvakt"]
    assert names(selectors.operator_list(actor=cast.ingvild)) == []
    Membership.unscoped.create(
        person=cast.people["ingvild"], organisation=nordvakt, role="employee"
    )
    assert names(selectors.operator_list(actor=cast.ingvild)) == []
    Membership.unscoped.filter(organisation=nordvakt).update(ended_on=day(0))
    Membership.unscoped.create(person=cast.people["astrid"], organisation=nordvakt, role="employee")
    assert "Nordvakt" in names(selectors.organisation_list(actor=cast.astrid))
    assert names(selectors.operator_list(actor=cast.astrid)) == ["Samvakt"]


def test_who_works_for_several_centres_is_at_none_until_they_choose(two):
    cast, nordvakt, sjovik = two
    assert selectors.operator_of(actor=cast.astrid) is None
    with pytest.raises(NotFound, match="security centre"):
        selectors.operator_require(actor=cast.astrid)
    for chosen, found in ((nordvakt, nordvakt), (cast.samvakt, cast.samvakt), (sjovik, None)):
        actor = actor_of(cast.people["astrid"], chosen=chosen.pk)
        assert selectors.operator_of(actor=actor) == found
    assert selectors.operator_of(actor=cast.henrik) == cast.samvakt
    assert selectors.operator_of(actor=cast.ingvild) is None


def test_a_centre_is_named_only_by_who_works_for_it(two):
    cast, nordvakt, _sjovik = two
    assert selectors.operator_named(actor=cast.astrid, name="Nordvakt") == nordvakt
    assert selectors.operator_named(actor=cast.henrik) == cast.samvakt
    with pytest.raises(NotFound, match="Nordvakt"):
        selectors.operator_named(actor=cast.henrik, name="Nordvakt")


def test_what_is_done_for_a_centre_takes_the_right_there(cast):
    right = Permission.STAFF_CHANGE
    assert selectors.operator_with(actor=cast.henrik, permission=right) == cast.samvakt
    with pytest.raises(NotAllowed):
        selectors.operator_with(actor=cast.astrid, permission=right)
    with pytest.raises(NotFound):
        selectors.operator_with(actor=cast.ingvild, permission=right)


def test_letters_to_an_organisation_are_in_the_name_of_its_csirt_before_its_virtual_ciso(cast):
    nordvakt, sjovik = second_operator(cast)

    def serving(organisation):
        return selectors.operator_serving(actor=cast.job, organisation=organisation)

    Agreement.unscoped.create(
        organisation=cast.utmark, operator=nordvakt, service="ciso", valid_from=day(0)
    )
    assert serving(cast.utmark) == nordvakt
    Agreement.unscoped.create(
        organisation=cast.utmark, operator=cast.samvakt, service="csirt", valid_from=day(0)
    )
    assert serving(cast.utmark) == cast.samvakt
    Agreement.unscoped.create(
        organisation=cast.elvdal, operator=nordvakt, service="csirt", valid_from=day(0)
    )
    assert serving(cast.elvdal) == cast.samvakt  # of two the one that was first
    assert serving(cast.vann) == cast.samvakt
    assert serving(sjovik) == nordvakt
    assert serving(nordvakt) == nordvakt
    assert serving(make_organisation("Havn")) is None


# Whom an operator's reports may be attributed to.


def foreign(operator):
    rows = Organisation.unscoped.filter(pk__in=selectors.foreign_to(operator.pk))
    return set(rows.values_list("name", flat=True))


def test_foreign_is_what_only_others_serve_and_their_own_units(cast):
    nordvakt, _sjovik = second_operator(cast)
    make_organisation("Nordvakt lab", kind="unit", parent="Nordvakt")
    assert foreign(cast.samvakt) == {"Nordvakt", "Nordvakt lab", "Sjovik"}
    assert foreign(nordvakt) == {
        "Samvakt",
        "Fjellvik",
        "Fjellvik school",
        "Fjellvik Vann",
        "Elvdal",
    }


@pytest.mark.parametrize(
    ("agreed", "is_foreign"),
    [
        ({}, False),
        ({"valid_until": -1}, False),  # who has left stays among those it has served
        ({"valid_until": -9, "ended_on": -8}, True),  # ended before it began
        ({"valid_until": -9, "ended_on": -5}, False),  # and on the day on which it began
        ({"valid_from": 1}, True),
        ({"valid_from": 0}, False),
        ({"accepted_on": None}, True),
    ],
)
def test_who_has_been_served_for_a_day_is_foreign_no_more(cast, agreed, is_foreign):
    _nordvakt, sjovik = second_operator(cast)
    days = {name: None if number is None else day(number) for name, number in agreed.items()}
    Agreement.unscoped.create(
        organisation=sjovik,
        operator=cast.samvakt,
        service="csirt",
        **({"valid_from": day(-5)} | days),
    )
    assert ("Sjovik" in foreign(cast.samvakt)) is is_foreign


@pytest.mark.parametrize(("service", "is_foreign"), [("csirt", True), ("ciso", False)])
def test_a_virtual_ciso_does_not_make_its_members_companies_foreign(cast, service, is_foreign):
    nordvakt, _sjovik = second_operator(cast)
    make_organisation("Sjovik Havn", kind="company", parent="Sjovik")
    Agreement.unscoped.filter(operator=nordvakt).update(service=service)
    found = foreign(cast.samvakt)
    assert "Sjovik" in found
    assert ("Sjovik Havn" in found) is is_foreign


# Agreements.


@pytest.mark.parametrize(
    ("valid_until", "is_open"), [(None, True), (1, True), (0, True), (-1, False)]
)
@pytest.mark.parametrize("valid_from", [-9, 9])
def test_an_agreement_is_open_until_its_last_day_is_over(cast, valid_from, valid_until, is_open):
    last = None if valid_until is None else day(valid_until)
    began = min(day(valid_from), last or day(valid_from))
    Agreement.unscoped.filter(organisation=cast.elvdal).update(valid_from=began, valid_until=last)
    found = selectors.agreements_open(
        actor=cast.henrik, operator=cast.samvakt, today=timezone.localdate()
    )
    expected = ["Elvdal", "Fjellvik"] if is_open else ["Fjellvik"]
    assert [one.organisation.name for one in found] == expected


def test_agreements_open_are_those_of_one_operator(two):
    cast, nordvakt, _sjovik = two
    found = selectors.agreements_open(actor=cast.job, operator=nordvakt, today=day(0))
    assert [one.organisation.name for one in found] == ["Sjovik"]


@pytest.mark.parametrize(
    ("valid_until", "accepted_on", "waits"),
    [
        (None, None, True),
        (0, None, True),
        (-1, None, False),
        (None, 0, False),
    ],
)
def test_an_offer_waits_until_it_is_answered_or_its_last_day_is_over(
    cast, valid_until, accepted_on, waits
):
    days = [None if number is None else day(number) for number in (valid_until, accepted_on)]
    made = Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        valid_from=day(-9),
        valid_until=days[0],
        accepted_on=days[1],
    )
    found = selectors.offers_waiting(actor=cast.ingvild, organisation=cast.fjellvik, today=day(0))
    assert list(found) == ([made] if waits else [])
    assert not selectors.offers_waiting(
        actor=cast.job, organisation=cast.elvdal, today=day(0)
    ).exists()


def test_an_agreement_is_seen_from_both_its_sides_and_by_nobody_else(cast):
    def seen(actor, organisation=None):
        rows = selectors.agreement_list(actor=actor, organisation=organisation)
        return [one.organisation.name for one in rows]

    assert seen(cast.ingvild) == ["Fjellvik"]
    assert seen(cast.albin) == ["Elvdal", "Fjellvik"]
    assert seen(cast.albin, cast.elvdal) == ["Elvdal"]
    assert seen(cast.ingvild, cast.elvdal) == []


# People.


def test_who_worked_for_whom_says_who_still_does(cast):
    Membership.unscoped.filter(person=cast.people["ragna"]).update(ended_on=day(0))
    Membership.unscoped.create(
        person=cast.people["ragna"], organisation=cast.elvdal, role="adviser"
    )
    Membership.unscoped.create(
        person=cast.people["ragna"], organisation=cast.samvakt, role="employee"
    )
    Assignment.unscoped.filter(person=cast.people["astrid"]).update(ended_on=day(0))
    now = selectors.assignment_list(actor=cast.henrik)
    assert {(one.person.name, one.is_staff) for one in now} == {("Henrik", True), ("Ragna", False)}
    ever = selectors.assignment_history(actor=cast.henrik, operator=cast.samvakt)
    assert {(one.person.name, one.is_staff) for one in ever} == {
        ("Astrid", True),
        ("Henrik", True),
        ("Ragna", False),
    }


def test_assignments_are_of_one_operator_and_seen_by_who_sees_its_people(two):
    cast, nordvakt, _sjovik = two

    def listed(actor, operator=None):
        rows = selectors.assignment_list(actor=actor, operator=operator)
        return {one.person.name for one in rows}

    assert listed(cast.henrik) == {"Astrid", "Henrik", "Ragna"}
    assert listed(cast.henrik, nordvakt) == set()
    assert listed(cast.job, nordvakt) == {"Astrid", "Nils", "Nora"}
    assert listed(cast.ingvild) == set()
    assert listed(cast.albin) == set()


def test_an_operators_roles_of_a_person_are_those_held_there_now(cast):
    ragna = cast.people["ragna"].pk
    assert selectors.staff_roles(cast.samvakt, ragna) == {"adviser"}
    assert selectors.staff_roles(cast.samvakt, cast.people["ingvild"].pk) == set()
    assert selectors.staff_roles(cast.fjellvik, ragna) == set()
    Membership.unscoped.create(person_id=ragna, organisation=cast.samvakt, role="employee")
    assert selectors.staff_roles(cast.samvakt, ragna) == {"adviser"}
    Membership.unscoped.filter(person=ragna).update(ended_on=day(1))
    assert selectors.staff_roles(cast.samvakt, ragna) == set()


def test_home_is_where_one_holds_a_role_not_what_one_serves_nor_where_one_has_been(cast):
    homes = selectors.home_organisations
    assert names(homes(actor=cast.astrid)) == ["Samvakt"]
    Membership.unscoped.create(
        person=cast.people["ingvild"], organisation=cast.elvdal, role="employee"
    )
    assert names(homes(actor=cast.ingvild)) == ["Elvdal", "Fjellvik"]
    Membership.unscoped.filter(organisation=cast.elvdal).update(ended_on=day(0))
    assert names(homes(actor=cast.ingvild)) == ["Fjellvik"]
    assert homes(actor=cast.job) == []
    Membership.unscoped.create(
        person=cast.people["astrid"],
        organisation=cast.fjellvik,
        role="employee",
        ended_on=day(-1),
    )
    assert names(homes(actor=cast.astrid)) == ["Samvakt"]


def test_people_with_a_right_are_its_own_and_whoever_asks(cast):
    def found(actor, permission):
        people = selectors.people_with(
            actor=actor, organisation=cast.fjellvik, permission=permission
        )
        return {person.name for person in people}

    right = Permission.FINDINGS_ANSWER
    assert found(cast.ingvild, right) == {"Ingvild", "Jonas"}
    assert found(cast.astrid, right) == {"Ingvild", "Jonas", "Astrid"}
    assert found(cast.job, right) == {"Ingvild", "Jonas"}
    cast.people["jonas"].is_active = False
    cast.people["jonas"].save()
    assert found(cast.ingvild, right) == {"Ingvild"}


def test_contacts_are_found_by_organisation_and_purpose(cast):
    listed = selectors.contact_list
    assert len(listed(actor=cast.astrid)) == 2
    assert [c.organisation.name for c in listed(actor=cast.sigrid)] == ["Elvdal"]
    assert len(listed(actor=cast.astrid, organisation=cast.fjellvik)) == 1
    assert len(listed(actor=cast.sigrid, organisation=cast.fjellvik)) == 0
    assert len(listed(actor=cast.astrid, purpose="technical")) == 2
    assert len(listed(actor=cast.astrid, purpose="management")) == 0
    own = selectors.contacts_of(actor=cast.jonas, organisation=cast.fjellvik)
    assert [c.email for c in own] == ["drift@fjellvik.example"]
    assert selectors.contacts_of(actor=cast.jonas, organisation=cast.elvdal) == []
