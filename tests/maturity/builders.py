"""Dialogues for tests: prepared, rated by some, met and agreed."""

from __future__ import annotations

from datetime import date

from samsyn.maturity.links import participant_actor, seat_open, seat_token
from samsyn.maturity.models import Dialogue, DialogueStep
from samsyn.maturity.services.meeting import area_agree, area_reveal, proposal_add
from samsyn.maturity.services.preparing import dialogue_move, dialogue_prepare
from samsyn.maturity.services.rating import RatingGiven, rating_give
from tests.cast import NOON


def make_dialogue(cast, step: str = DialogueStep.PREPARED, **fields) -> Dialogue:
    """Make a dialogue of Fjellvik, led by Ingvild, and take it to a step."""
    values = {"title": "Dialogue 2026", "held_on": date(2026, 3, 2)} | fields
    dialogue = dialogue_prepare(actor=cast.ingvild, organisation=cast.fjellvik, **values)
    order = [DialogueStep.PREPARED, DialogueStep.RATING, DialogueStep.MEETING]
    for each in order[1 : order.index(DialogueStep(step)) + 1 if step in order else None]:
        dialogue = dialogue_move(actor=cast.ingvild, dialogue=dialogue, step=each, now=NOON)
    return dialogue


def area_of(dialogue: Dialogue, key: str = "risk"):
    """Return one area of a dialogue, fresh."""
    return dialogue.areas.select_related("dialogue__organisation").get(key=key)


def rate(dialogue: Dialogue, *levels: int, key: str = "risk", group: str = "staff", **said):
    """Let one new person for each level rate an area; return their seats."""
    seats = []
    for level in levels:
        seat = seat_open(seat_token(dialogue, group))
        give(seat, level, key=key, **said)
        seats.append(seat)
    return seats


def give(seat, level: int, *, key: str = "risk", **said) -> None:
    """Let a seat rate an area."""
    rating_give(
        actor=participant_actor(seat.dialogue),
        dialogue=seat.dialogue,
        area=area_of(seat.dialogue, key).pk,
        rater=seat.rater,
        group=seat.group,
        given=RatingGiven(level=level, **said),
    )


def agree(cast, dialogue: Dialogue, level: int, reasons: str = "It hangs on two people.", **more):
    """Let the meeting agree on an area."""
    key = more.pop("key", "risk")
    return area_agree(
        actor=cast.ingvild, area=area_of(dialogue, key), agreed=level, reasons=reasons, **more
    )


def reveal(cast, dialogue: Dialogue, key: str = "risk"):
    """Show where the ratings of an area fell."""
    return area_reveal(actor=cast.ingvild, area=area_of(dialogue, key))


def propose(cast, dialogue: Dialogue, what: str = "Do a risk analysis", key: str = "risk", **more):
    """Propose something for an area."""
    given = {"horizon": "near", "how": "In two hours.", "who": "The CISO"} | more
    return proposal_add(actor=cast.ingvild, area=area_of(dialogue, key), what=what, **given)
