# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, unchanged
from samsyn.access.programs import Id, Pages, ProgramRequest, opened
from samsyn.assets import claim_selectors, selectors, services
from samsyn.assets.models import ClaimState, ResourceKind, Source
from samsyn.organisations.selectors import organisation_get

router = Router()


class ResourceOut(Schema):
    """A resource as programs see it."""

    id: int
    kind: str
    value: str
    organisation_id: int
    operated_by_id: int | None
    source: str
    known_on: date
    is_contested: bool
    state: str
    reasons: list[str]
    ground_kind: str
    ground: str
    registered_by: str
    registered_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    within_id: int | None
    host_asked_id: int | None

    @staticmethod
    def resolve_reasons(found: Any) -> list[str]:
        """Return why it waits, as words."""
        return [reason for reason in found.reasons.split(",") if reason]


class ResourceIn(Given):
    """A resource that an organisation has; who confirms there says on what ground."""

    organisation_id: Id
    kind: str = Field(max_length=12)
    value: str = Field(max_length=253)
    operated_by_id: Id | None = None
    source: str = Source.MEMBER
    note: str = Field("", max_length=200)
    ground_kind: Literal["", "registry", "paper", "operator"] = ""
    ground: str = Field("", max_length=400)


class Reason(Given):
    """Why something is done."""

    note: str = Field("", max_length=200)


class Confirmation(Given):
    """On what ground a claim is confirmed."""

    ground_kind: Literal["registry", "paper", "operator"]
    ground: str = Field(max_length=400)


class Refusal(Given):
    """Why a claim is refused."""

    ground: str = Field(max_length=400)


@router.get("", response=list[ResourceOut], summary="List resources")
@paginate(Pages)
def resource_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    kind: Annotated[str, OneOf(ResourceKind)] = "",
    search: str = "",
    contested: bool = False,
    state: Annotated[str, OneOf(ClaimState)] = "",
) -> Any:
    """Return the resources of the organisations that the token's person may see."""
    return selectors.resource_list(
        actor=request.auth,
        organisation=organisation,
        kind=kind,
        search=search,
        contested=contested,
        state=state,
    )


@router.get("/requests", response=list[ResourceOut], summary="List claims that wait")
@paginate(Pages)
def request_list(request: ProgramRequest, search: str = "") -> Any:
    """Return the claims that wait for a decision of the token's person, the oldest first."""
    return claim_selectors.request_list(actor=request.auth, search=search)


@router.get("/{pk}", response=ResourceOut, summary="Get a resource")
def resource_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one resource."""
    return opened(request, selectors.resource_get(actor=request.auth, pk=pk))


@router.post("", response={201: ResourceOut}, summary="Add a resource")
def resource_claim(request: ProgramRequest, given: ResourceIn) -> Any:
    """Claim a resource for an organisation; ``state`` says whether it counts or waits."""
    actor = request.auth
    host = given.operated_by_id
    made = services.resource_claim(
        actor=actor,
        organisation=organisation_get(actor=actor, pk=given.organisation_id),
        kind=given.kind,
        value=given.value,
        operated_by=organisation_get(actor=actor, pk=host) if host else None,
        source=given.source,
        note=given.note,
        ground_kind=given.ground_kind,
        ground=given.ground,
    )
    return Status(201, selectors.resource_get(actor=actor, pk=made.pk))


@router.post("/{pk}/withdraw", response={204: None}, summary="Withdraw a resource")
def resource_withdraw(request: ProgramRequest, pk: Id, given: Reason) -> Any:
    """Say that a resource is no longer the organisation's."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    services.resource_withdraw(
        actor=actor, resource=resource, on=timezone.localdate(), note=given.note
    )
    return Status(204, None)


@router.post("/{pk}/confirm", response=ResourceOut, summary="Confirm a claim")
def resource_confirm(request: ProgramRequest, pk: Id, given: Confirmation) -> Any:
    """Confirm a claim that waits, and who runs the resource."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    services.resource_confirm(
        actor=actor,
        resource=resource,
        rivals=claim_selectors.rivals_of(actor=actor, resource=resource),
        ground_kind=given.ground_kind,
        ground=given.ground,
        now=timezone.now(),
    )
    return selectors.resource_get(actor=actor, pk=pk)


@router.post("/{pk}/refuse", response=ResourceOut, summary="Refuse a claim")
def resource_refuse(request: ProgramRequest, pk: Id, given: Refusal) -> Any:
    """Refuse a claim that waits."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    services.resource_refuse(
        actor=actor, resource=resource, ground=given.ground, now=timezone.now()
    )
    return selectors.resource_get(actor=actor, pk=pk)
