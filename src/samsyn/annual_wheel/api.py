# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, unchanged
from samsyn.access.permissions import Permission, Role
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.annual_wheel import moving, selectors, services
from samsyn.annual_wheel.models import ActivityFrequency
from samsyn.annual_wheel.rules import AHEAD, DONE, LATE, OPEN, SKIPPED
from samsyn.annual_wheel.selectors import UNSETTLED
from samsyn.annual_wheel.wording import standing

router = Router()


class OccurrenceOut(Schema):
    """A turn of an activity; ``standing`` is ahead, open, late, done or skipped."""

    id: int
    organisation_id: int
    activity_id: int
    title: str
    output: str
    area: str
    frequency: str
    role: str
    owner_person_id: int | None
    legal_ground: str
    opens_on: date
    due_on: date
    standing: str
    done_at: datetime | None
    done_by: str
    minutes: str
    skipped_reason: str
    version: int

    @staticmethod
    def resolve_title(found: Any) -> str:
        """Return the activity's name."""
        return str(found.activity.title)

    @staticmethod
    def resolve_output(found: Any) -> str:
        """Return what comes out of it."""
        return str(found.activity.output)

    @staticmethod
    def resolve_area(found: Any) -> str:
        """Return the part of the security work."""
        return str(found.activity.area)

    @staticmethod
    def resolve_frequency(found: Any) -> str:
        """Return how often it comes."""
        return str(found.activity.frequency)

    @staticmethod
    def resolve_role(found: Any) -> str:
        """Return whose task it is."""
        return str(found.activity.role)

    @staticmethod
    def resolve_owner_person_id(found: Any) -> int | None:
        """Return the person, if it is one's task and not a role's."""
        key: int | None = found.activity.owner_person_id
        return key

    @staticmethod
    def resolve_legal_ground(found: Any) -> str:
        """Return the law that it may answer to."""
        return str(found.activity.legal_ground)

    @staticmethod
    def resolve_standing(found: Any) -> str:
        """Return how it stands today."""
        return standing(found, timezone.localdate())


class OccurrenceQuery(Schema):
    """Which turns are wanted; ``standing`` also takes unsettled."""

    organisation: Id | None = None
    activity: Id | None = None
    standing: Annotated[str, OneOf((AHEAD, OPEN, LATE, DONE, SKIPPED), also=(UNSETTLED,))] = ""
    frequency: Annotated[str, OneOf(ActivityFrequency)] = ""
    role: Annotated[str, OneOf(Role)] = ""
    mine: bool = False
    search: str = Field("", max_length=100)
    due_after: Day | None = None
    due_before: Day | None = None


class CompleteIn(Given):
    """What was done; ``minutes`` may be empty where evidence shows it. A newer one answers 409."""

    minutes: str = Field("", max_length=8000)
    version: Id | None = None


class OccurrenceMoveIn(Given):
    """The new last day of a turn; a newer version answers 409."""

    due_on: Day
    version: Id | None = None


class SkipIn(Given):
    """Why a turn is skipped; a newer version answers 409."""

    reason: str = Field("", max_length=2000)
    version: Id | None = None


@router.get("", response=list[OccurrenceOut], summary="List the year's activities")
@paginate(Pages)
@needs(Permission.WHEEL_VIEW)
def occurrence_list(request: ProgramRequest, wanted: Query[OccurrenceQuery]) -> Any:
    """Return turns of activities, the first due first."""
    return selectors.occurrence_list(
        actor=request.auth, today=timezone.localdate(), **wanted.dict()
    )


@router.get("/{pk}", response=OccurrenceOut, summary="Get a turn of an activity")
@needs(Permission.WHEEL_VIEW)
def occurrence_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one turn of an activity."""
    return opened(request, selectors.occurrence_get(actor=request.auth, pk=pk))


@router.post("/{pk}/complete", response=OccurrenceOut, summary="Complete a turn of an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_WORK)
def occurrence_complete(request: ProgramRequest, pk: Id, given: CompleteIn) -> Any:
    """Say that a turn is done."""
    return services.occurrence_complete(
        actor=request.auth,
        occurrence=unchanged(request, selectors.occurrence_get(actor=request.auth, pk=pk)),
        now=timezone.now(),
        minutes=given.minutes,
        seen=given.version,
    )


@router.post("/{pk}/move", response=OccurrenceOut, summary="Move a turn of an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_WORK)
def occurrence_move(request: ProgramRequest, pk: Id, given: OccurrenceMoveIn) -> Any:
    """Move one turn to another day; the following ones stay where they are."""
    return moving.occurrence_move(
        actor=request.auth,
        occurrence=unchanged(request, selectors.occurrence_get(actor=request.auth, pk=pk)),
        due_on=given.due_on,
        now=timezone.now(),
        today=timezone.localdate(),
        seen=given.version,
    )


@router.post("/{pk}/skip", response=OccurrenceOut, summary="Skip a turn of an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_WORK)
def occurrence_skip(request: ProgramRequest, pk: Id, given: SkipIn) -> Any:
    """Say that a turn is skipped, and why."""
    return services.occurrence_skip(
        actor=request.auth,
        occurrence=unchanged(request, selectors.occurrence_get(actor=request.auth, pk=pk)),
        now=timezone.now(),
        reason=given.reason,
        seen=given.version,
    )


@router.post("/{pk}/reopen", response=OccurrenceOut, summary="Reopen a turn of an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def occurrence_reopen(request: ProgramRequest, pk: Id) -> Any:
    """Take back that a turn is done or skipped."""
    found = unchanged(request, selectors.occurrence_get(actor=request.auth, pk=pk))
    return services.occurrence_reopen(actor=request.auth, occurrence=found, now=timezone.now())
