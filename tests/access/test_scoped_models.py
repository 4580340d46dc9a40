"""What belongs to an organisation: never asked without saying for whom, and shown in words."""

from __future__ import annotations

import pytest

from samsyn.access.rows import BEYOND
from samsyn.access.scoping import ScopeMissing, beyond
from samsyn.assets.models import Resource
from samsyn.findings.models import Finding
from tests.cast import make_finding


def test_a_query_that_says_not_for_whom_is_refused_before_it_is_asked(cast):
    for asked in (Resource.objects.all, Resource.objects.count, Resource.objects.first):
        with pytest.raises(ScopeMissing, match=r"Resource\.objects needs visible_to\(actor\)"):
            asked()


def test_none_is_nothing_and_takes_no_actor(cast):
    assert list(Resource.objects.none()) == []


def test_of_others_one_sees_what_one_runs_for_them_and_nothing_else(cast):
    hosted = make_finding(cast.elvdal, operated_by=cast.fjellvik)
    own = make_finding(cast.fjellvik)
    make_finding(cast.elvdal, subject="198.18.4.1")
    assert set(Finding.objects.visible_to(cast.jonas)) == {hosted, own}
    assert set(Finding.objects.visible_to(cast.egil)) == set()


def test_a_query_beyond_the_scope_carries_the_mark_that_the_policies_know(cast):
    rows = Finding.unscoped.all()
    assert BEYOND in str(beyond(rows, "a test").query)
    assert BEYOND not in str(rows.query)


def test_a_choice_is_shown_in_words_and_what_is_none_as_it_is(cast):
    assert Resource(kind="domain").get_kind_display() == "domain"
    assert Resource(kind="unknown").get_kind_display() == "unknown"
    assert Resource(kind=None).get_kind_display() is None
    assert Finding(severity=4).get_severity_display() == "critical"
