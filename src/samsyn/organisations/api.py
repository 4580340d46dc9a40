# No postponed annotations here: the API reads them when the module is loaded.

from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import paginate

from samsyn.access.given import OneOf
from samsyn.access.programs import Id, Pages, ProgramRequest, opened
from samsyn.organisations import selectors
from samsyn.organisations.models import Country, Kind

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
    version: int


class ContactOut(Schema):
    """Where an organisation is reached for a purpose."""

    purpose: str
    email: str
    name: str
    phone: str


class OrganisationWithContacts(OrganisationOut):
    """An organisation with its contacts."""

    contacts: list[ContactOut]


@router.get("", response=list[OrganisationOut], summary="List organisations")
@paginate(Pages)
def organisation_list(
    request: ProgramRequest,
    kind: Annotated[str, OneOf(Kind)] = "",
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


@router.get("/{pk}", response=OrganisationWithContacts, summary="Get an organisation")
def organisation_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one organisation with its contacts."""
    actor = request.auth
    found = opened(request, selectors.organisation_get(actor=actor, pk=pk))
    plain = OrganisationOut.from_orm(found).dict()
    return {**plain, "contacts": selectors.contact_list(actor=actor, organisation=found)}
