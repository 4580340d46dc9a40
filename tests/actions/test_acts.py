"""Taking a decision back, writing a note, and beginning with several actions at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.actions.models import Action, ActionEvent
from samsyn.actions.services import (
    action_note,
    action_plan,
    action_reconsider,
    actions_start,
)
from samsyn.audit.models import Entry
from samsyn.kernel.errors import Conflict, NotAllowed, RuleViolation
from tests.cast import NOON, make_action

LATER = NOON + timedelta(hours=1)


def entries(name):
    return list(Entry.objects.filter(action=f"actions.{name}").order_by("number"))


@pytest.mark.parametrize("state", ["declined", "planned"])
def test_what_was_declined_or_decided_becomes_a_proposal_again(cast, state):
    action = make_action(cast.fjellvik, state=state)
    action_reconsider(actor=cast.ingvild, action=action, now=LATER)
    kept = Action.unscoped.get(pk=action.pk)
    assert (kept.state, kept.state_since) == ("proposed", LATER)
    event = ActionEvent.unscoped.get(action=action)
    assert (event.kind, event.from_state, event.to_state) == ("moved", state, "proposed")
    assert "Ingvild" in event.by
    (entry,) = entries("action_reconsider")
    assert entry.organisation_id == cast.fjellvik.pk
    assert entry.changes["state"] == [state, "proposed"]


@pytest.mark.parametrize("state", ["proposed", "in_progress", "done", "confirmed"])
def test_nothing_else_becomes_a_proposal_again(cast, state):
    checked = {"effect_result": "yes", "effect_checked_at": NOON, "effect_checked_by": "Liv"}
    action = make_action(cast.fjellvik, state=state, **(checked if state == "confirmed" else {}))
    with pytest.raises(RuleViolation, match="no way"):
        action_reconsider(actor=cast.ingvild, action=action, now=LATER)
    assert Action.unscoped.get(pk=action.pk).state == state
    assert not ActionEvent.unscoped.exists()
    assert not entries("action_reconsider")


@pytest.mark.parametrize("name", ["jonas", "liv", "egil", "revna", "sigrid", "astrid"])
def test_only_who_leads_the_work_takes_a_decision_back(cast, name):
    owner = cast.people["jonas"]
    action = make_action(cast.fjellvik, state="declined", owner_person=owner)
    with pytest.raises(NotAllowed):
        action_reconsider(actor=getattr(cast, name), action=action, now=LATER)
    assert Action.unscoped.get(pk=action.pk).state == "declined"


def test_the_second_of_two_who_take_it_back_is_told(cast):
    action = make_action(cast.fjellvik, state="declined")
    other = Action.unscoped.get(pk=action.pk)
    action_reconsider(actor=cast.ingvild, action=action, now=LATER)
    action_plan(actor=cast.ingvild, action=action, now=LATER)
    with pytest.raises(Conflict):
        action_reconsider(actor=cast.ingvild, action=other, now=LATER)
    assert Action.unscoped.get(pk=action.pk).state == "planned"
    assert [e.to_state for e in ActionEvent.unscoped.all()] == ["proposed", "planned"]


@pytest.mark.parametrize("name", ["ingvild", "jonas", "liv"])
def test_who_takes_part_in_the_work_writes_a_word_and_moves_nothing(cast, name):
    action = make_action(cast.fjellvik, owner_person=cast.people["ingvild"])
    event = action_note(actor=getattr(cast, name), action=action, now=LATER, note="  Called. ")
    kept = ActionEvent.unscoped.get(pk=event.pk)
    assert (kept.kind, kept.note, kept.at) == ("noted", "Called.", LATER)
    assert (kept.from_state, kept.to_state, kept.fields) == ("", "", [])
    assert name.capitalize() in kept.by
    after = Action.unscoped.get(pk=action.pk)
    assert (after.state, after.version) == ("planned", action.version)
    (entry,) = entries("action_note")
    assert entry.person_id == cast.people[name].pk


@pytest.mark.parametrize("name", ["egil", "revna", "sigrid", "astrid"])
def test_who_takes_no_part_in_the_work_writes_nothing(cast, name):
    action = make_action(cast.fjellvik)
    with pytest.raises(NotAllowed):
        action_note(actor=getattr(cast, name), action=action, now=LATER, note="Called.")
    assert not ActionEvent.unscoped.exists()


def test_an_empty_note_is_refused_at_its_field_and_a_long_one_is_cut(cast):
    action = make_action(cast.fjellvik)
    with pytest.raises(RuleViolation) as refused:
        action_note(actor=cast.jonas, action=action, now=LATER, note=" \n ")
    assert refused.value.field == "note"
    assert not ActionEvent.unscoped.exists()
    assert (
        len(action_note(actor=cast.jonas, action=action, now=LATER, note="x" * 2100).note) == 2000
    )


def test_of_several_what_is_decided_begins_and_all_else_is_passed_over(cast):
    states = ("proposed", "planned", "in_progress", "done", "declined")
    made = [make_action(cast.fjellvik, state=state, title=state) for state in states]
    actions_start(actor=cast.ingvild, actions=made)
    after = dict(Action.unscoped.values_list("title", "state"))
    assert after == {state: state for state in states} | {"planned": "in_progress"}
    (event,) = ActionEvent.unscoped.all()
    assert (event.from_state, event.to_state) == ("planned", "in_progress")
    assert [e.object_id for e in entries("actions_start")] == [str(made[1].pk)]


def test_of_several_one_begins_only_with_what_is_ones_own(cast):
    own = make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    by_role = make_action(cast.fjellvik, owner_role="technician")
    anothers = make_action(cast.fjellvik, owner_person=cast.people["liv"])
    nobodys = make_action(cast.fjellvik)
    actions_start(actor=cast.jonas, actions=[own, by_role, anothers, nobodys])
    begun = Action.unscoped.filter(state="in_progress")
    assert set(begun) == {own, by_role}


@pytest.mark.parametrize("name", ["egil", "revna", "astrid"])
def test_who_takes_no_part_in_the_work_begins_with_nothing(cast, name):
    action = make_action(cast.fjellvik, owner_person=cast.people[name])
    with pytest.raises(NotAllowed):
        actions_start(actor=getattr(cast, name), actions=[action])
    assert Action.unscoped.get(pk=action.pk).state == "planned"


def test_a_strangers_action_among_several_lets_none_of_them_begin(cast):
    own, other = make_action(cast.fjellvik), make_action(cast.elvdal)
    with pytest.raises(NotAllowed):
        actions_start(actor=cast.ingvild, actions=[own, other])
    assert not Action.unscoped.filter(state="in_progress").exists()


def test_one_that_somebody_has_changed_meanwhile_lets_none_of_them_begin(cast):
    first, second = make_action(cast.fjellvik), make_action(cast.fjellvik)
    Action.unscoped.filter(pk=second.pk).update(version=second.version + 1, title="New")
    with pytest.raises(Conflict):
        actions_start(actor=cast.ingvild, actions=[first, second])
    assert not Action.unscoped.filter(state="in_progress").exists()
    assert not ActionEvent.unscoped.exists()
