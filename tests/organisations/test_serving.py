"""Agreements and assignments, seen from each service: what is kept, refused and put on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.kernel.limits import limits
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_sign,
    agreement_withdraw,
    assignment_end,
    assignment_give,
    ends_text,
    offer_take_back,
)
from tests.organisations.boundary import create, second_operator


@pytest.fixture
def today():
    return timezone.localdate()


def offer(cast, **fields):
    given = {
        "organisation": cast.fjellvik,
        "operator": cast.samvakt,
        "service": "ciso",
        "valid_from": timezone.localdate(),
        "accepted_on": None,
    }
    return Agreement.unscoped.create(**(given | fields))


def entries(action, place):
    return Entry.objects.filter(action=f"organisations.{action}", organisation_id=place.pk)


# Who adds a member sees it.


def test_who_is_assigned_to_all_members_needs_no_assignment_to_a_new_one(cast):
    before = Assignment.unscoped.count()
    create(cast, cast.astrid)
    create(cast, cast.job, name="Utvik")
    assert Assignment.unscoped.count() == before


def test_who_is_not_is_assigned_to_the_one_that_they_add_and_both_sides_can_read_it(cast):
    made = create(cast, cast.albin)
    given = Assignment.unscoped.get(person=cast.people["albin"])
    assert given.agreement.organisation == made
    assert (given.organisation, given.service, given.ended_on) == (cast.samvakt, "csirt", None)
    for place in (cast.samvakt, made):
        (entry,) = entries("assignment_give", place)
        assert (entry.object_id, entry.person_id) == (str(given.pk), cast.people["albin"].pk)
    assert entries("agreement_sign", made).count() == 1


# Signing.


def limited(settings, most):
    settings.LIMITS = {name: known.most for name, known in limits().items()} | {"agreements": most}


@pytest.mark.parametrize(("last", "is_full"), [(None, True), (1, True), (0, True), (-1, False)])
def test_agreements_with_one_member_are_counted_until_their_last_day(
    cast, settings, today, last, is_full
):
    limited(settings, 2)
    nordvakt, _sjovik = second_operator(cast)
    ends = None if last is None else today + timedelta(days=last)
    offer(cast, valid_from=today - timedelta(days=9), valid_until=ends)
    for other in ({"operator": nordvakt}, {"operator": nordvakt, "service": "csirt"}):
        offer(cast, **other)  # another operator's are not counted

    def sign():
        return agreement_sign(
            actor=cast.henrik,
            operator=cast.samvakt,
            organisation=cast.fjellvik,
            service="ciso",
            valid_from=today + timedelta(days=20),
            valid_until=today + timedelta(days=30),
        )

    if is_full:
        with pytest.raises(RuleViolation, match="at most 2 agreements"):
            sign()
        return
    made = sign()
    assert made.is_offer
    with pytest.raises(RuleViolation, match="at most 2 agreements"):
        sign()


def test_an_operator_signs_with_others_and_only_an_operator(cast, today):
    given = {"actor": cast.job, "valid_from": today}
    with pytest.raises(RuleViolation, match="with itself"):
        agreement_sign(operator=cast.samvakt, organisation=cast.samvakt, **given)
    with pytest.raises(RuleViolation, match="Only a security centre"):
        agreement_sign(operator=cast.fjellvik, organisation=cast.utmark, **given)


# Answering.


def test_who_accepts_is_kept_with_the_day_as_far_as_there_is_room_for_their_name(cast, today):
    cast.people["liv"].name = "L" * 120
    cast.people["liv"].email = "l" * 60 + "@" + "fjellvik." * 12 + "example"
    cast.people["liv"].save()
    made = offer(cast)
    agreement_accept(actor=cast.liv, agreement=made, today=today)
    kept = Agreement.unscoped.get(pk=made.pk)
    assert kept.accepted_on == today
    assert kept.accepted_by == cast.liv.label[:200]
    assert kept.version == 2


@pytest.mark.parametrize("act", [agreement_accept, agreement_withdraw])
def test_who_works_for_the_operator_answers_none_of_its_offers(cast, today, act):
    Membership.unscoped.create(person=cast.people["liv"], organisation=cast.samvakt, role="analyst")
    made = offer(cast)
    with pytest.raises(RuleViolation, match="somebody else answers"):
        act(actor=cast.liv, agreement=made, today=today)
    kept = Agreement.unscoped.get(pk=made.pk)
    assert (kept.accepted_on, kept.valid_until) == (None, None)


@pytest.mark.parametrize("name", ["jonas", "egil", "sigrid", "henrik", "astrid"])
def test_who_may_not_agree_for_the_member_answers_nothing(cast, today, name):
    made = offer(cast)
    for act in (agreement_accept, agreement_withdraw):
        with pytest.raises(NotAllowed):
            act(actor=getattr(cast, name), agreement=made, today=today)


def test_another_operator_neither_takes_an_offer_back_nor_ends_an_agreement(cast, today):
    nordvakt, _sjovik = second_operator(cast)
    agreed = Agreement.unscoped.get(organisation=cast.elvdal)
    Agreement.unscoped.create(
        organisation=cast.elvdal, operator=nordvakt, service="csirt", valid_from=today
    )
    made = offer(cast, organisation=cast.elvdal)
    with pytest.raises(NotAllowed):
        offer_take_back(actor=cast.nils, agreement=made, today=today)
    with pytest.raises(NotAllowed):
        agreement_end(actor=cast.nils, agreement=agreed, on=today)
    offer_take_back(actor=cast.henrik, agreement=made, today=today)
    kept = Agreement.unscoped.get(pk=made.pk)
    yesterday = today - timedelta(days=1)
    assert (kept.ending, kept.ended_on, kept.valid_until) == ("taken_back", today, yesterday)


def test_an_agreement_that_ends_already_says_its_last_day(cast, today):
    agreed = Agreement.unscoped.get(organisation=cast.elvdal)
    agreement_end(actor=cast.henrik, agreement=agreed, on=today)
    for day in (today, today + timedelta(days=1)):
        with pytest.raises(RuleViolation) as refused:
            agreement_end(actor=cast.henrik, agreement=agreed, on=day)
        assert str(refused.value) == ends_text(agreed)
        assert f"{today.day} {today:%b} {today.year}" in str(refused.value)
    assert ends_text(Agreement(valid_until=None)).endswith("its last day, .")


# Assigning.


def test_only_an_operator_has_people_to_assign(cast):
    Membership.unscoped.create(
        person=cast.people["albin"], organisation=cast.fjellvik, role="analyst"
    )
    with pytest.raises(RuleViolation, match="Only a security centre"):
        assignment_give(actor=cast.job, operator=cast.fjellvik, person=cast.people["albin"])


def test_nobody_is_assigned_twice_to_the_same(cast, today):
    agreed = Agreement.unscoped.get(organisation=cast.elvdal)
    given = {"actor": cast.henrik, "operator": cast.samvakt, "person": cast.people["albin"]}
    first = assignment_give(agreement=agreed, **given)
    with pytest.raises(RuleViolation, match="already assigned") as refused:
        assignment_give(agreement=agreed, **given)
    assert refused.value.field == "person"
    assignment_give(**given)  # to all members is another thing
    with pytest.raises(RuleViolation, match="already assigned"):
        assignment_give(**given)
    assignment_end(actor=cast.henrik, assignment=first, on=today)
    assert assignment_give(agreement=agreed, **given).pk != first.pk


def test_what_a_person_has_at_another_operator_is_not_counted(cast):
    nordvakt, _sjovik = second_operator(cast)
    Membership.unscoped.create(person=cast.people["astrid"], organisation=nordvakt, role="analyst")
    made = assignment_give(actor=cast.nils, operator=nordvakt, person=cast.people["astrid"])
    assert made.organisation == nordvakt


def test_an_assignment_to_one_member_is_on_its_record_and_one_to_all_is_not(cast, today):
    agreed = Agreement.unscoped.get(organisation=cast.elvdal)
    given = {"actor": cast.henrik, "operator": cast.samvakt, "person": cast.people["albin"]}
    one = assignment_give(agreement=agreed, **given)
    assignment_end(actor=cast.henrik, assignment=one, on=today)
    every = assignment_give(**given)
    assignment_end(actor=cast.henrik, assignment=every, on=today)
    for action, change in (("assignment_give", None), ("assignment_end", [None, str(today)])):
        (entry,) = entries(action, cast.elvdal)
        assert (entry.object_id, entry.person_id) == (str(one.pk), cast.people["henrik"].pk)
        if change:
            assert entry.changes == {"ended_on": change}
        assert entries(action, cast.samvakt).count() == 2


def test_nobody_assigns_themselves_and_only_who_has_all_members_gives_them_all(cast):
    agreed = Agreement.unscoped.get(organisation=cast.elvdal)
    given = {"actor": cast.henrik, "operator": cast.samvakt, "service": "csirt"}
    henrik, albin = cast.people["henrik"], cast.people["albin"]
    with pytest.raises(RuleViolation, match="Nobody assigns themselves"):
        assignment_give(person=henrik, agreement=agreed, **given)
    Assignment.unscoped.filter(person=henrik).update(agreement=agreed)
    with pytest.raises(NotAllowed, match="assigned to all members"):
        assignment_give(person=albin, **given)
    assert assignment_give(person=albin, agreement=agreed, **given).agreement == agreed
    assert assignment_give(**(given | {"actor": cast.job}), person=henrik).agreement is None
