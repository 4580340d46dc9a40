"""Proposals, meetings and words for tests: all of Fjellvik, by Ingvild, on the cast's day."""

from __future__ import annotations

from samsyn.reporting.models import DecisionProposal, Meeting, Question, TargetPicture
from samsyn.reporting.services.meetings import meeting_prepare
from samsyn.reporting.services.proposing import proposal_decide, proposal_make
from samsyn.reporting.services.targets import target_write
from samsyn.reporting.services.telling import question_ask
from tests.cast import NOON, TODAY

SAID = {
    "title": "Replace the cameras in the harbour",
    "why": "They get no updates and anybody can reach them.",
    "recommendation": "Replace them this year.",
    "if_yes": "The harbour is watched and the way in is closed.",
    "if_no": "We go on with a way in that we know of.",
}


def make_proposal(cast, **fields) -> DecisionProposal:
    """Ask for a decision."""
    given = {**SAID, "now": NOON} | fields
    return proposal_make(actor=cast.ingvild, organisation=cast.fjellvik, **given)


def decide(cast, proposal: DecisionProposal, outcome: str = "approved", **fields):
    """Let Liv decide."""
    given = {"decided_by": "Liv", "decided_on": TODAY, "now": NOON} | fields
    return proposal_decide(actor=cast.liv, proposal=proposal, outcome=outcome, **given)


def make_meeting(cast, **fields) -> Meeting:
    """Prepare a meeting with two participants."""
    given = {
        "title": "Management's review 2026",
        "held_on": TODAY,
        "participants": "Liv\nIngvild",
        "language": "en",
    }
    return meeting_prepare(actor=cast.ingvild, organisation=cast.fjellvik, **(given | fields))


def make_question(cast, text: str = "How long are we down after a fire?") -> Question:
    """Let Liv ask."""
    return question_ask(actor=cast.liv, organisation=cast.fjellvik, text=text, now=NOON)


def make_target(cast, **fields) -> TargetPicture:
    """Write a draft of the target picture."""
    given = {
        "until_year": 2031,
        "text": "Nobody notices when one of our suppliers fails.",
        "principles": "Two factors everywhere\nCopies outside the house",
        "levels": {"risk": 3},
        "now": NOON,
    }
    return target_write(actor=cast.ingvild, organisation=cast.fjellvik, **(given | fields))
