"""What a token, a job and nobody at all may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samsyn.access.actor import NOBODY, Actor, holders_of, job_actor
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import NotAllowed

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
