"""Whom people reach on the first and the last day, and once something has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of
from samsyn.organisations.models import Agreement, Assignment
from tests.organisations.boundary import reached

VIEW = Permission.ORGANISATIONS_VIEW
FINDINGS = Permission.FINDINGS_VIEW
HERS = {"Fjellvik", "Fjellvik school", "Fjellvik Vann"}


def day(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.mark.parametrize(
    ("changed", "reaches"),
    [
        ({"valid_from": 1}, False),
        ({"valid_from": 0}, True),
        ({"valid_until": -1}, False),
        ({"valid_until": 0}, True),
        ({"valid_from": 0, "valid_until": 0}, True),  # an agreement of one day
        ({"accepted_on": None}, False),
        ({"accepted_on": 0}, True),
    ],
)
def test_an_agreement_opens_its_member_from_its_first_day_to_its_last(cast, changed, reaches):
    days = {name: None if number is None else day(number) for name, number in changed.items()}
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(**days)
    assert reached(cast.astrid, FINDINGS) & HERS == (HERS if reaches else set())
    assert "Elvdal" in reached(cast.astrid, FINDINGS)


@pytest.mark.parametrize("ended_on", [-1, 0, 1])
def test_an_assignment_that_has_been_ended_opens_nothing_whatever_day_it_names(cast, ended_on):
    Assignment.unscoped.filter(person=cast.people["astrid"]).update(ended_on=day(ended_on))
    assert reached(cast.astrid, FINDINGS) == {"Samvakt"}


@pytest.mark.parametrize("ended_on", [-1, 0, 1])
def test_a_role_that_has_been_ended_gives_nothing_whatever_day_it_names(cast, ended_on):
    Membership.unscoped.all().update(ended_on=day(ended_on))
    for name in ("astrid", "ingvild"):
        assert reached(getattr(cast, name), VIEW) == set()


def test_who_leaves_one_of_two_roles_keeps_the_other(cast):
    Membership.unscoped.create(
        person=cast.people["ingvild"], organisation=cast.elvdal, role="employee"
    )
    Membership.unscoped.filter(organisation=cast.fjellvik).update(ended_on=day(0))
    assert reached(cast.ingvild, VIEW) == {"Elvdal"}
    assert reached(cast.ingvild, FINDINGS) == set()


def test_an_operators_role_at_a_member_counts_for_nothing(cast):
    """Only at a security centre is an analyst an analyst."""
    Membership.unscoped.create(person=cast.people["egil"], organisation=cast.elvdal, role="analyst")
    assert reached(cast.egil, FINDINGS) == set()
    assert "Elvdal" not in reached(cast.egil, VIEW)


@pytest.mark.parametrize("changed", [{"service": "ciso"}, {"organisation": "fjellvik"}])
def test_an_assignment_counts_for_its_own_service_at_its_own_operator(cast, changed):
    fields = {k: getattr(cast, v) if k == "organisation" else v for k, v in changed.items()}
    Assignment.unscoped.filter(person=cast.people["astrid"]).update(**fields)
    assert reached(cast.astrid, FINDINGS) == {"Samvakt"}


def test_somebody_elses_assignment_lets_nobody_in(cast):
    Assignment.unscoped.exclude(person=cast.people["henrik"]).delete()
    assert reached(cast.astrid, FINDINGS) == {"Samvakt"}
    assert "Fjellvik" in reached(cast.henrik, VIEW)


def test_what_somebody_may_at_home_they_may_not_where_an_agreement_lets_them_in(cast):
    astrid = cast.astrid
    assert astrid.may(FINDINGS, cast.fjellvik.pk)
    assert not astrid.may_at_home(FINDINGS, cast.fjellvik.pk)
    assert astrid.may_at_home(FINDINGS, cast.samvakt.pk)
    assert not astrid.is_at_home(cast.fjellvik.pk)
    assert not cast.job.may_at_home(FINDINGS, cast.fjellvik.pk)
    assert not cast.job.is_at_home(cast.fjellvik.pk)


def test_who_is_read_by_an_outsider_is_told_and_who_is_read_by_their_own_is_not(cast):
    assert cast.astrid.is_from_outside(cast.fjellvik.pk)
    assert not cast.astrid.is_from_outside(cast.samvakt.pk)
    assert not cast.ingvild.is_from_outside(cast.fjellvik.pk)
    assert not cast.job.is_from_outside(cast.fjellvik.pk)


def test_a_small_role_at_the_member_hides_nothing_that_its_operator_reads(cast):
    Membership.unscoped.create(
        person=cast.people["astrid"], organisation=cast.fjellvik, role="employee"
    )
    assert actor_of(cast.people["astrid"]).is_from_outside(cast.fjellvik.pk)
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(valid_until=day(-1))
    assert not actor_of(cast.people["astrid"]).is_from_outside(cast.fjellvik.pk)


def test_only_who_has_a_permission_everywhere_sees_all(cast):
    assert cast.job.sees_all(VIEW)
    assert not cast.astrid.sees_all(VIEW)  # Utmark has no agreement
    cast.utmark.delete()
    assert actor_of(cast.people["astrid"]).sees_all(VIEW)
    assert not actor_of(cast.people["ingvild"]).sees_all(VIEW)
