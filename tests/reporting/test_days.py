"""A figure counts days from midnight where its reader is, as the list that it opens does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from samsyn.findings.rules import days_ago
from samsyn.reporting.seen import Seen
from tests.cast import make_finding

TODAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 1, 30, 23, tzinfo=UTC)  # where 31 January begins in Oslo: 30 days ago
MINUTE = timedelta(minutes=1)


def found(cast, **days):
    given = {"today": TODAY, "since": date(2026, 2, 1)} | days
    return Seen(actor=cast.ingvild, organisation=cast.fjellvik, targets={}, **given).findings


@pytest.mark.parametrize(("seen_at", "old"), [(MIDNIGHT - MINUTE, 1), (MIDNIGHT, 0)])
def test_a_critical_finding_is_old_after_thirty_whole_days(cast, in_their_zone, seen_at, old):
    make_finding(cast.fjellvik, severity=4, first_seen_at=seen_at)
    assert found(cast)["old_critical"] == old
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert days_ago(timezone.localtime(now), 30) == MIDNIGHT  # so the list begins there too


@pytest.mark.parametrize(("seen_at", "new"), [(MIDNIGHT - MINUTE, 0), (MIDNIGHT, 1)])
def test_what_is_new_since_a_day_is_new_from_its_midnight(cast, in_their_zone, seen_at, new):
    make_finding(cast.fjellvik, first_seen_at=seen_at)
    counted = found(cast, since=date(2026, 1, 31))
    assert (counted["new"], counted["before"]) == (new, 1 - new)


@pytest.mark.parametrize(("closed_at", "closed"), [(MIDNIGHT - MINUTE, 0), (MIDNIGHT, 1)])
def test_what_was_closed_before_the_day_is_of_the_time_before(
    cast, in_their_zone, closed_at, closed
):
    make_finding(
        cast.fjellvik,
        state="closed",
        first_seen_at=MIDNIGHT - timedelta(days=9),
        state_since=closed_at,
    )
    counted = found(cast, since=date(2026, 1, 31))
    assert (counted["closed"], counted["before"]) == (closed, closed)
