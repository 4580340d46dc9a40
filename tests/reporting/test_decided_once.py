"""Proposals and targets: what a decision is bound to, on which day, by whom, and only once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from samsyn.actions.decision_selectors import subjects_of
from samsyn.actions.models import Decision
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.reporting import selectors
from samsyn.reporting.models import DecisionProposal, TargetPicture
from samsyn.reporting.services.meetings import meeting_freeze
from samsyn.reporting.services.proposing import proposal_change, proposal_withdraw
from samsyn.reporting.services.targets import target_decide, target_write
from tests.cast import NOON, TODAY, make_action
from tests.reporting.builders import SAID, decide, make_meeting, make_proposal, make_target

DAY = timedelta(days=1)


def withdraw(cast, proposal, reason="Solved otherwise."):
    return proposal_withdraw(actor=cast.ingvild, proposal=proposal, now=NOON, reason=reason)


def agree(cast, target, **fields):
    given = {"decided_by": "Liv", "decided_on": TODAY, "now": NOON} | fields
    return target_decide(actor=cast.liv, target=target, **given)


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


def test_a_proposal_says_who_asked_when_and_what_it_comes_from(cast):
    action = make_action(cast.fjellvik, title="Close the old door")
    kept = anew(make_proposal(cast, thing=action, title="  Close it  ", cost=0))
    assert (kept.title, kept.cost, kept.source_text) == ("Close it", 0, "Close the old door")
    assert (kept.source_kind, kept.source_id) == ("actions.Action", action.pk)
    assert kept.asked_by.startswith("Ingvild")
    assert (kept.asked_at, kept.state, kept.meeting) == (NOON, "waiting", None)


def test_who_asked_and_the_state_are_not_given_from_outside(cast):
    kept = anew(make_proposal(cast, state="approved", asked_by="Liv", reason="x"))
    assert (kept.state, kept.reason) == ("waiting", "")
    assert kept.asked_by.startswith("Ingvild")
    changed = proposal_change(actor=cast.ingvild, proposal=kept, state="withdrawn", title="Other")
    assert (anew(changed).state, anew(changed).title) == ("waiting", "Other")


def test_a_decision_is_taken_today_or_before_but_not_tomorrow(cast):
    with pytest.raises(RuleViolation, match="has been taken") as refused:
        decide(cast, make_proposal(cast), decided_on=TODAY + DAY)
    assert refused.value.field == "decided_on"
    assert not Decision.unscoped.exists()
    for day in (TODAY, TODAY - DAY):
        assert decide(cast, make_proposal(cast), decided_on=day).decision.decided_on == day


def test_yes_and_no_are_the_only_answers(cast):
    proposal = make_proposal(cast)
    for outcome in ("", "maybe", "withdrawn", "waiting"):
        with pytest.raises(RuleViolation, match="yes or no") as refused:
            decide(cast, proposal, outcome)
        assert refused.value.field == "outcome"
    assert anew(proposal).is_waiting


def test_a_yes_in_other_words_keeps_those_words_and_has_no_reason(cast):
    settled = anew(decide(cast, make_proposal(cast), text="  Yes, in two steps. "))
    assert settled.decision.text == "Yes, in two steps."
    assert settled.reason == ""
    assert settled.settled_at == NOON
    assert settled.settled_by.startswith("Liv")
    for part in ("why", "recommendation", "if_yes", "if_no"):
        assert SAID[part] in settled.decision.basis


@pytest.mark.parametrize("text", ["", "   ", SAID["recommendation"]])
def test_a_no_without_words_of_its_own_is_refused_at_the_words(cast, text):
    with pytest.raises(RuleViolation, match="why not") as refused:
        decide(cast, make_proposal(cast), "declined", text=text)
    assert refused.value.field == "text"


def test_a_no_leaves_the_action_where_it_was_asked_to_go_on(cast):
    action = make_action(cast.fjellvik, state="proposed")
    proposal = decide(cast, make_proposal(cast, thing=action), "declined", text="Too dear.")
    action.refresh_from_db()
    assert action.state == "declined"
    bound = subjects_of(actor=cast.liv, decision=proposal.decision)
    assert {each.name for each in bound} == {SAID["title"], action.title}


def test_a_proposal_whose_action_is_gone_is_still_decided(cast):
    action = make_action(cast.fjellvik, state="proposed")
    proposal = make_proposal(cast, thing=action)
    type(action).unscoped.filter(pk=action.pk).delete()
    decided = decide(cast, proposal)
    (bound,) = subjects_of(actor=cast.liv, decision=decided.decision)
    assert bound.name == SAID["title"]


def test_a_forgotten_meeting_does_not_take_the_decision_from_todays(cast):
    forgotten = make_meeting(cast, title="Never closed", held_on=TODAY - 30 * DAY)
    coming = make_meeting(cast, title="In a month", held_on=TODAY + 30 * DAY)
    today = make_meeting(cast, title="Today's")
    assert decide(cast, make_proposal(cast)).meeting == today
    then = decide(cast, make_proposal(cast), decided_on=forgotten.held_on)
    assert then.meeting == forgotten
    assert not coming.proposals.exists()


def test_a_decision_does_not_enter_a_meeting_that_is_frozen_or_anothers(cast):
    meeting_freeze(actor=cast.ingvild, meeting=make_meeting(cast), now=NOON)
    assert decide(cast, make_proposal(cast)).meeting is None


def test_the_second_of_two_who_withdraw_or_decide_is_told_which_came_first(cast):
    first = make_proposal(cast)
    second = anew(first)
    withdraw(cast, first)
    for late in (
        lambda: withdraw(cast, second),
        lambda: decide(cast, second),
        lambda: proposal_change(actor=cast.ingvild, proposal=second, title="Other"),
    ):
        with pytest.raises(RuleViolation, match="It has been withdrawn"):
            late()
    kept = anew(first)
    assert (kept.state, kept.reason) == ("withdrawn", "Solved otherwise.")
    assert kept.settled_by.startswith("Ingvild")
    assert not Decision.unscoped.exists()


def test_the_second_of_two_who_write_is_told_and_the_first_words_stay(cast):
    first = make_proposal(cast)
    second = anew(first)
    proposal_change(actor=cast.ingvild, proposal=first, why="It burns.")
    with pytest.raises(Conflict):
        proposal_change(actor=cast.ingvild, proposal=second, why="It rains.")
    assert anew(first).why == "It burns."


def test_withdrawing_takes_a_reason_at_its_field(cast):
    with pytest.raises(RuleViolation, match="why it is withdrawn") as refused:
        withdraw(cast, make_proposal(cast), " \n ")
    assert refused.value.field == "reason"


def test_waiting_proposals_come_by_the_day_they_are_needed(cast):
    last = make_proposal(cast, title="No day")
    later = make_proposal(cast, title="Later", needed_by=TODAY + 9 * DAY)
    soon = make_proposal(cast, title="Soon", needed_by=TODAY)
    withdraw(cast, make_proposal(cast, title="Withdrawn", needed_by=TODAY - DAY))
    decide(cast, make_proposal(cast, title="Decided", needed_by=TODAY - DAY))
    waiting = selectors.proposals_waiting(actor=cast.liv, organisation=cast.fjellvik.pk)
    assert waiting == [soon, later, last]
    assert selectors.proposals_waiting(actor=cast.liv, organisation=cast.elvdal.pk) == []


def test_the_list_of_proposals_is_narrowed_by_state_and_meeting(cast):
    meeting, waiting = make_meeting(cast), make_proposal(cast)
    decided = decide(cast, make_proposal(cast))
    rows = selectors.proposal_list
    assert list(rows(actor=cast.liv, state="waiting")) == [waiting]
    assert list(rows(actor=cast.liv, meeting=meeting.pk)) == [decided]
    assert not rows(actor=cast.liv, organisation=cast.elvdal.pk).exists()
    assert rows(actor=cast.liv).count() == 2


@pytest.mark.parametrize("name", selectors.PROPOSED)
def test_the_mark_of_a_proposal_covers_each_thing_that_it_says(cast, name):
    proposal = make_proposal(cast, cost=1, needed_by=TODAY)
    before = selectors.proposal_digest(proposal)
    other = {"cost": 2, "needed_by": TODAY + DAY}.get(name, "Other words")
    proposal_change(actor=cast.ingvild, proposal=proposal, **{name: other})
    assert selectors.proposal_digest(anew(proposal)) != before


@pytest.mark.parametrize(
    "other", [{"until_year": 2032}, {"text": "Other"}, {"principles": ""}, {"levels": {"risk": 4}}]
)
def test_the_mark_of_a_target_covers_each_thing_that_it_says(cast, other):
    before = selectors.target_digest(make_target(cast))
    assert selectors.target_digest(anew(make_target(cast))) == before
    assert selectors.target_digest(anew(make_target(cast, **other))) != before


def test_a_target_holds_until_the_last_day_of_its_year(cast):
    decided = agree(cast, make_target(cast), present=["Liv", "The mayor"])
    decision = anew(decided).decision
    assert decision.valid_until == date(2031, 12, 31)
    assert decision.present == ["Liv", "The mayor"]
    assert decision.basis == "Two factors everywhere\nCopies outside the house"
    (bound,) = subjects_of(actor=cast.liv, decision=decision)
    assert bound.state == "same"


def test_a_target_for_a_year_that_is_over_is_not_agreed_on(cast):
    over = make_target(cast, until_year=TODAY.year - 1)
    with pytest.raises(RuleViolation, match="cannot run out before it is taken"):
        agree(cast, over)
    assert anew(over).decision is None
    decided = agree(cast, make_target(cast, until_year=TODAY.year))
    assert decided.decision.valid_until == date(TODAY.year, 12, 31)


@pytest.mark.parametrize("level", [-1, 5])
def test_a_target_level_outside_one_to_four_is_refused_at_the_levels(cast, level):
    with pytest.raises(RuleViolation, match="between 1 and 4") as refused:
        make_target(cast, levels={"risk": level})
    assert refused.value.field == "levels"


def test_levels_are_kept_as_numbers_and_none_is_no_target(cast):
    target = make_target(cast, levels={"risk": "1", "incidents": 4, "suppliers": None})
    assert anew(target).levels == {"risk": 1, "incidents": 4}
    assert anew(make_target(cast, levels=None)).levels == {}


def test_a_draft_changed_while_it_was_read_is_not_agreed_unseen(cast):
    read = make_target(cast)
    make_target(cast, text="Other words")
    with pytest.raises(Conflict), transaction.atomic():
        agree(cast, read)
    assert not Decision.unscoped.exists()
    assert agree(cast, anew(read)).decision is not None


def test_the_agreed_target_stands_while_the_next_is_a_draft(cast):
    whose = {"actor": cast.liv, "organisation": cast.fjellvik.pk}
    first = make_target(cast)
    assert (selectors.target_agreed(**whose), selectors.target_draft(**whose)) == (None, first)
    agree(cast, first)
    second = make_target(cast, text="The next one", now=NOON + DAY)
    assert (selectors.target_agreed(**whose), selectors.target_draft(**whose)) == (first, second)
    agree(cast, second, now=NOON + DAY)
    assert (selectors.target_agreed(**whose), selectors.target_draft(**whose)) == (second, None)
    assert list(selectors.target_list(**whose)) == [second, first]


def test_anothers_draft_is_not_written_over(cast):
    ours = make_target(cast)
    theirs = target_write(
        actor=cast.sigrid, organisation=cast.elvdal, until_year=2030, text="Lugn.", now=NOON
    )
    assert TargetPicture.unscoped.count() == 2
    assert (anew(ours).version, anew(theirs).version) == (1, 1)
    assert anew(make_target(cast)).version == 2
    assert anew(theirs).text == "Lugn."


def test_two_proposals_of_the_same_words_are_decided_each_for_itself(cast):
    first, second = make_proposal(cast), make_proposal(cast)
    decide(cast, first)
    assert list(DecisionProposal.unscoped.filter(state="waiting")) == [second]
