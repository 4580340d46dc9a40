"""What is counted is counted once, however many ask for it at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from samsyn.analytics.version_cache import cached_by_version, clear_cache


@pytest.fixture(autouse=True)
def nothing_kept():
    clear_cache()
    yield
    clear_cache()


def test_who_asks_while_it_is_made_waits_for_it():
    begun, go_on, made = threading.Event(), threading.Event(), []

    def make() -> int:
        begun.set()
        assert go_on.wait(10)
        made.append(1)
        return len(made)

    with ThreadPoolExecutor(max_workers=8) as threads:
        asked = [threads.submit(cached_by_version, "n", "key", make) for _ in range(8)]
        assert begun.wait(10)
        go_on.set()
        assert [each.result() for each in asked] == [1] * 8


def test_what_fails_is_tried_again_by_the_next():
    with pytest.raises(ZeroDivisionError):
        cached_by_version("n", "key", lambda: 1 // 0)
    assert cached_by_version("n", "key", lambda: 7) == 7


def test_the_oldest_is_forgotten_first():
    for number in range(4):
        cached_by_version("n", number, lambda number=number: number, most=3)
    assert cached_by_version("n", 3, lambda: "made anew", most=3) == 3
    assert cached_by_version("n", 0, lambda: "made anew", most=3) == "made anew"
