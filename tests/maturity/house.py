"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count
from typing import Any

from samsyn.maturity.models import Dialogue
from samsyn.maturity.services.preparing import dialogue_move, participants_invite
from tests.cast import (
    NOON,
    Cast,
)
from tests.house.parts import FORMS, Parts, none
from tests.maturity.builders import agree, make_dialogue, propose, rate

number = count(1)


def agreed(cast: Cast) -> Any:
    dialogue = make_dialogue(cast, "meeting")
    for area in dialogue.areas.all():
        agree(cast, dialogue, 2, key=area.key)
    return dialogue


def area(cast):
    return dialogue(cast).areas.first()


def closed(cast: Cast) -> Any:
    return dialogue_move(actor=cast.ingvild, dialogue=agreed(cast), step="closed", now=NOON)


def dialogue(cast):
    return make_dialogue(cast, "meeting")


def dialogues(cast, n):
    make_dialogue(cast, title=f"Dialogue {n}")


def invite_one(cast):
    dialogue = one_dialogue(cast)
    participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people=f"n{next(number)}@fjellvik.example",
        group="staff", now=NOON,
    )  # fmt: skip


def one_dialogue(cast):
    return Dialogue.unscoped.first() or make_dialogue(cast)


def rate_one(cast):
    rate(Dialogue.unscoped.first() or make_dialogue(cast, "rating"), 2)


PARTS = Parts(
    bodies={
        "/api/dialogues": {"held_on": "2026-03-02"},
        "/api/dialogues/{pk}/move": {"step": "closed"},
        "/api/dialogues/{pk}/invite": {"people": "x@x.example", "group": "staff"},
        "/api/dialogues/{pk}/targets": {"targets": {}},
        "/api/dialogues/{pk}/timer": {"minutes": 5},
        "/api/dialogues/{pk}/areas": {"name": "x"},
        "/api/dialogue-areas/{pk}/agree": {"agreed": 2, "reasons": "x"},
        "/api/dialogue-areas/{pk}/proposals": {"what": "x", "horizon": "near"},
        "/api/dialogue-proposals/{pk}": {"what": "x", "horizon": "near"},
    },
    made={
        "maturity": dialogue,
        "maturity:area-remove": area,
        "maturity:area-show": area,
        "maturity:area-reveal": area,
        "maturity:area-agree": area,
        "maturity:proposal-add": area,
        "maturity:proposal": lambda cast: propose(cast, dialogue(cast)),
        "maturity:proposal-decline": lambda cast: propose(cast, dialogue(cast)),
    },
    api={
        "dialogues": "maturity",
        "dialogue-areas": "maturity:area-show",
        "dialogue-proposals": "maturity:proposal",
    },
    given={
        "maturity:paper": lambda form: {
            field: "2" for field in getattr(form, "fields", ()) if field.startswith("area-")
        },
        "maturity:invite": lambda _form: {"people": "Anna Berg <anna@fjellvik.example>"},
    },
    ready={
        "maturity:begin": lambda cast: make_dialogue(cast, "rating"),
        "maturity:close": agreed,
        "maturity:decide": lambda cast: propose(cast, make_dialogue(cast, "meeting")).area.dialogue,
        "maturity:paper": lambda cast: make_dialogue(cast, "rating"),
        "maturity:reopen": closed,
    },
    filled=(make_dialogue,),
    lists={
        "/maturity/": dialogues,
    },
    own_lists=("/maturity/",),
    lists_of_all=("/maturity/",),
    lists_of_one=("/maturity/",),
    unrecorded={
        "maturity:new": FORMS,
    },
    limits={
        "dialogues": (none, make_dialogue),
        "participants": (none, invite_one),
        "invitations_a_day": (none, invite_one),
        "raters": (none, rate_one),
        "proposals": (none, lambda cast: propose(cast, one_dialogue(cast))),
    },
)
