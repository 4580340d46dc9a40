"""When figures of a group may be shown, and where one stands in it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.benchmark.rules import (
    Published,
    half_before,
    half_of,
    half_read,
    lacking_of,
    place_of,
    published_of,
)
from samsyn.kernel.numbers import Quartiles

groups = st.lists(st.integers(0, 8), max_size=30)
GROUP = Quartiles(2, 3, 4)


@given(groups)
def test_what_is_shown_comes_from_five_and_nobody_dominates(found):
    if lacking_of(found) == 0:
        largest = max(Counter(found).values())
        assert len(found) >= 5
        assert 2 * largest <= len(found)
        assert len(found) - largest >= 4


@given(groups)
def test_so_many_newcomers_as_are_said_to_lack_are_enough_and_one_fewer_is_not(found):
    lacking = lacking_of(found)
    newcomers = [f"new {n}" for n in range(lacking)]
    assert lacking_of(found + newcomers) == 0
    if lacking:
        assert lacking_of(found + newcomers[:-1]) > 0


@given(st.lists(st.floats(0, 100), max_size=20), st.integers(1, 4))
def test_withheld_figures_hold_no_value_at_all(values, owners):
    by_member = dict(enumerate(values))
    found = published_of(by_member, {pk: pk % owners for pk in by_member})
    assert (found.quartiles is None) == (found.lacking > 0)
    assert Published.from_json(found.to_json()) == found


@given(st.lists(st.floats(0, 100), min_size=5, max_size=20), st.floats(0, 100))
def test_best_and_worst_change_places_with_the_direction(values, own):
    group = published_of(dict(enumerate(values)), {n: n for n in range(len(values))}).quartiles
    swapped = {"best": "worst", "worst": "best", "middle": "middle"}
    up = place_of(own, group, direction="up")
    assert place_of(own, group, direction="down") == swapped[up]


@pytest.mark.parametrize(
    ("value", "place"), [(5, "best"), (4, "middle"), (2, "middle"), (1, "worst"), (None, None)]
)
def test_what_equals_a_quartile_lies_between(value, place):
    assert place_of(value, GROUP, direction="up") == place
    assert place_of(value, None, direction="up") is None


def test_half_years_follow_each_other():
    assert half_of(date(2026, 6, 30)) == "2026-H1"
    assert half_of(date(2026, 7, 1)) == "2026-H2"
    assert half_before("2026-H2") == "2026-H1"
    assert half_before("2026-H1") == "2025-H2"
    with pytest.raises(ValueError, match="no half-year"):
        half_read("2026-H3")
