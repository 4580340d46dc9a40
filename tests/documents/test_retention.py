"""When evidence may be removed: not on its last day, and not while anything leans on it."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.documents.rules.retention import may_be_removed

LAST = date(2026, 2, 28)


@pytest.mark.parametrize(
    ("until", "linked", "today", "may"),
    [
        (LAST, False, date(2026, 2, 27), False),
        (LAST, False, date(2026, 2, 28), False),  # the last day it must be kept
        (LAST, False, date(2026, 3, 1), True),
        (LAST, True, date(2026, 3, 1), False),
        (None, False, date(2026, 3, 1), False),  # kept until somebody says
        (None, True, date(2026, 3, 1), False),
    ],
)
def test_evidence_goes_after_its_last_day_where_nothing_leans_on_it(until, linked, today, may):
    assert may_be_removed(retained_until=until, is_linked=linked, today=today) is may
