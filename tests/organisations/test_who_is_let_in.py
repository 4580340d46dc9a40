"""A member sees which of an operator's people its agreements let in, and since when."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.audit.models import Entry
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.serving import assignment_end, assignment_give
from samsyn.organisations.staff import people_let_in
from samsyn.ui.moments import day_text
from tests.organisations.boundary import second_operator

pytestmark = pytest.mark.usefixtures("in_their_zone")


@pytest.fixture
def agreed(cast):
    return Agreement.unscoped.get(organisation=cast.fjellvik, service="csirt")


def text_of(client, person, organisation):
    answer = client.be(person).get(f"/organisations/{organisation.pk}/")
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_the_members_page_names_whom_an_agreement_lets_in(client, cast, agreed):
    assert "Let in: Astrid since" in text_of(client, cast.people["ingvild"], cast.fjellvik)
    Assignment.unscoped.filter(person=cast.people["astrid"]).update(ended_on=timezone.localdate())
    Membership.unscoped.filter(person=cast.people["henrik"]).update(ended_on=timezone.localdate())
    text = text_of(client, cast.people["ingvild"], cast.fjellvik)
    assert "Astrid since" not in text
    assert "Henrik since" not in text


def test_since_when_is_the_day_of_the_last_thing_that_was_needed(client, cast, agreed):
    today = timezone.localdate()
    began = today - timedelta(days=30)
    Agreement.unscoped.filter(pk=agreed.pk).update(valid_from=began, accepted_on=began)
    assert f"Astrid since {day_text(began)}" in text_of(client, cast.people["liv"], cast.fjellvik)
    assignment_end(actor=cast.henrik, assignment=of(cast, "astrid"), on=today)
    give(cast, "astrid", agreed)
    assert f"Astrid since {day_text(today)}" in text_of(client, cast.people["liv"], cast.fjellvik)


def of(cast, name):
    return Assignment.unscoped.get(person=cast.people[name], ended_on=None, service="csirt")


def give(cast, name, agreement):
    return assignment_give(
        actor=cast.henrik, operator=cast.samvakt, person=cast.people[name], agreement=agreement
    )


def test_who_may_not_see_the_members_people_sees_none_of_them(client, cast):
    text = text_of(client, cast.people["jonas"], cast.fjellvik)
    assert "CSIRT membership" in text
    assert "Let in:" not in text


def test_another_operator_does_not_see_them(client, cast):
    nordvakt, _sjovik = second_operator(cast)
    today = timezone.localdate()
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=today
    )
    text = text_of(client, cast.people["nora"], cast.fjellvik)
    assert "Astrid since" not in text
    assert "Astrid since" in text_of(client, cast.people["ingvild"], cast.fjellvik)


def test_giving_and_ending_one_assignment_is_on_the_members_trail_too(client, cast, agreed):
    given = give(cast, "ragna", agreed)
    assignment_end(actor=cast.henrik, assignment=given, on=timezone.localdate())
    for place in (cast.samvakt, cast.fjellvik):
        kept = Entry.objects.filter(organisation_id=place.pk, object_id=str(given.pk))
        kept = kept.filter(object_type=Assignment._meta.label)
        assert set(kept.values_list("action", flat=True)) == {
            "organisations.assignment_give",
            "organisations.assignment_end",
        }
    assert "Ragna" in text_of(client, cast.people["ingvild"], cast.fjellvik)


# The same without a page.

EVERYBODY = {"Astrid", "Henrik", "Ragna"}


def let_in(actor, organisation):
    found = people_let_in(actor=actor, organisation=organisation)
    return {pk: {one.name for one in people} for pk, people in found.items()}


def day(number):
    return timezone.localdate() + timedelta(days=number)


def test_whom_an_agreement_lets_in_is_told_of_that_member_alone(cast, agreed):
    assert let_in(cast.ingvild, cast.fjellvik) == {agreed.pk: EVERYBODY}
    assert let_in(cast.henrik, cast.fjellvik) == {agreed.pk: EVERYBODY}
    assert let_in(cast.job, cast.fjellvik) == {agreed.pk: EVERYBODY}
    assert let_in(cast.ingvild, cast.elvdal) == {}
    assert let_in(cast.jonas, cast.fjellvik) == {}


@pytest.mark.parametrize(
    ("changed", "lets_in"),
    [({"valid_until": -1}, False), ({"valid_until": 0}, True), ({"valid_from": 1}, False)],
)
def test_only_an_agreement_in_force_lets_anybody_in(cast, agreed, changed, lets_in):
    days = {name: day(number) for name, number in changed.items()}
    Agreement.unscoped.filter(pk=agreed.pk).update(**days)
    assert let_in(cast.ingvild, cast.fjellvik) == ({agreed.pk: EVERYBODY} if lets_in else {})


@pytest.mark.parametrize(
    "changed", [{"service": "ciso"}, {"organisation": "fjellvik"}, {"agreement": "elvdal"}]
)
def test_an_assignment_to_something_else_lets_nobody_in(cast, agreed, changed):
    others = Agreement.unscoped.get(organisation=cast.elvdal)
    known = {"fjellvik": cast.fjellvik, "elvdal": others}
    Assignment.unscoped.filter(person=cast.people["astrid"]).update(
        **{name: known.get(value, value) for name, value in changed.items()}
    )
    assert let_in(cast.ingvild, cast.fjellvik) == {agreed.pk: EVERYBODY - {"Astrid"}}


@pytest.mark.parametrize(
    "changed", [{"role": "employee"}, {"organisation": "utmark"}, {"ended_on": "today"}]
)
def test_who_does_not_work_for_the_operator_now_is_not_let_in(cast, agreed, changed):
    known = {"utmark": cast.utmark, "today": day(0)}
    Membership.unscoped.filter(person=cast.people["astrid"]).update(
        **{name: known.get(value, value) for name, value in changed.items()}
    )
    assert let_in(cast.ingvild, cast.fjellvik) == {agreed.pk: EVERYBODY - {"Astrid"}}


def test_who_may_not_sign_in_is_not_let_in(cast, agreed):
    cast.people["astrid"].is_active = False
    cast.people["astrid"].save()
    assert let_in(cast.ingvild, cast.fjellvik) == {agreed.pk: EVERYBODY - {"Astrid"}}


def test_each_of_two_operators_sees_its_own_people_and_the_member_both(cast, agreed):
    nordvakt, _sjovik = second_operator(cast)
    other = Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=day(0)
    )
    theirs = {"Nils", "Nora"}
    assert let_in(cast.ingvild, cast.fjellvik) == {agreed.pk: EVERYBODY, other.pk: theirs}
    assert let_in(cast.job, cast.fjellvik) == {agreed.pk: EVERYBODY, other.pk: theirs}
    assert let_in(cast.henrik, cast.fjellvik) == {agreed.pk: EVERYBODY}
    assert let_in(cast.nils, cast.fjellvik) == {other.pk: theirs}


@pytest.mark.parametrize(
    ("valid_from", "accepted_on", "since"), [(-30, -20, -20), (-20, -30, -20), (-30, -30, -30)]
)
def test_somebody_is_let_in_since_all_held_that_is_needed(
    cast, agreed, valid_from, accepted_on, since
):
    Agreement.unscoped.filter(pk=agreed.pk).update(
        valid_from=day(valid_from), accepted_on=day(accepted_on)
    )
    (people,) = people_let_in(actor=cast.ingvild, organisation=cast.fjellvik).values()
    assert {one.since for one in people} == {day(since)}


def test_who_is_assigned_twice_is_named_once_and_since_the_first_of_the_two(cast, agreed):
    began = day(-30)
    Agreement.unscoped.filter(pk=agreed.pk).update(valid_from=began, accepted_on=began)
    give(cast, "ragna", agreed)  # today, besides what she has for all members since before
    (people,) = people_let_in(actor=cast.ingvild, organisation=cast.fjellvik).values()
    assert [one.since for one in people if one.name == "Ragna"] == [began]
