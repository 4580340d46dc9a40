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
