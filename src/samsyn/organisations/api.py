# No postponed annotations here: the API reads them when the module is loaded.

from datetime import time
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import LANGUAGE, Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.kernel.limits import INT_MOST
from samsyn.organisations import selectors, services
from samsyn.organisations.countries import Country
from samsyn.organisations.models import Organisation, OrganisationKind, Service
from samsyn.organisations.phone_fields import PhoneDays

router = Router()


class OrganisationOut(Schema):
    """An organisation as programs see it."""

    id: int
    name: str
    kind: str
    country: str
    language: str
    short_code: str
    parent_id: int | None
    population: int | None
    organisation_number: str
    municipality_code: str
    phone: str
    phone_days: str
    phone_from: time | None
    phone_until: time | None
    version: int


class ContactShown(Schema):
    """Where an organisation is reached for a purpose."""

    id: int
    purpose: str
    email: str
    name: str
    phone: str
    language: str


class OrganisationWithContacts(OrganisationOut):
    """An organisation with its contacts."""

    contacts: list[ContactShown]


class OrganisationFacts(Given):
    """What an organisation says of itself; what is left out stays as it is."""

    country: Annotated[str, OneOf(Country, may_be_empty=False)] = Country.NORWAY
    language: Annotated[str, LANGUAGE] = ""
    short_code: str = Field("", max_length=40)
    population: int | None = Field(None, ge=0, le=2**31 - 1)
    organisation_number: str = Field("", max_length=40)
    municipality_code: str = Field("", max_length=20)


class OrganisationIn(OrganisationFacts):
    """A new organisation; without a language it has that of its country.

    Below ``parent_id`` it is covered by the parent's agreement; without a parent it becomes a
    member of the operator that the token's person works for, by ``service``.
    """

    name: str = Field(min_length=1, max_length=200)
    kind: Annotated[str, OneOf(OrganisationKind, may_be_empty=False)]
    parent_id: Id | None = None
    service: Annotated[str, OneOf(Service, may_be_empty=False)] = Service.CSIRT


class OrganisationChange(OrganisationFacts):
    """A change of what it says of itself, made from ``version`` or what ``If-Match`` names.

    The phone and its hours are an operator's.
    """

    phone: str = Field("", max_length=30)
    phone_days: Annotated[str, OneOf(PhoneDays)] = ""
    phone_from: time | None = None
    phone_until: time | None = None

    version: Annotated[int, Field(ge=0, le=INT_MOST)] | None = None


class OrganisationPlace(Given):
    """What an organisation is known by, and what decides who sees it."""

    name: str = Field("", max_length=200)
    kind: Annotated[str, OneOf(OrganisationKind, may_be_empty=False)]
    parent_id: Id | None = None


@router.get("", response=list[OrganisationOut], summary="List organisations")
@paginate(Pages)
@needs(Permission.ORGANISATIONS_VIEW)
def organisation_list(
    request: ProgramRequest,
    kind: Annotated[str, OneOf(OrganisationKind)] = "",
    country: Annotated[str, OneOf(Country)] = "",
    search: str = "",
) -> Any:
    """Return the organisations that the token's person may see."""
    return selectors.organisation_list(
        actor=request.auth,
        kind=kind,
        country=country,
        search=search,
    )


@router.post(
    "", response=OrganisationOut, summary="Add an organisation", operation_id="organisation_create"
)
@needs(Permission.ORGANISATIONS_VIEW, Permission.ORGANISATIONS_ARRANGE)
def organisation_add(request: ProgramRequest, given: OrganisationIn) -> Any:
    """Add an organisation to the constituency of the operator that the token's person works for."""
    actor = request.auth
    operator = selectors.operator_with(actor=actor, permission=Permission.ORGANISATIONS_ARRANGE)
    return services.organisation_create(
        actor=actor,
        operator=operator,
        parent=_parent(request, given.parent_id),
        **given.dict(exclude={"parent_id"}),
    )


@router.get("/{pk}", response=OrganisationWithContacts, summary="Get an organisation")
@needs(Permission.ORGANISATIONS_VIEW)
def organisation_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one organisation with its contacts."""
    actor = request.auth
    found = opened(request, selectors.organisation_get(actor=actor, pk=pk))
    plain = OrganisationOut.from_orm(found).dict()
    return {**plain, "contacts": selectors.contact_list(actor=actor, organisation=found)}


@router.patch("/{pk}", response=OrganisationOut, summary="Change an organisation")
@needs(Permission.ORGANISATIONS_VIEW, Permission.ORGANISATIONS_CHANGE)
def organisation_change(request: ProgramRequest, pk: Id, given: OrganisationChange) -> Any:
    """Change what an organisation says of itself."""
    found = selectors.organisation_get(actor=request.auth, pk=pk)
    return services.organisation_change(
        actor=request.auth,
        organisation=found,
        seen=seen(request, found, given.version),
        **given.dict(exclude={"version"}, exclude_unset=True),
    )


@router.post("/{pk}/arrange", response=OrganisationOut, summary="Place an organisation")
@needs(Permission.ORGANISATIONS_VIEW, Permission.ORGANISATIONS_ARRANGE)
def organisation_arrange(request: ProgramRequest, pk: Id, given: OrganisationPlace) -> Any:
    """Change name, kind and owner: who sees the organisation's data follows from these."""
    found = unchanged(request, selectors.organisation_get(actor=request.auth, pk=pk))
    return services.organisation_arrange(
        actor=request.auth,
        organisation=found,
        name=given.name,
        kind=given.kind,
        parent=_parent(request, given.parent_id),
    )


def _parent(request: ProgramRequest, pk: int | None) -> Organisation | None:
    return None if pk is None else selectors.organisation_get(actor=request.auth, pk=pk)
