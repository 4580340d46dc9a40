# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import paginate

from samsyn.access.given import OneOf
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.maturity import selectors
from samsyn.maturity.models import Dialogue, DialogueStep
from samsyn.maturity.selectors import AreaStanding

router = Router()


class DialogueOut(Schema):
    """A maturity dialogue."""

    id: int
    organisation_id: int
    title: str
    held_on: date
    step: str
    facilitator: str
    previous_id: int | None
    closed_at: datetime | None
    version: int


class SpreadOut(Schema):
    """Where ratings fell: how many chose level 1, 2, 3 and 4. Only from three ratings on."""

    counts: list[int]
    middle: int
    apart: int


class DialogueProposalOut(Schema):
    """What was proposed for an area."""

    id: int
    what: str
    how: str
    who: str
    horizon: str
    is_declined: bool
    action_id: int | None


class DialogueAreaOut(Schema):
    """An area of a dialogue; never a single rating."""

    id: int
    key: str
    name: str
    is_revealed: bool
    agreed: int | None
    last_time: int | None
    target: int | None
    reasons: list[str]
    dissent: str
    answered: int
    spread: SpreadOut | None
    proposals: list[DialogueProposalOut]


class DialogueWithAreas(DialogueOut):
    """A dialogue with what was agreed."""

    areas: list[DialogueAreaOut]


@router.get("", response=list[DialogueOut], summary="List maturity dialogues")
@paginate(Pages)
@needs(Permission.MATURITY_VIEW)
def dialogue_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    step: Annotated[str, OneOf(DialogueStep)] = "",
) -> Any:
    """Return the dialogues that the token's person may see."""
    return selectors.dialogue_list(actor=request.auth, organisation=organisation, step=step)


@router.get("/{pk}", response=DialogueWithAreas, summary="Get a maturity dialogue")
@needs(Permission.MATURITY_VIEW)
def dialogue_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one dialogue with its areas, proposals and spreads."""
    return dialogue_whole(
        request, opened(request, selectors.dialogue_get(actor=request.auth, pk=pk))
    )


def dialogue_whole(request: ProgramRequest, dialogue: Dialogue) -> dict[str, Any]:
    """Return a dialogue as programs see it."""
    rows = selectors.standings(actor=request.auth, dialogue=dialogue)
    known = {name: getattr(dialogue, name) for name in DialogueOut.model_fields}
    return {**known, "areas": [area_shown(row) for row in rows]}


def area_shown(row: AreaStanding) -> dict[str, Any]:
    """Return an area as programs see it."""
    spread = row.spread
    return {
        "id": row.area.pk,
        "key": row.area.key,
        "name": row.area.name,
        "is_revealed": row.area.is_revealed,
        "agreed": row.move.today,
        "last_time": row.move.last,
        "target": row.move.target,
        "reasons": list(row.area.reason_lines),
        "dissent": row.area.dissent,
        "answered": row.answered,
        "spread": spread
        and {"counts": list(spread.counts), "middle": spread.middle, "apart": spread.apart},
        "proposals": list(row.proposals),
    }
