"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.reporting.services.telling import question_ask
from tests.cast import (
    NOON,
)
from tests.house.parts import Parts, none
from tests.reporting.builders import make_meeting, make_proposal, make_question, make_target


def ask_one(cast):
    question_ask(actor=cast.liv, organisation=cast.fjellvik, text="How long?", now=NOON)


def meetings(cast, n):
    make_meeting(cast, title=f"Meeting {n}")


def point(cast):
    return make_meeting(cast).items.first()


def proposals(cast, n):
    make_proposal(cast, title=f"Proposal {n}")


PARTS = Parts(
    bodies={
        "/api/management/{pk}/words": {"area": "x"},
        "/api/meetings": {"held_on": "2026-03-02"},
        "/api/agenda-items/{pk}/minutes": {"minutes": "x"},
        "/api/proposals/{pk}/withdraw": {"reason": "x"},
        "/api/questions/{pk}/answer": {"answer": "x"},
        "/api/target-pictures": {"until_year": 2030},
    },
    made={
        "management": lambda cast: cast.fjellvik,
        "management:target-decide": make_target,
        "management:answer": make_question,
        "management:proposal": make_proposal,
        "management:proposal-change": make_proposal,
        "management:decide": make_proposal,
        "management:withdraw": make_proposal,
        "management:meeting": make_meeting,
        "management:meeting-change": make_meeting,
        "management:point-add": make_meeting,
        "management:freeze": make_meeting,
        "management:pack": make_meeting,
        "management:slides": make_meeting,
        "management:pdf": make_meeting,
        "management:minutes": point,
    },
    api={
        "meetings": "management:meeting",
        "proposals": "management:proposal",
        "agenda-items": "management:minutes",
        "questions": "management:answer",
        "target-pictures": "management:target-decide",
    },
    filled=(make_meeting, make_proposal, make_question, make_target),
    lists={
        "/management/proposals/": proposals,
        "/management/meetings/": meetings,
    },
    own_lists=("/management/",),
    lists_of_all=("/management/meetings/", "/management/proposals/"),
    lists_of_one=("/management/meetings/", "/management/proposals/"),
    limits={
        "questions_a_day": (none, ask_one),
        "meetings": (none, make_meeting),
        "decision_proposals": (none, make_proposal),
    },
)
