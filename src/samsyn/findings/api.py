# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Moment, Pages, ProgramRequest, needs, opened
from samsyn.findings import beginning, selectors, services, telling
from samsyn.findings.evidence import evidence_of
from samsyn.findings.models import AnswerKind, FindingState
from samsyn.findings.selectors import UNSOLVED_WORD
from samsyn.findings.texts import advice
from samsyn.organisations.selectors import operator_with

router = Router()


class FindingOut(Schema):
    """A finding as programs see it; severity is 0 (info) to 4 (critical)."""

    id: int
    case_number: str
    organisation_id: int
    operated_by_id: int | None
    report: str
    subject: str
    port: int
    protocol: str
    host_name: str
    asn: int | None
    country: str
    taxonomy: str
    rsit_type: str
    severity: int
    state: str
    state_since: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    times_seen: int
    reopened_count: int
    detail: dict[str, Any]
    told_at: datetime | None
    answer_kind: str
    answer_until: date | None


class EventOut(Schema):
    """One line in the history of a finding."""

    at: datetime
    kind: str
    by: str
    answer_kind: str
    note: str


class AdviceOut(Schema):
    """What a finding means and what to do, in the language of the token's person."""

    title: str
    meaning: str
    why: str
    steps: list[str]
    check: str


class SeenOut(Schema):
    """One thing that the latest observation says, with its name in the person's language."""

    name: str
    label: str
    value: str


class FindingWithHistory(FindingOut):
    """A finding with what was seen, its history and the advice about it."""

    evidence: list[SeenOut]
    history: list[EventOut]
    advice: AdviceOut


class AnswerIn(Given):
    """What a member answers: planned, fixed, accepted, not_ours, false_alarm or help."""

    answer: Annotated[str, OneOf(AnswerKind, may_be_empty=False)]
    until: Day | None = None
    note: str = Field("", max_length=1000)


class FindingNote(Given):
    """What is said when a finding is taken on."""

    note: str = Field("", max_length=1000)


class TellIn(Given):
    """Which letters: all that are due, or only those about what cannot wait."""

    only_urgent: bool = False


class ToldOut(Schema):
    """How many members were told of how many findings, in how many letters."""

    members: int
    messages: int
    findings: int


class FindingQuery(Schema):
    """Which findings are wanted; ``state=unsolved`` leaves out the closed."""

    organisation: Id | None = None
    state: Annotated[str, OneOf(FindingState, also=(UNSOLVED_WORD,))] = ""
    answer: Annotated[str, OneOf(AnswerKind)] = ""
    severity: int | None = Field(None, ge=0, le=4)
    report: str = Field("", max_length=64)
    taxonomy: str = Field("", max_length=40)
    rsit_type: str = Field("", max_length=40)
    search: str = Field("", max_length=253)
    cve: str = Field("", max_length=20, pattern=r"^(?i:CVE-[0-9]{4}-[0-9]{4,7})?$")
    tag: str = Field("", max_length=60)
    product: str = Field("", max_length=100)
    first_seen_before: Moment | None = None
    first_seen_after: Moment | None = None


@router.get("", response=list[FindingOut], summary="List findings")
@paginate(Pages)
@needs(Permission.FINDINGS_VIEW)
def finding_list(request: ProgramRequest, wanted: Query[FindingQuery]) -> Any:
    """Return findings, worst and newest first."""
    actor = request.auth
    return selectors.finding_list(actor=actor, **wanted.dict())


@router.post("/tell", response=ToldOut, summary="Tell members of new findings")
@needs(Permission.ORGANISATIONS_VIEW, Permission.MESSAGES_SEND)
def finding_tell(request: ProgramRequest, given: TellIn) -> Any:
    """Write the letters of the operator that the token's person works for; never twice."""
    actor = request.auth
    operator = operator_with(actor=actor, permission=Permission.MESSAGES_SEND)
    now, urgent = timezone.now(), given.only_urgent
    return telling.finding_tell(actor=actor, operator=operator, now=now, only_urgent=urgent)


@router.post("/tell/begin", response={204: None}, summary="Let letters go out by the clock")
@needs(Permission.ORGANISATIONS_VIEW, Permission.MESSAGES_SEND)
def telling_begin(request: ProgramRequest) -> Any:
    """Let letters about findings go out by the clock; the first import waits for this."""
    operator = operator_with(actor=request.auth, permission=Permission.MESSAGES_SEND)
    beginning.telling_begin(actor=request.auth, operator=operator, now=timezone.now())
    return Status(204, None)


@router.get("/{pk}", response=FindingWithHistory, summary="Get a finding")
@needs(Permission.FINDINGS_VIEW)
def finding_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one finding with its history and what to do about it."""
    return _whole(request, pk)


@router.post("/{pk}/answer", response=FindingWithHistory, summary="Answer a finding")
@needs(Permission.FINDINGS_VIEW, Permission.FINDINGS_ANSWER)
def finding_answer(request: ProgramRequest, pk: Id, given: AnswerIn) -> Any:
    """Record what the member answers."""
    actor = request.auth
    services.finding_answer(
        actor=actor,
        finding=unchanged(request, selectors.finding_get(actor=actor, pk=pk)),
        answer=given.answer,
        until=given.until,
        note=given.note,
        at=timezone.now(),
    )
    return _whole(request, pk)


@router.post("/{pk}/acknowledge", response=FindingWithHistory, summary="Take on a finding")
@needs(Permission.FINDINGS_VIEW, Permission.FINDINGS_CHANGE)
def finding_acknowledge(request: ProgramRequest, pk: Id, given: FindingNote) -> Any:
    """Say that somebody has taken on a finding."""
    actor = request.auth
    found = unchanged(request, selectors.finding_get(actor=actor, pk=pk))
    services.finding_acknowledge(actor=actor, finding=found, at=timezone.now(), note=given.note)
    return _whole(request, pk)


def _whole(request: ProgramRequest, pk: Id) -> Any:
    actor = request.auth
    found = opened(request, selectors.finding_get(actor=actor, pk=pk))
    text = advice(
        found.report,
        taxonomy=found.taxonomy,
        rsit_type=found.rsit_type,
        language=actor.language,
    )
    history = selectors.finding_history(actor=actor, finding=found)
    return {
        **FindingOut.from_orm(found).dict(),
        "evidence": evidence_of(found),
        "history": history,
        "advice": text,
    }
