"""The dialogue's rules: spreads, groups, moves, steps and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.maturity.rules import (
    AreaProgress,
    group_spreads,
    levels_left,
    lines_of,
    lowest_level,
    may_go,
    median_level,
    spread_of,
    wants_evidence,
)

levels = st.lists(st.integers(1, 4), max_size=40)


@given(levels)
def test_a_spread_is_shown_from_three_on_and_counts_everybody(given_levels):
    spread = spread_of(given_levels)
    assert (spread is None) == (len(given_levels) < 3)
    if spread:
        assert spread.answered == len(given_levels)
        assert spread.lowest == min(given_levels)
        assert spread.highest == max(given_levels)
        assert spread.middle == sorted(given_levels)[(len(given_levels) - 1) // 2]


@given(st.dictionaries(st.sampled_from(["leadership", "staff", "board"]), levels))
def test_groups_are_all_shown_or_none(groups):
    shown = group_spreads(groups)
    present = {name for name, found in groups.items() if found}
    if shown:
        assert set(shown) == present
        assert all(len(groups[name]) >= 3 for name in present)


@pytest.mark.parametrize(
    ("today", "last", "target", "change", "left"),
    [(2, 1, 3, 1, 1), (1, 2, None, -1, None), (None, 1, 2, None, None), (4, None, 3, None, 0)],
)
def test_what_moved_and_what_is_left(today, last, target, change, left):
    move = AreaProgress(today, last, target)
    assert (move.change, move.left) == (change, left)


def test_only_the_highest_level_is_asked_for_evidence():
    assert wants_evidence(4, "  ")
    assert not wants_evidence(4, "Minutes of May")
    assert not wants_evidence(3, "")


def test_a_dialogue_goes_step_by_step():
    assert may_go("prepared", "rating")
    assert not may_go("prepared", "closed")
    assert may_go("closed", "meeting")


def test_lines_lose_their_marks_and_empty_ones():
    assert lines_of(" - one\n\n• two\r\n*three \n  \n") == ("one", "two", "three")


def test_two_groups_of_three_are_shown_and_a_single_one_is_not():
    """One group is the whole: beside it there is nothing to compare."""
    two = {"leadership": [1, 2, 2], "staff": [2, 3, 4]}
    assert set(group_spreads(two)) == {"leadership", "staff"}
    assert group_spreads({"leadership": [1, 2, 2]}) == {}
    assert group_spreads({**two, "board": [1, 4]}) == {}
    assert set(group_spreads({**two, "board": []})) == {"leadership", "staff"}


@pytest.mark.parametrize(
    ("rated", "apart"), [([2, 2, 2], 0), ([1, 1, 2], 1), ([1, 2, 4], 3), ([3, 4, 4], 1)]
)
def test_the_spread_says_how_far_apart_the_ratings_are(rated, apart):
    assert spread_of(rated).apart == apart


def test_figures_of_a_dialogue_are_its_lowest_and_its_middle_level():
    assert (lowest_level([3, 1, 4]), median_level([3, 1, 4])) == (1, 3.0)
    assert (lowest_level([]), median_level([])) == (None, None)
    assert levels_left([AreaProgress(3), AreaProgress(None, target=4)]) is None
