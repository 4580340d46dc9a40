"""The figures of the home pages count what the list of findings shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.cockpit.selectors import EVERYWHERE, standings
from samsyn.findings.forms import FindingFilters
from samsyn.findings.rules import days_ago, yesterday_began
from samsyn.findings.selectors import finding_list
from tests.cast import make_finding

NOW = timezone.now()


def listed(actor, organisation=None, **asked):
    form = FindingFilters({"state": "unsolved", **asked}, actor=actor)
    given = form.for_selector() | ({"organisation": organisation.pk} if organisation else {})
    return finding_list(actor=actor, **given).count()


def standing(actor, organisation=None):
    place = organisation.pk if organisation else EVERYWHERE
    return standings(actor=actor, now=timezone.now())[place]


def test_units_and_companies_count_on_the_desk(cast):
    for organisation in (cast.fjellvik, cast.school, cast.vann):
        make_finding(organisation, severity=4, first_seen_at=NOW)
    desk = standing(cast.astrid)
    assert (desk.open, desk.critical, desk.new) == (3, 3, 3)
    assert desk.open == listed(cast.astrid)
    assert desk.new == listed(cast.astrid, is_new="on")


def test_what_one_runs_for_another_counts_once_at_both_and_once_in_all(cast):
    make_finding(cast.elvdal, operated_by=cast.fjellvik, severity=4, first_seen_at=NOW)
    make_finding(cast.fjellvik, operated_by=cast.fjellvik, subject="198.18.0.9", first_seen_at=NOW)
    assert standing(cast.astrid).open == listed(cast.astrid) == 2
    for organisation, number in ((cast.fjellvik, 2), (cast.elvdal, 1)):
        one = standing(cast.astrid, organisation)
        assert one.open == listed(cast.astrid, organisation) == number
        assert one.critical == 1


# The moments are reckoned in the test: a run may go on past midnight.
@pytest.mark.parametrize(("earlier", "is_new"), [(0, 1), (1, 0)])
def test_new_begins_with_yesterday_in_figure_and_list(cast, earlier, is_new):
    seen_at = yesterday_began(timezone.localtime()) - timedelta(seconds=earlier)
    make_finding(cast.fjellvik, first_seen_at=seen_at)
    assert standing(cast.astrid).new == listed(cast.astrid, is_new="on") == is_new


@pytest.mark.parametrize(("earlier", "is_old"), [(1, 1), (0, 0)])
def test_old_is_more_than_thirty_days_in_figure_and_list(cast, earlier, is_old):
    seen_at = days_ago(timezone.localtime(), 30) - timedelta(seconds=earlier)
    make_finding(cast.fjellvik, severity=4, first_seen_at=seen_at)
    assert standing(cast.astrid).old_critical == is_old
    assert listed(cast.astrid, severity="4", age="30") == is_old
