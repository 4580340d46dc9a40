# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.programs import Pages, ProgramRequest, opened
from samsyn.assets import selectors, services
from samsyn.assets.models import Source
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


class ResourceIn(Schema):
    """A resource that an organisation has."""

    organisation_id: int
    kind: str = Field(max_length=12)
    value: str = Field(max_length=253)
    operated_by_id: int | None = None
    source: str = Source.MEMBER
    note: str = Field("", max_length=200)


class Reason(Schema):
    """Why something is done."""

    note: str = Field("", max_length=200)


@router.get("", response=list[ResourceOut], summary="List resources")
@paginate(Pages)
def resource_list(
    request: ProgramRequest,
    organisation: int | None = None,
    kind: str = "",
    search: str = "",
    contested: bool = False,
) -> Any:
    """Return the resources of the organisations that the token's person may see."""
    return selectors.resource_list(
        actor=request.auth,
        organisation=organisation,
        kind=kind,
        search=search,
        contested=contested,
    )


@router.get("/{pk}", response=ResourceOut, summary="Get a resource")
def resource_get(request: ProgramRequest, pk: int) -> Any:
    """Return one resource."""
    return opened(request, selectors.resource_get(actor=request.auth, pk=pk))


@router.post("", response={201: ResourceOut}, summary="Add a resource")
def resource_claim(request: ProgramRequest, given: ResourceIn) -> Any:
    """Record that a resource belongs to an organisation."""
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
    )
    return 201, selectors.resource_get(actor=actor, pk=made.pk)


@router.post("/{pk}/withdraw", response={204: None}, summary="Withdraw a resource")
def resource_withdraw(request: ProgramRequest, pk: int, given: Reason) -> Any:
    """Say that a resource is no longer the organisation's."""
    actor = request.auth
    resource = selectors.resource_get(actor=actor, pk=pk)
    services.resource_withdraw(
        actor=actor, resource=resource, on=timezone.localdate(), note=given.note
    )
    return 204, None
