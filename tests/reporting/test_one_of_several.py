"""Who serves two organisations, and things beside one another: each is found for itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from samsyn.access.selectors import actor_of
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Assignment
from samsyn.reporting import selectors
from samsyn.reporting.models import AreaWord, DecisionProposal, Question
from samsyn.reporting.services.meetings import item_add, meeting_change, meeting_prepare
from samsyn.reporting.services.proposing import proposal_decide, proposal_make
from samsyn.reporting.services.targets import target_decide, target_write
from samsyn.reporting.services.telling import area_word_write, question_answer, question_ask
from tests.cast import NOON, TODAY, make_action
from tests.reporting.builders import SAID, decide, make_meeting, make_proposal, make_question

DAY = timedelta(days=1)


@pytest.fixture
def ragna(cast):
    """The virtual CISO of Elvdal and of Utmark, which have none of their own."""
    for member in (cast.elvdal, cast.utmark):
        Agreement.unscoped.create(
            organisation=member, operator=cast.samvakt, service="ciso", valid_from=date(2025, 1, 1)
        )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    return actor_of(cast.people["ragna"])


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


def test_each_organisation_has_a_target_and_a_draft_of_its_own(cast, ragna):
    given = {"actor": ragna, "until_year": 2031, "now": NOON}
    ours = target_write(organisation=cast.elvdal, text="Calm.", **given)
    theirs = target_write(organisation=cast.utmark, text="Bright.", **given)
    whose = {"actor": ragna, "organisation": cast.elvdal.pk}
    other = {"actor": ragna, "organisation": cast.utmark.pk}
    assert (selectors.target_draft(**whose), selectors.target_draft(**other)) == (ours, theirs)
    target_decide(actor=ragna, target=theirs, decided_by="Una", decided_on=TODAY, now=NOON)
    assert selectors.target_agreed(**whose) is None
    assert selectors.target_agreed(**other) == theirs
    assert list(selectors.target_list(**whose)) == [ours]
    assert selectors.target_list(actor=ragna).count() == 2


def test_a_decision_belongs_to_its_own_organisations_meeting(cast, ragna):
    given = {"actor": ragna, "title": "Review", "held_on": TODAY, "participants": "Una"}
    theirs = meeting_prepare(organisation=cast.utmark, **given)
    ours = meeting_prepare(organisation=cast.elvdal, **given)
    for organisation, meeting in ((cast.elvdal, ours), (cast.utmark, theirs)):
        proposal = proposal_make(actor=ragna, organisation=organisation, now=NOON, **SAID)
        decided = proposal_decide(
            actor=ragna, proposal=proposal, outcome="approved", decided_by="Una",
            decided_on=TODAY, now=NOON,
        )  # fmt: skip
        assert decided.meeting == meeting
    assert selectors.meeting_next(actor=ragna, organisation=cast.utmark.pk) == theirs


def test_words_questions_and_proposals_are_of_the_organisation_asked_for(cast, ragna):
    for organisation in (cast.elvdal, cast.utmark):
        area_word_write(
            actor=ragna, organisation=organisation, area="risks", text=organisation.name, now=NOON
        )
        proposal_make(actor=ragna, organisation=organisation, now=NOON, **SAID)
        question_ask(actor=ragna, organisation=organisation, text="How long?", now=NOON)
    for organisation in (cast.elvdal, cast.utmark):
        whose = {"actor": ragna, "organisation": organisation.pk}
        assert selectors.words_now(**whose)["risks"].text == organisation.name
        assert selectors.proposals_waiting(**whose)[0].organisation == organisation
        (question,) = selectors.question_list(**whose)
        assert question.organisation == organisation


def test_only_who_serves_an_organisation_is_asked_in_its_name(cast, ragna):
    served = Agreement.unscoped.get(organisation=cast.elvdal, service="ciso")
    assert selectors.cisos_of(cast.utmark) == [cast.people["ragna"]]
    Agreement.unscoped.filter(organisation=cast.utmark, service="ciso").delete()
    assert served in Agreement.in_force()
    assert selectors.cisos_of(cast.utmark) == []
    assert selectors.cisos_of(cast.vann) == []
    assert selectors.cisos_of(cast.elvdal) == [cast.people["sigrid"]]  # its own comes first


def test_an_answer_is_to_the_question_it_was_written_for(cast):
    first, second = make_question(cast, "First?"), make_question(cast, "Second?")
    given = {"actor": cast.ingvild, "now": NOON}
    question_answer(question=first, answer="To the first.", **given)
    assert [anew(q).answer for q in (first, second)] == ["To the first.", ""]
    question_answer(question=second, answer="To the second.", **given)
    assert [anew(q).answer for q in (first, second)] == ["To the first.", "To the second."]
    assert Message.unscoped.filter(to=cast.people["liv"].email).count() == 2
    assert Question.unscoped.filter(answered_at=NOON).count() == 2


@pytest.mark.parametrize("settled", [0, 1])
def test_a_proposal_that_waits_is_decided_whatever_has_become_of_others(cast, settled):
    both = [make_proposal(cast), make_proposal(cast)]
    decide(cast, both[settled])
    assert decide(cast, both[1 - settled]).state == "approved"
    with pytest.raises(RuleViolation, match="already been decided"):
        decide(cast, anew(both[settled]))
    assert DecisionProposal.unscoped.filter(state="approved").count() == 2


def test_a_no_says_who_was_there_and_its_reason_stands_with_the_proposal(cast):
    decided = decide(
        cast, make_proposal(cast), "declined", text=" Too dear. ", present=["Liv", "The mayor"],
        valid_until=TODAY + DAY,
    )  # fmt: skip
    kept = anew(decided)
    assert (kept.reason, kept.decision.text) == ("Too dear.", "Too dear.")
    assert kept.decision.present == ["Liv", "The mayor"]
    assert kept.decision.valid_until == TODAY + DAY


def test_a_proposal_may_come_from_an_action_without_following_another(cast):
    beside = make_action(cast.fjellvik, state="proposed")
    source = make_action(cast.fjellvik, state="proposed", title="The source")
    decide(cast, make_proposal(cast, thing=source))
    assert (anew(source).state, anew(beside).state) == ("planned", "proposed")


def test_a_proposal_may_come_from_a_meeting_and_says_its_title(cast):
    meeting = make_meeting(cast)
    kept = anew(make_proposal(cast, thing=meeting))
    assert (kept.source_kind, kept.source_id) == ("reporting.Meeting", meeting.pk)
    assert decide(cast, kept).state == "approved"


def test_meetings_come_by_their_day_and_those_of_a_day_as_they_were_made(cast):
    last = make_meeting(cast, held_on=TODAY + 5 * DAY)
    first, second = make_meeting(cast), make_meeting(cast)
    assert selectors.meeting_next(actor=cast.liv, organisation=cast.fjellvik.pk) == first
    rows = selectors.meeting_list(actor=cast.liv, organisation=cast.fjellvik.pk)
    assert list(rows) == [last, second, first]
    assert decide(cast, make_proposal(cast)).meeting == first


@pytest.mark.parametrize(
    "wrong", [{"preparation": "x" * 4001}, {"title": ""}, {"place": "x" * 121}]
)
def test_a_meeting_is_not_changed_to_what_it_could_not_have_been(cast, wrong):
    meeting = make_meeting(cast)
    with pytest.raises(RuleViolation):
        meeting_change(actor=cast.ingvild, meeting=meeting, **wrong)
    assert anew(meeting).title == "Management's review 2026"


def test_a_point_takes_five_minutes_unless_it_is_said(cast):
    item = item_add(actor=cast.ingvild, meeting=make_meeting(cast), title="The harbour")
    assert anew(item).planned_minutes == 5


def test_words_say_who_wrote_them_and_when(cast):
    given = {"actor": cast.ingvild, "organisation": cast.fjellvik, "area": "risks"}
    area_word_write(text="Two are bad.", now=NOON - 3 * DAY, **given)
    kept = AreaWord.unscoped.get()
    assert kept.written_at == NOON - 3 * DAY
    assert kept.written_by.startswith("Ingvild")
