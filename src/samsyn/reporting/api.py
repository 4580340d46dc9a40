# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone, translation
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, seen
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.reporting import selectors
from samsyn.reporting.kept import picture_kept
from samsyn.reporting.models import MeetingState, ProposalState
from samsyn.reporting.packs import pack_of
from samsyn.reporting.picture import ManagementPicture
from samsyn.reporting.services.proposing import proposal_decide

router = Router()
meetings = Router()
proposals = Router()


class FactOut(Schema):
    """Something that is so, with its light: act, watch, good or unknown."""

    text: str
    value: str
    url: str
    light: str


class ManagementAreaOut(Schema):
    """One of the eight areas; ``trend`` is better, same, worse or first."""

    key: str
    name: str
    question: str
    evidence: str
    article: str
    light: str
    light_word: str
    trend: str
    facts: list[FactOut]
    words: str
    words_from: str
    missing: str
    ask: str


class SentenceOut(Schema):
    """A sentence, and the way to what is behind it."""

    text: str
    url: str


class PictureOut(Schema):
    """The state of an organisation's security work, as its management reads it."""

    as_of: str
    since: str
    sentence: str
    areas: list[ManagementAreaOut]
    changes: list[SentenceOut]
    questions: list[SentenceOut]


class DecisionProposalOut(Schema):
    """A proposal for decision; state is waiting, approved, declined or withdrawn."""

    id: int
    organisation_id: int
    title: str
    why: str
    recommendation: str
    if_yes: str
    if_no: str
    cost: int | None
    needed_by: date | None
    source_text: str
    meeting_id: int | None
    asked_at: datetime
    state: str
    decision_id: int | None
    settled_at: datetime | None
    reason: str
    version: int


class DecideIn(Given):
    """Yes (approved) or no (declined) to a proposal.

    ``version`` is the one that was read; without it, ``If-Match`` says which.
    """

    outcome: str = Field(max_length=10)
    decided_by: str = Field(max_length=200)
    decided_on: Day
    text: str = Field("", max_length=4000)
    present: list[str] = Field([], max_length=60)
    valid_until: Day | None = None
    version: Id | None = None


class MeetingOut(Schema):
    """A meeting of management; state is prepared or frozen."""

    id: int
    organisation_id: int
    title: str
    held_on: date
    place: str
    chair: str
    names: list[str]
    state: str
    digest: str
    frozen_at: datetime | None
    version: int


class PointOut(Schema):
    """A point of the agenda with its minutes."""

    title: str
    about: str
    planned_minutes: int
    minutes: str


class MeetingWithPack(MeetingOut):
    """A meeting with its pack, and whether the pack is as it was frozen."""

    is_whole: bool
    picture: PictureOut
    points: list[PointOut]


@router.get("/{pk}", response=PictureOut, summary="Get management's page")
@needs(Permission.REPORTING_VIEW)
def management_get(request: ProgramRequest, pk: Id) -> ManagementPicture:
    """Return the state of an organisation, in the language of the token's person."""
    organisation = opened(request, selectors.organisation_led(actor=request.auth, pk=pk))
    with translation.override(request.auth.language):
        return picture_kept(
            actor=request.auth, organisation=organisation, today=timezone.localdate()
        )


@meetings.get("", response=list[MeetingOut], summary="List management's meetings")
@paginate(Pages)
@needs(Permission.REPORTING_VIEW)
def meeting_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    state: Annotated[str, OneOf(MeetingState)] = "",
) -> Any:
    """Return the meetings that the token's person may read, the newest first."""
    return selectors.meeting_list(actor=request.auth, organisation=organisation, state=state)


@meetings.get("/{pk}", response=MeetingWithPack, summary="Get a meeting with its pack")
@needs(Permission.REPORTING_VIEW)
def meeting_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one meeting with its pack, in the language of the token's person."""
    meeting: Any = opened(request, selectors.meeting_get(actor=request.auth, pk=pk))
    pack = pack_of(
        actor=request.auth,
        meeting=meeting,
        language=request.auth.language,
        today=timezone.localdate(),
    )
    meeting.is_whole, meeting.picture = pack.is_whole, pack.picture
    meeting.points = pack.minutes.points
    return meeting


@proposals.get("", response=list[DecisionProposalOut], summary="List proposals for decision")
@paginate(Pages)
@needs(Permission.REPORTING_VIEW)
def proposal_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    state: Annotated[str, OneOf(ProposalState)] = "",
) -> Any:
    """Return the proposals that the token's person may read, those needed first at the top."""
    return selectors.proposal_list(actor=request.auth, organisation=organisation, state=state)


@proposals.get("/{pk}", response=DecisionProposalOut, summary="Get a proposal for decision")
@needs(Permission.REPORTING_VIEW)
def proposal_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one proposal."""
    return opened(request, selectors.proposal_get(actor=request.auth, pk=pk))


@proposals.post(
    "/{pk}/decide",
    response=DecisionProposalOut,
    summary="Decide a proposal",
    operation_id="proposal_decide",
)
@needs(Permission.REPORTING_VIEW, Permission.DECISIONS_RECORD)
def proposal_decided(request: ProgramRequest, pk: Id, given: DecideIn) -> Any:
    """Say yes or no to a proposal; it becomes a decision."""
    proposal = selectors.proposal_get(actor=request.auth, pk=pk)
    proposal.version = seen(request, proposal, given.version)
    said = given.dict(exclude={"version"})
    return proposal_decide(actor=request.auth, proposal=proposal, now=timezone.now(), **said)
