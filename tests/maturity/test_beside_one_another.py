"""Two dialogues, two areas, two people: what is told of one is not another's."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.maturity import selectors
from samsyn.maturity.models import DialogueStep, Rating
from samsyn.maturity.room import ROOM
from samsyn.maturity.services.preparing import dialogue_change
from tests.cast import TODAY
from tests.maturity.builders import agree, area_of, give, make_dialogue, propose, rate


@pytest.fixture
def both(cast):
    """Two dialogues of the same day in their meeting."""
    return [make_dialogue(cast, DialogueStep.MEETING) for _n in range(2)]


@pytest.mark.parametrize("which", [0, 1])
def test_each_is_found_by_its_own_id_and_by_no_stranger(cast, both, which):
    area = area_of(both[which], "incidents")
    proposal = [propose(cast, each, f"Of {n}") for n, each in enumerate(both)][which]
    for find, thing in (
        (selectors.dialogue_get, both[which]),
        (selectors.area_get, area),
        (selectors.proposal_get, proposal),
    ):
        for who in (cast.ingvild, cast.liv, cast.revna, cast.jonas):
            assert find(actor=who, pk=thing.pk) == thing
        for who in (cast.sigrid, cast.astrid, cast.egil):
            with pytest.raises(NotFound):
                find(actor=who, pk=thing.pk)


def test_the_list_tells_how_many_areas_are_agreed_newest_first(cast, both):
    agree(cast, both[0], 1)
    agree(cast, both[0], 2, key="incidents")
    older = make_dialogue(cast, held_on=date(2025, 1, 1))
    found = [(d, d.areas_agreed, d.areas_total) for d in selectors.dialogue_list(actor=cast.liv)]
    assert found == [(both[1], 0, 6), (both[0], 2, 6), (older, 0, 6)]
    rows = selectors.dialogue_list(actor=cast.liv, step="prepared")
    assert list(rows) == [older]
    assert not selectors.dialogue_list(actor=cast.liv, organisation=cast.elvdal.pk).exists()


def test_answers_are_counted_by_area_and_by_dialogue(cast, both):
    (seat, _other) = rate(both[0], 2, 3)
    give(seat, 1, key="incidents")
    rate(both[1], 4)
    said = [
        {row.area.key: row.answered for row in selectors.standings(actor=cast.liv, dialogue=each)}
        for each in both
    ]
    assert (said[0]["risk"], said[0]["incidents"], said[0]["competence"]) == (2, 1, 0)
    assert (said[1]["risk"], said[1]["incidents"]) == (1, 0)
    assert [selectors.raters(each) for each in both] == [2, 1]
    assert set(selectors.own_ratings(dialogue=both[0], rater=seat.rater)) == {
        area_of(both[0], key).pk for key in ("risk", "incidents")
    }
    assert selectors.own_ratings(dialogue=both[1], rater=seat.rater) == {}


@pytest.mark.parametrize("which", [0, 1])
def test_a_change_in_one_meeting_does_not_wake_the_screen_of_another(cast, both, which):
    before = [selectors.standing_mark(each) for each in both]
    rate(both[which], 2)
    dialogue_change(actor=cast.ingvild, dialogue=both[which], closing="Well done.")
    after = [selectors.standing_mark(each) for each in both]
    assert after[1 - which] == before[1 - which]
    assert after[which] != before[which]


def test_a_full_dialogue_takes_no_new_person_but_lets_those_in_it_change_their_mind(both):
    (seat,) = rate(both[0], 2)
    area = area_of(both[0])
    Rating.unscoped.bulk_create(
        Rating(area=area, rater=f"{n}", group="staff", level=2)
        for n in range(ROOM.limits["raters"].most - 1)
    )
    give(seat, 4)
    with pytest.raises(RuleViolation, match="can rate in a dialogue"):
        rate(both[0], 3)
    assert Rating.unscoped.get(rater=seat.rater).level == 4
    assert rate(both[1], 3)


@pytest.mark.parametrize("level", [0, 5])
def test_a_level_that_does_not_exist_is_not_given(both, level):
    with pytest.raises(RuleViolation, match="from 1 to 4"):
        rate(both[0], level)
    assert not Rating.unscoped.exists()


def test_a_dialogue_is_held_on_the_day_it_says(cast):
    assert make_dialogue(cast, held_on=date(2025, 5, 1)).held_on == date(2025, 5, 1)
    dialogue = make_dialogue(cast)
    dialogue_change(actor=cast.ingvild, dialogue=dialogue, held_on=date(2026, 4, 1))
    kept = selectors.dialogue_get(actor=cast.liv, pk=dialogue.pk)
    assert kept.held_on == date(2026, 4, 1)
    assert kept.held_on != TODAY
