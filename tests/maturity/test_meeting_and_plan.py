"""The meeting agrees with reasons, proposes, and decides once; the next time stands beside it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from samsyn.actions.models import Action, Decision
from samsyn.kernel.errors import NotAllowed, NotFound, RuleViolation
from samsyn.maturity.models import DialogueStep
from samsyn.maturity.selectors import dialogue_get, levels_before, standings
from samsyn.maturity.services.meeting import (
    area_show,
    plan_decide,
    proposal_change,
    proposal_decline,
    timer_start,
)
from samsyn.maturity.services.preparing import (
    area_add,
    area_remove,
    dialogue_change,
    dialogue_move,
    dialogue_prepare,
    targets_set,
)
from tests.cast import NOON, TODAY
from tests.maturity.builders import agree, area_of, make_dialogue, propose, rate, reveal


@pytest.fixture
def dialogue(cast):
    return make_dialogue(cast, DialogueStep.MEETING)


def decide(cast, dialogue, actor=None):
    given = {"decided_by": "Liv", "decided_on": TODAY, "now": NOON}
    return plan_decide(actor=actor or cast.ingvild, dialogue=dialogue, **given)


def test_a_level_needs_a_reason(cast, dialogue):
    with pytest.raises(RuleViolation):
        agree(cast, dialogue, 2, reasons=" \n - ")
    assert area_of(dialogue).agreed is None


def test_a_level_that_does_not_exist_is_refused(cast, dialogue):
    with pytest.raises(RuleViolation):
        agree(cast, dialogue, 5)


def test_dissent_is_kept_beside_what_was_agreed(cast, dialogue):
    agree(cast, dialogue, 2, dissent="One of us saw level 3: the plan exists.")
    assert area_of(dialogue).dissent.startswith("One of us")


def test_nothing_is_agreed_before_the_meeting(cast):
    early = make_dialogue(cast, DialogueStep.RATING)
    with pytest.raises(RuleViolation):
        agree(cast, early, 2)


def test_the_plan_becomes_decided_actions_by_one_decision(cast, dialogue):
    agree(cast, dialogue, 1)
    propose(cast, dialogue)
    left_out = propose(cast, dialogue, "Buy a product")
    proposal_decline(actor=cast.ingvild, proposal=left_out)
    decide(cast, dialogue)
    action = Action.unscoped.get()
    assert (action.title, action.state, action.source) == (
        "Do a risk analysis",
        "planned",
        "maturity",
    )
    assert action.why == "It hangs on two people."
    assert Decision.unscoped.get() == dialogue_get(actor=cast.liv, pk=dialogue.pk).decision
    with pytest.raises(RuleViolation):
        decide(cast, dialogue)


def test_later_proposals_are_decided_by_a_decision_of_their_own(cast, dialogue):
    propose(cast, dialogue)
    decide(cast, dialogue)
    propose(cast, dialogue, "Exercise a long outage")
    decide(cast, dialogue)
    assert Action.unscoped.count() == Decision.unscoped.count() == 2


def test_a_decided_proposal_is_changed_as_an_action(cast, dialogue):
    proposal = propose(cast, dialogue)
    decide(cast, dialogue)
    proposal.refresh_from_db()
    with pytest.raises(RuleViolation):
        proposal_change(actor=cast.ingvild, proposal=proposal, what="x", horizon="near")


def test_next_time_shows_last_times_words_and_what_moved(cast, dialogue):
    agree(cast, dialogue, 1)
    targets_set(actor=cast.ingvild, dialogue=dialogue, targets={area_of(dialogue).pk: 3})
    dialogue_move(actor=cast.ingvild, dialogue=dialogue, step=DialogueStep.CLOSED, now=NOON)
    again = make_dialogue(cast, DialogueStep.MEETING, previous=dialogue, held_on=date(2026, 12, 1))
    agree(cast, again, 2, "Two analyses are done.")
    row = next(r for r in standings(actor=cast.liv, dialogue=again) if r.area.key == "risk")
    assert (row.move.last, row.move.today, row.move.target) == (1, 2, 3)
    assert row.before.reasons == "It hangs on two people."


def test_the_levels_are_followed_through_all_dialogues(cast, client, dialogue):
    client.be(cast.people["liv"])
    agree(cast, dialogue, 1)
    assert (
        "From dialogue to dialogue" not in client.get(dialogue.get_absolute_url()).content.decode()
    )
    for level, held_on in ((2, date(2026, 9, 1)), (3, date(2027, 3, 1))):
        dialogue_move(actor=cast.ingvild, dialogue=dialogue, step=DialogueStep.CLOSED, now=NOON)
        dialogue = make_dialogue(cast, DialogueStep.MEETING, previous=dialogue, held_on=held_on)
        agree(cast, dialogue, level)
    found = levels_before(actor=cast.liv, dialogue=dialogue)
    assert [levels["risk"] for _each, levels in found] == [1, 2]
    page = client.get(dialogue.get_absolute_url()).content.decode()
    shown = page[page.index("From dialogue to dialogue") :]
    assert re.findall(r'level-mark level-(\d)"', shown)[:3] == ["1", "2", "3"]
    assert levels_before(actor=cast.sigrid, dialogue=dialogue) == []


def test_an_own_area_comes_along_next_time(cast, dialogue):
    area_add(actor=cast.ingvild, dialogue=dialogue, name="Operations technology")
    agree(cast, dialogue, 2, key="own-1")
    again = make_dialogue(cast, previous=dialogue)
    assert area_of(again, "own-1").name == "Operations technology"


def test_an_area_that_somebody_has_rated_stays(cast, dialogue):
    area = area_add(actor=cast.ingvild, dialogue=dialogue, name="Water")
    rate(dialogue, 2, key=area.key)
    with pytest.raises(RuleViolation):
        area_remove(actor=cast.ingvild, area=area)
    empty = area_add(actor=cast.ingvild, dialogue=dialogue, name="School")
    area_remove(actor=cast.ingvild, area=empty)
    assert dialogue.areas.count() == 7


def test_there_is_room_for_twelve_areas_and_no_two_of_a_name(cast, dialogue):
    with pytest.raises(RuleViolation):
        area_add(actor=cast.ingvild, dialogue=dialogue, name="risk MANAGEMENT")
    for number in range(6):
        area_add(actor=cast.ingvild, dialogue=dialogue, name=f"Own {number}")
    with pytest.raises(RuleViolation):
        area_add(actor=cast.ingvild, dialogue=dialogue, name="One too many")


def test_an_empty_dialogue_cannot_be_closed(cast, dialogue):
    with pytest.raises(RuleViolation):
        dialogue_move(actor=cast.ingvild, dialogue=dialogue, step=DialogueStep.CLOSED, now=NOON)


def test_a_closed_dialogue_is_not_changed(cast, dialogue):
    agree(cast, dialogue, 2)
    closed = dialogue_move(
        actor=cast.ingvild, dialogue=dialogue, step=DialogueStep.CLOSED, now=NOON
    )
    with pytest.raises(RuleViolation):
        dialogue_change(actor=cast.ingvild, dialogue=closed, title="Other")
    with pytest.raises(RuleViolation):
        propose(cast, closed)


@pytest.mark.parametrize("minutes", [-1, 181])
def test_the_clock_runs_at_most_three_hours(cast, dialogue, minutes):
    with pytest.raises(RuleViolation):
        timer_start(actor=cast.ingvild, dialogue=dialogue, minutes=minutes, now=NOON)


def test_last_time_must_be_ones_own(cast):
    theirs = dialogue_prepare(
        actor=cast.sigrid, organisation=cast.elvdal, title="Elvdal", held_on=TODAY
    )
    with pytest.raises(NotAllowed):  # who leads only one of the two
        make_dialogue(cast, previous=theirs)
    with pytest.raises(RuleViolation):
        dialogue_prepare(
            actor=cast.job, organisation=cast.fjellvik, title="x", held_on=TODAY, previous=theirs
        )


def test_who_only_looks_leads_nothing(cast, dialogue):
    for name in ("jonas", "liv", "revna"):
        with pytest.raises(NotAllowed):
            area_show(actor=getattr(cast, name), area=area_of(dialogue))


@pytest.mark.parametrize("name", ["sigrid", "astrid", "albin", "egil"])
def test_to_a_stranger_there_is_no_dialogue(cast, dialogue, name):
    with pytest.raises(NotFound):
        dialogue_get(actor=getattr(cast, name), pk=dialogue.pk)


def test_two_facilitators_count_as_two_changes(cast, dialogue):
    before = dialogue_get(actor=cast.ingvild, pk=dialogue.pk).version
    first, second = (area_of(dialogue, key) for key in ("risk", "incidents"))
    area_show(actor=cast.ingvild, area=first)
    area_show(actor=cast.ingvild, area=second)
    after = dialogue_get(actor=cast.ingvild, pk=dialogue.pk)
    assert (after.version, after.shown) == (before + 2, "incidents")


def test_what_is_agreed_counts_and_the_spread_is_kept(cast, dialogue):
    rate(dialogue, 3, 3, 4)
    reveal(cast, dialogue)
    agree(cast, dialogue, 2)
    row = next(r for r in standings(actor=cast.liv, dialogue=dialogue) if r.area.key == "risk")
    assert (row.move.today, row.spread.middle) == (2, 3)
