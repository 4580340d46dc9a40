"""What a token, a job and nobody at all may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samsyn.access import actor as module
from samsyn.access.actor import NOBODY, Actor, holders_of, job_actor, operators_over
from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of
from samsyn.kernel.errors import NotAllowed
from samsyn.organisations.models import Agreement, Organisation
from tests.cast import TODAY, make_organisation, person_of

VIEW, FINDINGS = Permission.ORGANISATIONS_VIEW, Permission.FINDINGS_VIEW


def test_a_token_reaches_only_with_the_permissions_it_was_made_for(cast):
    token = replace(cast.ingvild, only=frozenset({VIEW}))
    assert token.may(VIEW, cast.fjellvik.pk)
    assert not token.may(FINDINGS, cast.fjellvik.pk)
    assert not token.organisations(FINDINGS).exists()
    assert token.organisations(VIEW).count() == 2


def test_a_job_that_is_narrowed_sees_all_of_what_it_may_and_nothing_else(cast):
    job = Actor("job:narrow", is_system=True, only=frozenset({VIEW}))
    assert job.may(VIEW, cast.utmark.pk)
    assert not job.may(FINDINGS, cast.utmark.pk)
    assert not job.sees_all(VIEW)
    assert job_actor("test").sees_all(FINDINGS)


def test_nobody_may_anything_anywhere(cast):
    for permission in Permission:
        assert not NOBODY.may(permission, cast.fjellvik.pk)
        assert not NOBODY.may_anywhere(permission)
    assert not NOBODY.sees_all(VIEW)
    assert not NOBODY.may_at_home(VIEW, cast.fjellvik.pk)


def test_a_job_may_where_there_is_an_organisation_and_nowhere_else(cast):
    assert cast.job.may(FINDINGS, cast.utmark.pk)
    assert not cast.job.may(FINDINGS, None)
    assert cast.job.organisation_ids(VIEW) == set(
        cast.job.organisations(VIEW).values_list("pk", flat=True)
    )


def test_what_is_required_is_refused_where_it_is_lacking(cast):
    cast.ingvild.require(FINDINGS, cast.fjellvik.pk)
    with pytest.raises(NotAllowed, match="permission"):
        cast.ingvild.require(FINDINGS, cast.elvdal.pk)
    with pytest.raises(NotAllowed):
        cast.egil.require(FINDINGS, cast.fjellvik.pk)


def test_a_page_is_kept_once_for_all_who_may_the_same_and_for_nobody_else(cast):
    assert cast.astrid.permissions_key() != cast.albin.permissions_key()
    assert cast.ingvild.permissions_key() == cast.ingvild.permissions_key()
    assert (
        cast.ingvild.permissions_key()
        != replace(cast.ingvild, only=frozenset({VIEW})).permissions_key()
    )
    assert cast.job.permissions_key() != NOBODY.permissions_key()
    assert cast.job.permissions_key() != replace(cast.job, only=frozenset({VIEW})).permissions_key()


def test_who_holds_a_right_is_asked_for_one_organisation_and_one_right(cast):
    assert set(holders_of(cast.elvdal.pk, FINDINGS).values_list("person", flat=True)) == {
        cast.people["sigrid"].pk
    }


def test_a_token_is_at_home_with_no_right_that_it_was_not_made_for(cast):
    assert cast.ingvild.may_at_home(FINDINGS, cast.fjellvik.pk)
    token = replace(cast.ingvild, only=frozenset({VIEW}))
    assert not token.may_at_home(FINDINGS, cast.fjellvik.pk)
    assert token.may_at_home(VIEW, cast.fjellvik.pk)


def test_a_right_that_one_has_at_members_alone_is_nowhere_at_home(cast):
    answer = Permission.FINDINGS_ANSWER
    assert cast.astrid.may(answer, cast.fjellvik.pk)
    assert not cast.astrid.may_at_home(answer, cast.fjellvik.pk)


def test_who_has_no_role_is_at_home_nowhere_and_reads_from_outside(cast):
    stranger = person_of("kim", cast.utmark)
    stranger.save()
    assert not actor_of(stranger).is_at_home(cast.utmark.pk)
    assert actor_of(stranger).is_from_outside(cast.utmark.pk)


def test_a_page_is_kept_anew_when_there_is_an_organisation_that_somebody_does_not_see(cast):
    """Who saw all until then was asked without a condition, and is not any more."""
    cast.utmark.delete()
    before = cast.astrid
    assert before.sees_all(VIEW)
    make_organisation("Utvik")
    after = cast.astrid
    assert after.organisation_ids(VIEW) == before.organisation_ids(VIEW)
    assert not after.sees_all(VIEW)
    assert after.permissions_key() != before.permissions_key()


@pytest.mark.parametrize(("most", "is_listed"), [(4, False), (5, True), (6, True)])
def test_few_organisations_are_listed_and_many_are_a_sub_select_of_the_same(
    cast, monkeypatch, most, is_listed
):
    monkeypatch.setattr(module, "LISTED_MOST", most)
    found = cast.astrid.organisations_with(VIEW)
    assert isinstance(found, frozenset) is is_listed
    names = Organisation.unscoped.filter(pk__in=found).values_list("name", flat=True)
    assert set(names) == {"Samvakt", "Fjellvik", "Fjellvik school", "Fjellvik Vann", "Elvdal"}


def test_who_only_offers_to_serve_is_counted_only_where_offers_are_asked_for(cast):
    nordvakt = make_organisation("Nordvakt", kind="operator")
    Agreement.unscoped.create(
        organisation=cast.elvdal,
        operator=nordvakt,
        service="csirt",
        valid_from=TODAY,
        accepted_on=None,
    )
    assert operators_over(cast.elvdal.pk) == {cast.samvakt.pk}
    assert operators_over(cast.elvdal.pk, offered=True) == {cast.samvakt.pk, nordvakt.pk}


def test_who_works_for_a_centre_and_for_the_one_that_serves_it_reads_it_as_their_own(cast):
    nordvakt = make_organisation("Nordvakt", kind="operator")
    Agreement.unscoped.create(
        organisation=cast.samvakt, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    Membership.unscoped.create(person=cast.people["astrid"], organisation=nordvakt, role="analyst")
    assert not cast.astrid.is_from_outside(cast.samvakt.pk)


def test_two_actors_are_the_same_whatever_they_have_looked_up(cast):
    asked, fresh = actor_of(cast.people["ingvild"]), actor_of(cast.people["ingvild"])
    assert asked.may(VIEW, cast.fjellvik.pk)
    assert asked == fresh
    assert repr(asked) == repr(fresh)
