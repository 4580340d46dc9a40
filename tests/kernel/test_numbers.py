"""Figures of a group say nothing of any one of its members."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.kernel.numbers import GROUP_LEAST, Quartiles, quartiles


def test_a_group_of_four_is_withheld_and_one_of_five_is_shown():
    assert GROUP_LEAST == 5
    assert quartiles([]) is None
    assert quartiles([1, 2, 3, 4]) is None
    assert quartiles([1, 2, 3, 4, 5]) == Quartiles(2, 3, 4)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([5, 1, 4, 2, 3], Quartiles(2, 3, 4)),  # in any order
        ([0, 0, 0, 0, 0], Quartiles(0, 0, 0)),
        ([1, 2, 3, 4, 5, 6], Quartiles(2.25, 3.5, 4.75)),
        ([0, 10, 20, 30, 40, 50, 60, 70], Quartiles(17.5, 35, 52.5)),
    ],
)
def test_between_two_values_a_quartile_is_interpolated(values, found):
    assert quartiles(values) == found


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=50))
def test_they_are_the_quartiles_of_the_statistics_module(values):
    wanted = statistics.quantiles(values, n=4, method="inclusive")
    found = quartiles(values)
    assert [found.low, found.median, found.high] == pytest.approx(wanted, abs=1e-6)
