"""When a letter is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samsyn.messages.rules import PAUSES, clean_line, is_permanent, next_try

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_letter_is_tried_ever_slower_for_more_than_a_day_and_then_given_up():
    waits = [next_try(number, NOW) - NOW for number in range(1, len(PAUSES) + 1)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=24))
    assert sum(waits, timedelta()) > timedelta(days=1)
    assert next_try(len(PAUSES) + 1, NOW) is None


@pytest.mark.parametrize(
    ("code", "permanent"), [(250, False), (421, False), (499, False), (500, True), (599, True)]
)
def test_only_replies_from_500_on_say_that_trying_again_is_of_no_use(code, permanent):
    assert is_permanent(code) is permanent


def test_a_line_is_cut_after_what_is_hidden_in_it_has_gone():
    assert clean_line("\u202eab\u202c c", longest=4) == "ab c"
    assert clean_line("x" * 201) == "x" * 200
    assert clean_line("abc def", longest=4) == "abc"
