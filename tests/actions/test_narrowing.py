"""What the list of actions can be narrowed by is what other pages count by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from samsyn.actions.forms import ActionFilters
from samsyn.actions.selectors import action_list
from tests.cast import make_action


def titles(cast, **narrowed):
    return sorted(action_list(actor=cast.ingvild, **narrowed).values_list("title", flat=True))


def test_own_work_is_what_comes_from_no_finding_and_no_audit(cast):
    for source in ("finding", "audit", "own", "risk"):
        make_action(cast.fjellvik, title=source, source=source)
    assert titles(cast, source="own_work") == ["own", "risk"]
    assert titles(cast, source="own") == ["own"]


def test_orphaned_is_what_nobody_owns_or_somebody_who_has_left(cast):
    gone = cast.people["jonas"]
    make_action(cast.fjellvik, title="nobody's")
    make_action(cast.fjellvik, title="a role's", owner_role="ciso")
    make_action(cast.fjellvik, title="left", owner_person=gone)
    make_action(cast.fjellvik, title="hers", owner_person=cast.people["ingvild"])
    assert titles(cast, owner="orphaned") == ["nobody's"]
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert titles(cast, owner="orphaned") == ["left", "nobody's"]


@pytest.mark.parametrize(
    ("moment", "is_in"),
    [
        (datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), True),
    ],
)
@pytest.mark.parametrize("name", ["created_at", "state_since"])
def test_a_day_begins_at_midnight_where_the_reader_is(cast, moment, is_in, name):
    make_action(cast.fjellvik, title="it", **{name: moment})
    narrowed = {"created_at": "created_after", "state_since": "changed_after"}[name]
    with timezone.override("Europe/Oslo"):
        assert titles(cast, **{narrowed: date(2026, 3, 2)}) == (["it"] if is_in else [])


def test_no_two_choices_of_a_filter_mean_the_same_word(cast):
    form = ActionFilters(actor=cast.ingvild)
    for name in ("state", "source", "area"):
        words = [key for key, _label in form.fields[name].choices]
        assert len(words) == len(set(words)), name
