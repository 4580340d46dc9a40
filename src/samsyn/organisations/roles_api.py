"""Who has which role, for programs of those who give roles."""
# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access import offering
from samsyn.access import services as granting
from samsyn.access.given import LANGUAGE, Given, OneOf, unchanged
from samsyn.access.models import Membership, RoleOffer
from samsyn.access.permissions import Permission, Role
from samsyn.access.programs import Id, Pages, ProgramRequest, needs
from samsyn.access.selectors import membership_list, role_offers_at
from samsyn.organisations import selectors

roles, role_offers = Router(), Router()


class RoleOut(Schema):
    """A role that somebody has in an organisation."""

    id: int
    organisation_id: int
    person_id: int
    name: str
    role: str
    since: date

    @staticmethod
    def resolve_name(found: Membership) -> str:
        """Return the person's name."""
        return found.person.name


class RoleOfferOut(Schema):
    """A role that is offered to somebody who has one elsewhere; as whoever offers it wrote it."""

    id: int
    organisation_id: int
    name: str
    email: str
    role: str


class RoleIn(Given):
    """A role for the person with an address; a new person reads ``language``."""

    organisation_id: Id
    email: str = Field(max_length=254)
    name: str = Field(min_length=1, max_length=120)
    role: Annotated[str, OneOf(Role, may_be_empty=False)]
    language: Annotated[str, LANGUAGE] = ""


@roles.get("", response=list[RoleOut], summary="List roles")
@paginate(Pages)
@needs(Permission.PEOPLE_VIEW)
def role_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return who has which role, where one may see the people."""
    return membership_list(actor=request.auth, organisation_id=organisation)


@roles.post(
    "", response={204: None}, summary="Give or offer a role", operation_id="membership_grant"
)
@needs(Permission.ORGANISATIONS_VIEW, Permission.PEOPLE_CHANGE)
def role_give(request: ProgramRequest, given: RoleIn) -> Any:
    """Give a role; to whoever has one elsewhere it is an offer. The answer is the same for both."""
    actor = request.auth
    organisation = selectors.organisation_get(actor=actor, pk=given.organisation_id)
    facts = given.dict(exclude={"organisation_id"})
    granting.membership_grant(actor=actor, organisation=organisation, **facts)
    return Status(204, None)


@roles.post("/{pk}/end", response=RoleOut, summary="End a role", operation_id="membership_end")
@needs(Permission.PEOPLE_VIEW, Permission.PEOPLE_CHANGE)
def role_end(request: ProgramRequest, pk: Id) -> Any:
    """End somebody's role today; what they did stays on record."""
    actor = request.auth
    found: Membership = unchanged(request, selectors.one(membership_list(actor=actor), pk))
    return granting.membership_end(actor=actor, membership=found, on=timezone.localdate())


@role_offers.get("", response=list[RoleOfferOut], summary="List offered roles")
@paginate(Pages)
@needs(Permission.PEOPLE_VIEW)
def role_offer_list(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the roles that wait for an answer, where one may see the people."""
    return role_offers_at(actor=request.auth, organisation_id=organisation)


@role_offers.post("/{pk}/take-back", response={204: None}, summary="Take an offered role back")
@needs(Permission.PEOPLE_VIEW, Permission.PEOPLE_CHANGE)
def role_take_back(request: ProgramRequest, pk: Id) -> Any:
    """Take a role back that has not been accepted."""
    actor = request.auth
    found: RoleOffer = unchanged(request, selectors.one(role_offers_at(actor=actor), pk))
    offering.role_take_back(actor=actor, offer=found)
    return Status(204, None)
