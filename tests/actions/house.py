"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.actions.deciding import decision_record
from samsyn.actions.services import action_propose
from tests.cast import (
    NOON,
    TODAY,
    make_action,
    make_decision,
)
from tests.house.parts import FORMS, Parts, none


def actions(cast, n):
    owner = cast.people["ingvild"] if n % 2 else None
    make_action(cast.fjellvik, title=f"Action {n}", owner_person=owner)


def decide(cast):
    decision_record(
        actor=cast.ingvild, organisation=cast.fjellvik, title="It", text="Yes.", now=NOON,
        outcome="approved", decided_on=TODAY, decided_by="Management",
    )  # fmt: skip


def decisions(cast, n):
    make_decision(cast.fjellvik, title=f"Decision {n}")


def propose_action(cast):
    action_propose(actor=cast.ingvild, organisation=cast.fjellvik, title="Do it", now=NOON)


PARTS = Parts(
    bodies={
        "/api/actions/{pk}/note": {"note": "x"},
    },
    made={
        "actions": lambda cast: make_action(cast.fjellvik),
        "decisions": lambda cast: make_decision(cast.fjellvik),
    },
    ready={
        "actions:check": lambda cast: make_action(cast.fjellvik, state="done"),
        "actions:plan": lambda cast: make_action(cast.fjellvik, state="proposed"),
    },
    filled=(lambda cast: make_action(cast.fjellvik), lambda cast: make_decision(cast.fjellvik)),
    lists={
        "/actions/": actions,
        "/actions/board/": actions,
        "/actions/calendar/?month=2026-04": actions,
        "/decisions/": decisions,
    },
    own_lists=("/actions/", "/decisions/"),
    lists_of_all=("/actions/", "/decisions/"),
    lists_of_one=("/actions/", "/actions/board/", "/actions/calendar/", "/decisions/"),
    unrecorded={
        "decisions:create": FORMS,
    },
    limits={
        "actions": (none, propose_action),
        "decisions": (none, decide),
    },
)
