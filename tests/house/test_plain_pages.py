"""The law on words catches what is raw or in English.

It is asked of every page in test_doors, and of every answer to a form in test_hostile.
"""

from __future__ import annotations

import pytest

from tests.house.plain import faults


@pytest.mark.once
@pytest.mark.parametrize(
    "planted",
    [
        "<p>None</p>",
        "<td>2026-03-02T10:00:00</td>",
        "<td>actions.action_propose</td>",
        "<h2>actions.Action-1</h2>",
        "<p>The reports of the last week are not here yet.</p>",
        '<input placeholder="Nothing is late.">',
        "<button>Save</button><p>No organisation yet</p>",
    ],
)
def test_the_law_on_words_catches_a_planted_fault(planted):
    assert list(faults(planted, "sv", []))


@pytest.mark.once
def test_the_law_on_words_lets_code_and_what_people_wrote_stand():
    page = "<code>actions.action_propose</code><p>Minutes of the group with the board</p>"
    page += "<td>2026-03-02</td><p>Tre fynd är öppna hos oss i dag.</p>"
    assert list(faults(page, "sv", ["Minutes of the group with the board"])) == []
