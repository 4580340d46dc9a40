# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status, UploadedFile
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, UploadAllowed, needs, opened
from samsyn.assets import claim_selectors, selectors, services
from samsyn.assets.constituency import constituency_preview, constituency_take
from samsyn.assets.models import ClaimState, Overlap, ResourceKind, ResourceSource
from samsyn.assets.rules import BYTES_MAX
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import operator_with, organisation_for, organisation_get

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
    overlap: str

    @staticmethod
    def resolve_reasons(found: Any) -> list[str]:
        """Return why it waits, as words."""
        return [reason for reason in found.reasons.split(",") if reason]


class ResourceIn(Given):
    """A resource that an organisation has; who confirms there says on what ground."""

    organisation_id: Id
    kind: str = Field(max_length=12)
    value: str = Field(max_length=400)
    operated_by_id: Id | None = None
    source: str = ResourceSource.MEMBER
    note: str = Field("", max_length=200)
    ground_kind: Literal["", "registry", "paper", "operator"] = ""
    ground: str = Field("", max_length=400)
    overlap: Annotated[str, OneOf(Overlap)] = ""


class ResourcePatch(Given):
    """What is said of a resource; what is left out stays as it is."""

    operated_by_id: Id | None = None
    source: Annotated[str, OneOf(ResourceSource)] = ""
    known_on: Day | None = None
    note: str = Field("", max_length=200)
    ground_kind: Literal["", "registry", "paper", "operator"] = ""
    ground: str = Field("", max_length=400)


class ImportIn(Given):
    """Whether the file is only tried: nothing is then changed."""

    dry_run: bool = False


class ImportOut(Schema):
    """What a file changes, by name; ``waiting`` needs a decision, ``notes`` how it was read."""

    organisations_new: list[str]
    organisations_changed: list[str]
    members_new: list[str]
    resources_new: list[str]
    resources_changed: list[str]
    contacts_new: list[str]
    contested: list[str]
    waiting: list[str]
    notes: list[str]


class ReasonIn(Given):
    """Why something is done."""

    note: str = Field("", max_length=200)


class Confirmation(Given):
    """On what ground a claim is confirmed."""

    ground_kind: Literal["registry", "paper", "operator"]
    ground: str = Field(max_length=400)


class RefusalIn(Given):
    """Why a claim is refused."""

    ground: str = Field(max_length=400)


@router.get("", response=list[ResourceOut], summary="List resources")
@paginate(Pages)
@needs(Permission.RESOURCES_VIEW)
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
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CONFIRM)
def request_list(request: ProgramRequest, search: str = "") -> Any:
    """Return the claims that wait for a decision of the token's person, the oldest first."""
    return claim_selectors.request_list(actor=request.auth, search=search)


@router.post(
    "/import",
    response=ImportOut,
    summary="Import a constituency file",
    operation_id="constituency_import",
    auth=UploadAllowed(Permission.ORGANISATIONS_ARRANGE, lambda: BYTES_MAX),
)
@needs(Permission.ORGANISATIONS_ARRANGE)
def constituency_taken(
    request: ProgramRequest,
    given: Form[ImportIn],
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008  ninja reads it so
) -> Any:
    """Take a constituency file, sent as ``multipart/form-data``, all or nothing; or only try it."""
    actor = request.auth
    operator = operator_with(actor=actor, permission=Permission.ORGANISATIONS_ARRANGE)
    if file is None or getattr(request, "is_too_large", False):
        raise RuleViolation(_("Send the file as the field 'file'."), field="file")
    sent = {"content": file.read(), "name": file.name or ""}
    if given.dry_run:
        return constituency_preview(actor=actor, operator=operator, **sent)
    return constituency_take(actor=actor, operator=operator, **sent)


@router.get("/{pk}", response=ResourceOut, summary="Get a resource")
@needs(Permission.RESOURCES_VIEW)
def resource_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one resource."""
    return opened(request, selectors.resource_get(actor=request.auth, pk=pk))


@router.post("", response={201: ResourceOut}, summary="Add a resource")
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CHANGE)
def resource_claim(request: ProgramRequest, given: ResourceIn) -> Any:
    """Claim a resource for an organisation; ``state`` says whether it counts or waits."""
    actor = request.auth
    host = given.operated_by_id
    made = services.resource_claim(
        actor=actor,
        organisation=organisation_for(
            actor=actor, pk=given.organisation_id, permission=Permission.RESOURCES_CHANGE
        ),
        kind=given.kind,
        value=given.value,
        operated_by=organisation_get(actor=actor, pk=host) if host else None,
        source=given.source,
        note=given.note,
        ground_kind=given.ground_kind,
        ground=given.ground,
        overlap=given.overlap,
    )
    return Status(201, selectors.resource_get(actor=actor, pk=made.pk))


@router.post("/{pk}/withdraw", response={204: None}, summary="Withdraw a resource")
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CHANGE)
def resource_withdraw(request: ProgramRequest, pk: Id, given: ReasonIn) -> Any:
    """Say that a resource is no longer the organisation's."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    services.resource_withdraw(
        actor=actor, resource=resource, on=timezone.localdate(), note=given.note
    )
    return Status(204, None)


@router.post("/{pk}/confirm", response=ResourceOut, summary="Confirm a claim")
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CONFIRM)
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
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CONFIRM)
def resource_refuse(request: ProgramRequest, pk: Id, given: RefusalIn) -> Any:
    """Refuse a claim that waits."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    services.resource_refuse(
        actor=actor, resource=resource, ground=given.ground, now=timezone.now()
    )
    return selectors.resource_get(actor=actor, pk=pk)


@router.patch("/{pk}", response=ResourceOut, summary="Change a resource")
@needs(Permission.RESOURCES_VIEW, Permission.RESOURCES_CHANGE)
def resource_change(request: ProgramRequest, pk: Id, given: ResourcePatch) -> Any:
    """Change who runs a resource, where the fact comes from, its date or the note."""
    actor = request.auth
    resource = unchanged(request, selectors.resource_get(actor=actor, pk=pk))
    host: Any = resource.operated_by
    if "operated_by_id" in given.model_fields_set:
        asked = given.operated_by_id
        host = None if asked is None else organisation_get(actor=actor, pk=asked)
    facts = given.dict(exclude={"operated_by_id"}, exclude_unset=True)
    services.resource_change(actor=actor, resource=resource, operated_by=host, **facts)
    return selectors.resource_get(actor=actor, pk=pk)
