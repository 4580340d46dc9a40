"""Leading a maturity dialogue by program: prepare, invite, meet, agree, decide.

Ratings are given by people in their seats; a program gives none and reads none.
"""
# No postponed annotations here: the API reads them when the module is loaded.

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from samsyn.access.given import LANGUAGE, Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, ProgramRequest, needs
from samsyn.actions.models import Horizon
from samsyn.maturity import selectors
from samsyn.maturity.api import (
    DialogueOut,
    DialogueProposalOut,
    DialogueWithAreas,
    dialogue_whole,
    router,
)
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep, Group, Proposal
from samsyn.maturity.services import meeting, preparing
from samsyn.organisations.selectors import organisation_get

areas, proposals = Router(), Router()


class DialogueFacts(Given):
    """What can be said of a dialogue; what is left out stays as it is."""

    title: str = Field("", max_length=120)
    facilitator: str = Field("", max_length=120)
    language: Annotated[str, LANGUAGE] = ""
    is_by_aspect: bool = False


class DialogueIn(DialogueFacts):
    """A new dialogue with the usual areas; own areas and targets come from ``previous_id``."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=120)
    held_on: Day
    previous_id: Id | None = None


class DialogueChange(DialogueFacts):
    """A change, made from ``version`` or what ``If-Match`` names; lists are one a line."""

    held_on: Day | None = None
    present: str = Field("", max_length=4000)
    losses: str = Field("", max_length=4000)
    gains: str = Field("", max_length=4000)
    closing: str = Field("", max_length=4000)
    version: Id | None = None


class DialogueMove(Given):
    """Where the dialogue goes: to rating, the meeting or its close, or back."""

    step: Annotated[str, OneOf(DialogueStep, may_be_empty=False)]


class InvitationIn(Given):
    """People to invite: one a line, as ``Name <address>`` or the address alone."""

    people: str = Field(min_length=1, max_length=60_000)
    group: Annotated[str, OneOf(Group, may_be_empty=False)]


class TargetsIn(Given):
    """The wanted level of areas by their ids; null where that is open."""

    targets: dict[Id, Annotated[int, Field(ge=1, le=4)] | None] = Field(max_length=12)


class TimerIn(Given):
    """How long the clock on the meeting's screen runs; 0 stops it."""

    minutes: int = Field(ge=0, le=180)


class DialogueDecision(Given):
    """Who decided the plan, and when."""

    decided_by: str = Field(min_length=1, max_length=200)
    decided_on: Day
    valid_until: Day | None = None


class AreaIn(Given):
    """An area of the organisation's own."""

    name: str = Field(min_length=1, max_length=60)
    scope: str = Field("", max_length=300)


class AreaAgreed(Given):
    """What the meeting agreed on; ``reasons`` are one a line, at least one."""

    agreed: int = Field(ge=1, le=4)
    reasons: str = Field(max_length=4000)
    dissent: str = Field("", max_length=4000)


class DialogueProposalIn(Given):
    """Something that would lift an area."""

    what: str = Field(min_length=1, max_length=200)
    how: str = Field("", max_length=2000)
    who: str = Field("", max_length=120)
    horizon: Annotated[str, OneOf(Horizon, may_be_empty=False)]


@router.post("", response=DialogueWithAreas, summary="Prepare a maturity dialogue")
@needs(Permission.ORGANISATIONS_VIEW, Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def dialogue_prepare(request: ProgramRequest, given: DialogueIn) -> Any:
    """Prepare a dialogue."""
    actor, older = request.auth, given.previous_id
    made = preparing.dialogue_prepare(
        actor=actor,
        organisation=organisation_get(actor=actor, pk=given.organisation_id),
        previous=None if older is None else selectors.dialogue_get(actor=actor, pk=older),
        **given.dict(exclude={"organisation_id", "previous_id"}),
    )
    return dialogue_whole(request, made)


@router.patch("/{pk}", response=DialogueWithAreas, summary="Change a maturity dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def dialogue_change(request: ProgramRequest, pk: Id, given: DialogueChange) -> Any:
    """Change what is said of a dialogue."""
    found = selectors.dialogue_get(actor=request.auth, pk=pk)
    found.version = seen(request, found, given.version)
    facts = given.dict(exclude={"version"}, exclude_unset=True)
    return dialogue_whole(
        request, preparing.dialogue_change(actor=request.auth, dialogue=found, **facts)
    )


@router.post("/{pk}/move", response=DialogueWithAreas, summary="Move a maturity dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def dialogue_move(request: ProgramRequest, pk: Id, given: DialogueMove) -> Any:
    """Open a dialogue for rating, begin its meeting, close it, or go back."""
    found, now = _dialogue(request, pk), timezone.now()
    preparing.dialogue_move(actor=request.auth, dialogue=found, step=given.step, now=now)
    return dialogue_whole(request, found)


@router.post("/{pk}/invite", response=DialogueOut, summary="Invite people to a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def participants_invite(request: ProgramRequest, pk: Id, given: InvitationIn) -> Any:
    """Invite people by mail; whoever has been invited gets no second letter."""
    found, now = _dialogue(request, pk), timezone.now()
    preparing.participants_invite(actor=request.auth, dialogue=found, now=now, **given.dict())
    return found


@router.post("/{pk}/targets", response=DialogueWithAreas, summary="Set the targets of a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def targets_set(request: ProgramRequest, pk: Id, given: TargetsIn) -> Any:
    """Say where one wants to be in each area."""
    found = _dialogue(request, pk)
    preparing.targets_set(actor=request.auth, dialogue=found, targets=given.targets)
    return dialogue_whole(request, found)


@router.post("/{pk}/renew-links", response=DialogueOut, summary="Renew the links to a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def links_renew(request: ProgramRequest, pk: Id) -> Any:
    """Close all links to a dialogue and make new ones."""
    return preparing.links_renew(actor=request.auth, dialogue=_dialogue(request, pk))


@router.post("/{pk}/timer", response=DialogueOut, summary="Start the clock of a meeting")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def timer_start(request: ProgramRequest, pk: Id, given: TimerIn) -> Any:
    """Start the clock on the meeting's screen, or stop it."""
    found, now = _dialogue(request, pk), timezone.now()
    return meeting.timer_start(actor=request.auth, dialogue=found, minutes=given.minutes, now=now)


@router.post("/{pk}/decide", response=DialogueWithAreas, summary="Decide the plan of a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.DECISIONS_RECORD)
def plan_decide(request: ProgramRequest, pk: Id, given: DialogueDecision) -> Any:
    """Make the proposals that were not declined into decided actions, by one decision."""
    found, now = _dialogue(request, pk), timezone.now()
    meeting.plan_decide(actor=request.auth, dialogue=found, now=now, **given.dict())
    return dialogue_whole(request, found)


@router.post("/{pk}/areas", response=DialogueWithAreas, summary="Add an area to a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def area_add(request: ProgramRequest, pk: Id, given: AreaIn) -> Any:
    """Add an area of the organisation's own."""
    found = _dialogue(request, pk)
    preparing.area_add(actor=request.auth, dialogue=found, **given.dict())
    return dialogue_whole(request, found)


@areas.post("/{pk}/remove", response={204: None}, summary="Remove an area of a dialogue")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def area_remove(request: ProgramRequest, pk: Id) -> Any:
    """Take an area out that nobody has rated yet."""
    preparing.area_remove(actor=request.auth, area=_area(request, pk))
    return Status(204, None)


@areas.post("/{pk}/show", response=DialogueOut, summary="Show an area on the meeting's screen")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def area_show(request: ProgramRequest, pk: Id) -> Any:
    """Put an area on the meeting's screen, without its ratings."""
    return meeting.area_show(actor=request.auth, area=_area(request, pk))


@areas.post("/{pk}/reveal", response=DialogueWithAreas, summary="Show the ratings of an area")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def area_reveal(request: ProgramRequest, pk: Id) -> Any:
    """Show where the ratings of an area fell; from then on it takes no more."""
    found = meeting.area_reveal(actor=request.auth, area=_area(request, pk))
    return dialogue_whole(request, found)


@areas.post("/{pk}/agree", response=DialogueWithAreas, summary="Agree on the level of an area")
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def area_agree(request: ProgramRequest, pk: Id, given: AreaAgreed) -> Any:
    """Write down the level that the meeting agreed on, why, and who saw it otherwise."""
    found = meeting.area_agree(actor=request.auth, area=_area(request, pk), **given.dict())
    return dialogue_whole(request, found.dialogue)


@areas.post(
    "/{pk}/proposals",
    response=DialogueProposalOut,
    summary="Propose for an area",
    operation_id="dialogue_proposal_add",
)
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def proposal_add(request: ProgramRequest, pk: Id, given: DialogueProposalIn) -> Any:
    """Propose something that would lift an area."""
    return meeting.proposal_add(actor=request.auth, area=_area(request, pk), **given.dict())


@proposals.patch(
    "/{pk}",
    response=DialogueProposalOut,
    summary="Change an area's proposal",
    operation_id="dialogue_proposal_change",
)
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def proposal_change(request: ProgramRequest, pk: Id, given: DialogueProposalIn) -> Any:
    """Write a proposal anew."""
    found = _proposal(request, pk)
    return meeting.proposal_change(actor=request.auth, proposal=found, **given.dict())


@proposals.post(
    "/{pk}/decline",
    response=DialogueProposalOut,
    summary="Decline an area's proposal",
    operation_id="dialogue_proposal_decline",
)
@needs(Permission.MATURITY_VIEW, Permission.MATURITY_LEAD)
def proposal_decline(request: ProgramRequest, pk: Id) -> Any:
    """Say that a proposal is not to be done, or take that back."""
    return meeting.proposal_decline(actor=request.auth, proposal=_proposal(request, pk))


def _dialogue(request: ProgramRequest, pk: int) -> Dialogue:
    return unchanged(request, selectors.dialogue_get(actor=request.auth, pk=pk))


def _area(request: ProgramRequest, pk: int) -> DialogueArea:
    return unchanged(request, selectors.area_get(actor=request.auth, pk=pk))


def _proposal(request: ProgramRequest, pk: int) -> Proposal:
    return unchanged(request, selectors.proposal_get(actor=request.auth, pk=pk))
