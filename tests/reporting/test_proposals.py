"""Proposals for decision: asked, decided once, bound to what they said, never changed after."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from samsyn.actions.decision_selectors import subjects_of
from samsyn.actions.models import Decision
from samsyn.kernel.errors import Conflict, NotAllowed, RuleViolation
from samsyn.reporting.models import AreaWord, DecisionProposal
from samsyn.reporting.selectors import proposal_get
from samsyn.reporting.services.proposing import proposal_change, proposal_make, proposal_withdraw
from samsyn.reporting.services.targets import target_decide
from samsyn.reporting.services.telling import area_word_write
from tests.cast import NOON, TODAY, make_action
from tests.reporting.builders import SAID, decide, make_meeting, make_proposal, make_target


def test_a_yes_becomes_a_decision_bound_to_what_was_proposed(cast):
    proposal = decide(cast, make_proposal(cast), present=["Liv", "Ingvild"])
    decision = Decision.unscoped.get()
    assert (proposal.state, proposal.decision) == ("approved", decision)
    assert (decision.outcome, decision.text) == ("approved", SAID["recommendation"])
    assert decision.present == ["Liv", "Ingvild"]
    assert SAID["if_no"] in decision.basis
    (bound,) = subjects_of(actor=cast.liv, decision=decision)
    assert (bound.name, bound.state) == (SAID["title"], "same")


def test_a_no_is_recorded_with_its_reason(cast):
    proposal = make_proposal(cast)
    with pytest.raises(RuleViolation, match="why not"):
        decide(cast, proposal, "declined", text=f" {SAID['recommendation']} ")
    decide(cast, proposal, "declined", text="Too dear this year.")
    assert Decision.unscoped.get().outcome == "declined"
    assert proposal_get(actor=cast.liv, pk=proposal.pk).reason == "Too dear this year."


def test_the_second_who_decides_is_told_and_nothing_is_lost(cast):
    first = make_proposal(cast)
    second = proposal_get(actor=cast.liv, pk=first.pk)
    decide(cast, first)
    with pytest.raises(RuleViolation, match="already been decided: approved, by Liv"):
        decide(cast, second, "declined", text="No.")
    assert Decision.unscoped.count() == 1


def test_what_was_changed_while_somebody_read_it_is_not_approved_unseen(cast):
    read = make_proposal(cast)
    changed = proposal_get(actor=cast.ingvild, pk=read.pk)
    proposal_change(actor=cast.ingvild, proposal=changed, cost=900_000)
    with pytest.raises(Conflict), transaction.atomic():
        decide(cast, read)
    assert not Decision.unscoped.exists()


def test_what_has_been_settled_is_never_changed(cast):
    proposal = decide(cast, make_proposal(cast))
    for change in (proposal_change, proposal_withdraw):
        more = {"reason": "x", "now": NOON} if change is proposal_withdraw else {"title": "Other"}
        with pytest.raises(RuleViolation, match="already been decided"):
            change(actor=cast.ingvild, proposal=proposal, **more)
    rows = DecisionProposal.unscoped.filter(pk=proposal.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(title="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_withdrawn_proposal_keeps_its_reason_and_is_not_decided(cast):
    proposal = make_proposal(cast)
    with pytest.raises(RuleViolation):
        proposal_withdraw(actor=cast.ingvild, proposal=proposal, now=NOON, reason=" ")
    proposal_withdraw(actor=cast.ingvild, proposal=proposal, now=NOON, reason="Solved otherwise.")
    with pytest.raises(RuleViolation, match="withdrawn"):
        decide(cast, proposal)


def test_an_action_follows_the_decision_about_its_proposal(cast):
    action = make_action(cast.fjellvik, state="proposed")
    decide(cast, make_proposal(cast, thing=action))
    action.refresh_from_db()
    assert action.state == "planned"


def test_a_decision_on_the_day_of_the_meeting_belongs_to_it(cast):
    meeting = make_meeting(cast)
    assert decide(cast, make_proposal(cast)).meeting == meeting
    earlier = decide(cast, make_proposal(cast), decided_on=date(2026, 3, 1))
    assert earlier.meeting is None


@pytest.mark.parametrize("wrong", [{"if_no": ""}, {"why": "x" * 4001}, {"cost": -1}])
def test_what_lacks_a_side_or_is_too_long_is_refused(cast, wrong):
    with pytest.raises(RuleViolation):
        make_proposal(cast, **wrong)


def test_only_those_whose_task_it_is_propose_and_decide(cast):
    with pytest.raises(NotAllowed):
        proposal_make(actor=cast.liv, organisation=cast.fjellvik, now=NOON, **SAID)
    with pytest.raises(RuleViolation, match="another organisation"):
        make_proposal(cast, thing=make_action(cast.school))
    for stranger in (cast.sigrid, cast.astrid, cast.egil, cast.jonas):
        with pytest.raises(NotAllowed):
            proposal_make(actor=stranger, organisation=cast.fjellvik, now=NOON, **SAID)


def test_a_target_picture_is_agreed_once_and_then_stands(cast):
    target = make_target(cast)
    assert make_target(cast, text="Better words").pk == target.pk
    target = make_target(cast)
    given = {"actor": cast.liv, "decided_by": "Liv", "decided_on": TODAY, "now": NOON}
    target_decide(target=target, **given)
    with pytest.raises(RuleViolation, match="already"):
        target_decide(target=target, **given)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(target).unscoped.filter(pk=target.pk).update(text="Other")
    assert make_target(cast, text="The next one").pk != target.pk
    with pytest.raises(RuleViolation):
        make_target(cast, levels={"risk": 5})


def test_words_on_an_area_are_added_and_never_changed(cast):
    given = {"actor": cast.ingvild, "organisation": cast.fjellvik, "now": NOON}
    area_word_write(area="risks", text="Two are bad.", judged="act", **given)
    area_word_write(area="risks", text="One is bad.", judged="watch", **given)
    assert AreaWord.unscoped.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        AreaWord.unscoped.update(text="All is well.")
    with pytest.raises(RuleViolation):
        area_word_write(area="weather", text="Rain", **given)
