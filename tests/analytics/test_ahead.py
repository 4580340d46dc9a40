"""Work done ahead by threads comes in order, stops when nobody wants it, and fails aloud."""

from __future__ import annotations

import threading
from contextlib import closing
from itertools import count

import pytest

from samsyn.analytics.ahead import WorkedAhead


def test_it_comes_in_order_however_long_each_takes():
    second_done = threading.Event()

    def work(number: int) -> int:
        if number == 1:
            assert second_done.wait(10)
        if number == 2:
            second_done.set()
        return number * number

    assert list(WorkedAhead(work, [1, 2, 3, 4], workers=2)) == [1, 4, 9, 16]


def test_no_more_is_begun_than_is_soon_wanted():
    begun: list[int] = []
    with closing(WorkedAhead(begun.append, count(), workers=2)) as ahead:
        next(ahead)
    assert len(begun) <= 4


def test_what_fails_is_raised_where_it_is_wanted():
    ahead = WorkedAhead(lambda number: 1 // number, [1, 0, 1], workers=1)
    assert next(ahead) == 1
    with pytest.raises(ZeroDivisionError):
        next(ahead)
