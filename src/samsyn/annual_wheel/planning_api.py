"""Planning the annual wheel by program: activities, and the organisation's own periods."""
# No postponed annotations here: the API reads them when the module is loaded.

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, TemplatesIn, seen, unchanged, with_person
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.actions.models import ActionArea
from samsyn.annual_wheel import selectors, services
from samsyn.annual_wheel.models import ROLES, ActivityFrequency, MarkKind

router = Router()
Month = Annotated[int, Field(ge=1, le=12)]
MonthDay = Annotated[int, Field(ge=1, le=31)]


class ActivityOut(Schema):
    """An activity that comes again and again; its turns are under ``/activities``."""

    id: int
    organisation_id: int
    key: str
    title: str
    output: str
    area: str
    role: str
    owner_person_id: int | None
    together_with: str
    frequency: str
    months: list[int]
    from_day: int
    to_day: int
    is_shifted: bool
    legal_ground: str
    is_active: bool
    version: int


class ActivityFacts(Given):
    """What can be said of an activity; what is left out stays as it is."""

    title: str = Field("", max_length=200)
    output: str = Field("", max_length=300)
    area: Annotated[str, OneOf(ActionArea, may_be_empty=False)] = ActionArea.OTHER
    role: Annotated[str, OneOf(ROLES, may_be_empty=False)] = ROLES[0]
    owner_person_id: Id | None = None
    together_with: str = Field("", max_length=200)
    frequency: Annotated[str, OneOf(ActivityFrequency, may_be_empty=False)] = (
        ActivityFrequency.YEARLY
    )
    months: list[Month] = Field(default_factory=list, max_length=12)
    from_day: MonthDay = 1
    to_day: MonthDay = 31
    is_shifted: bool = True
    legal_ground: str = Field("", max_length=300)


class ActivityIn(ActivityFacts):
    """A new activity of the organisation's own."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=200)
    frequency: Annotated[str, OneOf(ActivityFrequency, may_be_empty=False)]


class ActivityPatch(ActivityFacts):
    """A change, made from ``version`` or what ``If-Match`` names."""

    version: Id | None = None


class TurnsMade(Schema):
    """What came of it: activities begun, and turns made, moved and removed."""

    activities: int
    made: int
    moved: int
    removed: int


class MarkIn(Given):
    """A period of the organisation's own year."""

    organisation_id: Id
    kind: Annotated[str, OneOf(MarkKind, may_be_empty=False)]
    title: str = Field(min_length=1, max_length=60)
    from_month: Month
    to_month: Month


class MarkOut(Schema):
    """The same as it is kept."""

    id: int
    organisation_id: int
    kind: str
    title: str
    from_month: int
    to_month: int


@router.post("/begin", response=TurnsMade, summary="Begin with templates")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def wheel_begin(request: ProgramRequest, given: TemplatesIn) -> Any:
    """Begin with templates; what was begun before stays as it is."""
    actor = request.auth
    return services.wheel_begin(
        actor=actor,
        organisation=selectors.wheel_organisation_get(actor=actor, pk=given.organisation_id),
        keys=given.keys,
        now=timezone.now(),
        today=timezone.localdate(),
    )


@router.get("/activities", response=list[ActivityOut], summary="List activities")
@paginate(Pages)
@needs(Permission.WHEEL_VIEW)
def activity_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the activities, by name."""
    return selectors.activity_list(actor=request.auth, organisation=organisation)


@router.post("/activities", response=ActivityOut, summary="Add an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def activity_add(request: ProgramRequest, given: ActivityIn) -> Any:
    """Add an activity of the organisation's own, with the turns of the next year."""
    actor = request.auth
    return services.activity_add(
        actor=actor,
        organisation=selectors.wheel_organisation_get(actor=actor, pk=given.organisation_id),
        now=timezone.now(),
        today=timezone.localdate(),
        **with_person(given.dict(exclude={"organisation_id"})),
    )


@router.get("/activities/{pk}", response=ActivityOut, summary="Get an activity")
@needs(Permission.WHEEL_VIEW)
def activity_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one activity."""
    return opened(request, selectors.activity_get(actor=request.auth, pk=pk))


@router.patch("/activities/{pk}", response=ActivityOut, summary="Change an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def activity_change(request: ProgramRequest, pk: Id, given: ActivityPatch) -> Any:
    """Change an activity; its coming turns follow."""
    found = selectors.activity_get(actor=request.auth, pk=pk)
    return services.activity_change(
        actor=request.auth,
        activity=found,
        now=timezone.now(),
        today=timezone.localdate(),
        seen=seen(request, found, given.version),
        **with_person(given.dict(exclude={"version"}, exclude_unset=True)),
    )


@router.post("/activities/{pk}/stop", response=ActivityOut, summary="Stop an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def activity_stop(request: ProgramRequest, pk: Id) -> Any:
    """Stop an activity: its coming turns are taken away."""
    found = unchanged(request, selectors.activity_get(actor=request.auth, pk=pk))
    now, today = timezone.now(), timezone.localdate()
    return services.activity_stop(actor=request.auth, activity=found, now=now, today=today)


@router.post("/activities/{pk}/resume", response=ActivityOut, summary="Resume an activity")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def activity_resume(request: ProgramRequest, pk: Id) -> Any:
    """Resume an activity that was stopped."""
    found = unchanged(request, selectors.activity_get(actor=request.auth, pk=pk))
    now, today = timezone.now(), timezone.localdate()
    return services.activity_resume(actor=request.auth, activity=found, now=now, today=today)


@router.get("/marks", response=list[MarkOut], summary="List periods of the year")
@paginate(Pages)
@needs(Permission.WHEEL_VIEW)
def mark_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the periods of organisations' own years."""
    return selectors.mark_list(actor=request.auth, organisation=organisation)


@router.post("/marks", response=MarkOut, summary="Add a period of the year")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def mark_add(request: ProgramRequest, given: MarkIn) -> Any:
    """Add a period of the organisation's own year."""
    actor = request.auth
    organisation = selectors.wheel_organisation_get(actor=actor, pk=given.organisation_id)
    facts = given.dict(exclude={"organisation_id"})
    return services.mark_add(actor=actor, organisation=organisation, **facts)


@router.post("/marks/{pk}/remove", response={204: None}, summary="Remove a period of the year")
@needs(Permission.WHEEL_VIEW, Permission.WHEEL_CHANGE)
def mark_remove(request: ProgramRequest, pk: Id) -> Any:
    """Remove a period of the organisation's own year."""
    found = unchanged(request, selectors.mark_get(actor=request.auth, pk=pk))
    services.mark_remove(actor=request.auth, mark=found)
    return Status(204, None)
