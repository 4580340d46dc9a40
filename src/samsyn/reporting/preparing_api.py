"""What the CISO prepares for management, by program: words, proposals, meetings, targets."""
# No postponed annotations here: the API reads them when the module is loaded.

from datetime import datetime, time
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import LANGUAGE, Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.kernel.refs import Ref, thing_at
from samsyn.reporting import selectors
from samsyn.reporting.api import DecisionProposalOut, MeetingOut, meetings, proposals
from samsyn.reporting.api import router as management
from samsyn.reporting.models import Judged
from samsyn.reporting.services import meetings as meeting_services
from samsyn.reporting.services import proposing, targets, telling

agenda, questions, target_pictures = Router(), Router(), Router()
Line = Annotated[str, Field(max_length=120)]


class AreaWordIn(Given):
    """How an area stands, in the CISO's words."""

    area: str = Field(max_length=24)
    text: str = Field(min_length=1, max_length=2000)
    judged: Annotated[str, OneOf(Judged, may_be_empty=False)] = Judged.UNKNOWN


class AreaWordOut(Schema):
    """The same, and when it was written."""

    id: int
    area: str
    text: str
    judged: str
    written_at: datetime


class MeetingFacts(Given):
    """What can be said of a meeting; ``participants`` are one name a line."""

    title: Line = ""
    begins_at: time | None = None
    place: Line = ""
    chair: Line = ""
    participants: str = Field("", max_length=4000)
    preparation: str = Field("", max_length=4000)
    language: Annotated[str, LANGUAGE] = ""


class MeetingIn(MeetingFacts):
    """A new meeting, with the usual agenda."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=120)
    held_on: Day


class MeetingChange(MeetingFacts):
    """A change, made from ``version`` or what ``If-Match`` names."""

    held_on: Day | None = None
    version: Id | None = None


class AgendaItemIn(Given):
    """A point for the agenda."""

    title: str = Field(min_length=1, max_length=160)
    about: str = Field("", max_length=1000)
    planned_minutes: int = Field(5, ge=0, le=600)


class AgendaItemOut(Schema):
    """A point of an agenda."""

    id: int
    meeting_id: int
    title: str
    about: str
    planned_minutes: int
    minutes: str


class MinutesIn(Given):
    """What was said on a point."""

    minutes: str = Field(max_length=8000)


class ProposalFacts(Given):
    """What a decision will be bound to."""

    title: str = Field("", max_length=200)
    why: str = Field("", max_length=4000)
    recommendation: str = Field("", max_length=2000)
    if_yes: str = Field("", max_length=2000)
    if_no: str = Field("", max_length=2000)
    cost: int | None = Field(None, ge=0, le=10**12)
    needed_by: Day | None = None


class ProposalIn(ProposalFacts):
    """A new proposal; ``comes_from`` is a thing, as ``actions.Action-12``."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=200)
    comes_from: str = Field("", max_length=100)


class ProposalChange(ProposalFacts):
    """A change, made from ``version`` or what ``If-Match`` names."""

    version: Id | None = None


class WithdrawalIn(Given):
    """Why a proposal is withdrawn."""

    reason: str = Field(min_length=1, max_length=2000)


class QuestionIn(Given):
    """A question to the CISO, about an area or none."""

    organisation_id: Id
    text: str = Field(min_length=1, max_length=2000)
    area: str = Field("", max_length=24)


class AnswerToQuestion(Given):
    """The CISO's answer."""

    answer: str = Field(min_length=1, max_length=4000)


class QuestionOut(Schema):
    """A question of management's, and the answer."""

    id: int
    organisation_id: int
    text: str
    area: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class TargetIn(Given):
    """Where the organisation wants to be; ``levels`` by the keys of maturity areas, 1 to 4."""

    organisation_id: Id
    until_year: int = Field(ge=2000, le=2199)
    text: str = Field(min_length=1, max_length=4000)
    principles: str = Field("", max_length=4000)
    levels: dict[str, Annotated[int, Field(ge=1, le=4)]] = Field(
        default_factory=dict, max_length=40
    )


class TargetDecision(Given):
    """Who decided the target picture, when, and who was there."""

    decided_by: str = Field(min_length=1, max_length=200)
    decided_on: Day
    present: list[str] = Field(default_factory=list, max_length=60)


class TargetOut(Schema):
    """A target picture; without ``decision_id`` it is a draft."""

    id: int
    organisation_id: int
    until_year: int
    text: str
    principles: str
    levels: dict[str, int]
    decision_id: int | None
    written_at: datetime
    version: int


@management.post("/{pk}/words", response=AreaWordOut, summary="Write how an area stands")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def area_word_write(request: ProgramRequest, pk: Id, given: AreaWordIn) -> Any:
    """Write the CISO's words on an area; what was said before is kept."""
    actor = request.auth
    led = unchanged(request, selectors.organisation_led(actor=actor, pk=pk))
    return telling.area_word_write(
        actor=actor, organisation=led, now=timezone.now(), **given.dict()
    )


@meetings.post("", response=MeetingOut, summary="Prepare a meeting of management")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def meeting_prepare(request: ProgramRequest, given: MeetingIn) -> Any:
    """Prepare a meeting with the usual agenda."""
    actor = request.auth
    led = selectors.organisation_led(actor=actor, pk=given.organisation_id)
    facts = given.dict(exclude={"organisation_id"}, exclude_unset=True)
    return meeting_services.meeting_prepare(actor=actor, organisation=led, **facts)


@meetings.patch("/{pk}", response=MeetingOut, summary="Change a meeting")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def meeting_change(request: ProgramRequest, pk: Id, given: MeetingChange) -> Any:
    """Change what is said of a meeting that is not frozen."""
    found = selectors.meeting_get(actor=request.auth, pk=pk)
    found.version = seen(request, found, given.version)
    facts = given.dict(exclude={"version"}, exclude_unset=True)
    return meeting_services.meeting_change(actor=request.auth, meeting=found, **facts)


@meetings.post("/{pk}/items", response=AgendaItemOut, summary="Add a point to the agenda")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def item_add(request: ProgramRequest, pk: Id, given: AgendaItemIn) -> Any:
    """Add a point to the agenda of a meeting that is not frozen."""
    found = unchanged(request, selectors.meeting_get(actor=request.auth, pk=pk))
    return meeting_services.item_add(actor=request.auth, meeting=found, **given.dict())


@meetings.post("/{pk}/freeze", response=MeetingOut, summary="Freeze a meeting")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def meeting_freeze(request: ProgramRequest, pk: Id) -> Any:
    """Freeze a meeting that has been held, with its pack: neither changes from then on."""
    found = unchanged(request, selectors.meeting_get(actor=request.auth, pk=pk))
    return meeting_services.meeting_freeze(actor=request.auth, meeting=found, now=timezone.now())


@agenda.post("/{pk}/minutes", response=AgendaItemOut, summary="Write the minutes of a point")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def item_write(request: ProgramRequest, pk: Id, given: MinutesIn) -> Any:
    """Write what was said on a point."""
    found = unchanged(request, selectors.item_get(actor=request.auth, pk=pk))
    return meeting_services.item_write(actor=request.auth, item=found, minutes=given.minutes)


@proposals.post("", response=DecisionProposalOut, summary="Propose a decision")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def proposal_make(request: ProgramRequest, given: ProposalIn) -> Any:
    """Propose a decision to management."""
    actor = request.auth
    led = selectors.organisation_led(actor=actor, pk=given.organisation_id)
    thing = thing_at(Ref.read(given.comes_from), actor=actor) if given.comes_from else None
    facts = given.dict(exclude={"organisation_id", "comes_from"}, exclude_unset=True)
    return proposing.proposal_make(
        actor=actor, organisation=led, now=timezone.now(), thing=thing, **facts
    )


@proposals.patch("/{pk}", response=DecisionProposalOut, summary="Change a proposal for decision")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def proposal_change(request: ProgramRequest, pk: Id, given: ProposalChange) -> Any:
    """Change a proposal that waits."""
    found = selectors.proposal_get(actor=request.auth, pk=pk)
    found.version = seen(request, found, given.version)
    facts = given.dict(exclude={"version"}, exclude_unset=True)
    return proposing.proposal_change(actor=request.auth, proposal=found, **facts)


@proposals.post("/{pk}/withdraw", response=DecisionProposalOut, summary="Withdraw a proposal")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def proposal_withdraw(request: ProgramRequest, pk: Id, given: WithdrawalIn) -> Any:
    """Withdraw a proposal that waits, and say why."""
    found = unchanged(request, selectors.proposal_get(actor=request.auth, pk=pk))
    return proposing.proposal_withdraw(
        actor=request.auth, proposal=found, now=timezone.now(), reason=given.reason
    )


@questions.get("", response=list[QuestionOut], summary="List questions to the CISO")
@paginate(Pages)
@needs(Permission.REPORTING_VIEW)
def question_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the questions that one may read, the newest first."""
    return selectors.question_list(actor=request.auth, organisation=organisation)


@questions.post("", response=QuestionOut, summary="Ask the CISO")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_ASK)
def question_ask(request: ProgramRequest, given: QuestionIn) -> Any:
    """Ask the CISO of an organisation; the question is mailed."""
    actor = request.auth
    led = selectors.organisation_led(actor=actor, pk=given.organisation_id)
    return telling.question_ask(
        actor=actor, organisation=led, text=given.text, area=given.area, now=timezone.now()
    )


@questions.post("/{pk}/answer", response=QuestionOut, summary="Answer a question")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def question_answer(request: ProgramRequest, pk: Id, given: AnswerToQuestion) -> Any:
    """Answer a question of management's; the answer is mailed to who asked."""
    found = unchanged(request, selectors.question_get(actor=request.auth, pk=pk))
    return telling.question_answer(
        actor=request.auth, question=found, answer=given.answer, now=timezone.now()
    )


@target_pictures.get("", response=list[TargetOut], summary="List target pictures")
@paginate(Pages)
@needs(Permission.REPORTING_VIEW)
def target_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the target pictures that one may read, the newest first."""
    return selectors.target_list(actor=request.auth, organisation=organisation)


@target_pictures.post("", response=TargetOut, summary="Write a target picture")
@needs(Permission.REPORTING_VIEW, Permission.REPORTING_LEAD)
def target_write(request: ProgramRequest, given: TargetIn) -> Any:
    """Write the draft of a target picture, or write it anew."""
    actor = request.auth
    led = selectors.organisation_led(actor=actor, pk=given.organisation_id)
    facts = given.dict(exclude={"organisation_id"})
    return targets.target_write(actor=actor, organisation=led, now=timezone.now(), **facts)


@target_pictures.get("/{pk}", response=TargetOut, summary="Get a target picture")
@needs(Permission.REPORTING_VIEW)
def target_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one target picture."""
    return opened(request, selectors.target_get(actor=request.auth, pk=pk))


@target_pictures.post("/{pk}/decide", response=TargetOut, summary="Decide a target picture")
@needs(Permission.REPORTING_VIEW, Permission.DECISIONS_RECORD)
def target_decide(request: ProgramRequest, pk: Id, given: TargetDecision) -> Any:
    """Decide a target picture: it becomes a decision, for good."""
    found = unchanged(request, selectors.target_get(actor=request.auth, pk=pk))
    return targets.target_decide(
        actor=request.auth, target=found, now=timezone.now(), **given.dict()
    )
