"""Agreements and assignments for programs."""
# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.pagination import paginate

from samsyn.access.given import Given, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.access.selectors import person_known
from samsyn.kernel.errors import NotFound
from samsyn.organisations import selectors, serving
from samsyn.organisations.agreement_words import effect_text
from samsyn.organisations.models import Agreement, Assignment, Organisation
from samsyn.ui.deeds import who_text

agreements, assignments = Router(), Router()
ServiceName = Literal["csirt", "ciso"]


class AgreementOut(Schema):
    """An agreement; without ``accepted_on`` it is an offer that the member has yet to accept.

    ``ending`` is declined, taken_back or ended, and empty where nobody ended it.
    """

    id: int
    operator_id: int
    organisation_id: int
    service: str
    valid_from: date
    valid_until: date | None
    accepted_on: date | None
    accepted_by: str
    ended_on: date | None
    ended_by: str
    ending: str
    version: int

    @staticmethod
    def resolve_accepted_by(agreement: Agreement) -> str:
        """Return the name of who accepted it, as on the page; empty where nobody had to."""
        return who_text(agreement.accepted_by)

    @staticmethod
    def resolve_ended_by(agreement: Agreement) -> str:
        """Return the name of who ended, declined or took it back; empty where nobody did."""
        return who_text(agreement.ended_by)


class AgreementIn(Given):
    """What an operator agrees with a member; the first day is today unless it is given."""

    organisation_id: Id
    service: ServiceName
    valid_from: Day | None = None
    valid_until: Day | None = None


class AssignmentOut(Schema):
    """Who works for which member; without an agreement, for all members of the service.

    ``opens_nothing_because`` says in words why it has no effect now; empty if it has.
    """

    id: int
    organisation_id: int
    person_id: int
    service: str
    agreement_id: int | None
    ended_on: date | None
    opens_nothing_because: str

    @staticmethod
    def resolve_opens_nothing_because(assignment: Assignment) -> str:
        """Return the same as the operator's page says."""
        return effect_text(assignment)


class AssignmentIn(Given):
    """One of the operator's people, and a member by its agreement; none is all members."""

    person_id: Id
    service: ServiceName
    agreement_id: Id | None = None


@agreements.get("", response=list[AgreementOut], summary="List agreements")
@paginate(Pages)
@needs(Permission.ORGANISATIONS_VIEW)
def agreement_list(request: ProgramRequest) -> Any:
    """Return the agreements and offers that one may see, also those that have ended."""
    return selectors.agreement_list(actor=request.auth)


@agreements.post("", response=AgreementOut, summary="Record an agreement")
@needs(Permission.ORGANISATIONS_VIEW, Permission.AGREEMENTS_SIGN)
def agreement_sign(request: ProgramRequest, given: AgreementIn) -> Any:
    """Record an agreement of the operator that the token's person works for."""
    actor = request.auth
    organisation = selectors.organisation_get(actor=actor, pk=given.organisation_id)
    return serving.agreement_sign(
        actor=actor,
        operator=selectors.operator_with(actor=actor, permission=Permission.AGREEMENTS_SIGN),
        organisation=organisation,
        service=given.service,
        valid_from=given.valid_from or timezone.localdate(),
        valid_until=given.valid_until,
    )


@assignments.get("", response=list[AssignmentOut], summary="List assignments")
@paginate(Pages)
@needs(Permission.PEOPLE_VIEW)
def assignment_list(request: ProgramRequest) -> Any:
    """Return who of the operator's people works for which members, as far as one may know."""
    return selectors.assignment_list(actor=request.auth)


@assignments.post("", response=AssignmentOut, summary="Assign somebody to members")
@needs(Permission.ORGANISATIONS_VIEW, Permission.PEOPLE_VIEW, Permission.STAFF_CHANGE)
def assignment_give(request: ProgramRequest, given: AssignmentIn) -> Any:
    """Assign one of the people of the operator that the token's person works for."""
    actor = request.auth
    operator = selectors.operator_with(actor=actor, permission=Permission.STAFF_CHANGE)
    person = person_known(given.person_id)
    if person is None or not selectors.staff_roles(operator, person.pk):
        raise NotFound(_("No such person works for the security centre."))
    return serving.assignment_give(
        actor=actor,
        operator=operator,
        person=person,
        service=given.service,
        agreement=_agreement(request, operator, given.agreement_id),
    )


@agreements.get("/{pk}", response=AgreementOut, summary="Get an agreement")
@needs(Permission.ORGANISATIONS_VIEW)
def agreement_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one agreement or offer."""
    return opened(request, _agreement_of(request, pk))


@agreements.post("/{pk}/accept", response=AgreementOut, summary="Accept an offered agreement")
@needs(Permission.ORGANISATIONS_VIEW, Permission.AGREEMENTS_ACCEPT)
def agreement_accept(request: ProgramRequest, pk: Id) -> Any:
    """Accept, in the member's name, what an operator offers."""
    found = unchanged(request, _agreement_of(request, pk))
    today = timezone.localdate()
    return serving.agreement_accept(actor=request.auth, agreement=found, today=today)


@agreements.post("/{pk}/withdraw", response=AgreementOut, summary="End an agreement as the member")
@needs(Permission.ORGANISATIONS_VIEW, Permission.AGREEMENTS_ACCEPT)
def agreement_withdraw(request: ProgramRequest, pk: Id) -> Any:
    """Decline an offer or end an agreement, in the member's name, from now on."""
    found = unchanged(request, _agreement_of(request, pk))
    today = timezone.localdate()
    return serving.agreement_withdraw(actor=request.auth, agreement=found, today=today)


@agreements.post("/{pk}/end", response=AgreementOut, summary="End an agreement as the operator")
@needs(Permission.ORGANISATIONS_VIEW, Permission.AGREEMENTS_SIGN)
def agreement_end(request: ProgramRequest, pk: Id) -> Any:
    """End an agreement after today, in the operator's name."""
    found = unchanged(request, _agreement_of(request, pk))
    return serving.agreement_end(actor=request.auth, agreement=found, on=timezone.localdate())


@agreements.post("/{pk}/take-back", response=AgreementOut, summary="Take an offer back")
@needs(Permission.ORGANISATIONS_VIEW, Permission.AGREEMENTS_SIGN)
def offer_take_back(request: ProgramRequest, pk: Id) -> Any:
    """Take an offer back that the member has not accepted."""
    found = unchanged(request, _agreement_of(request, pk))
    today = timezone.localdate()
    return serving.offer_take_back(actor=request.auth, agreement=found, today=today)


def _agreement_of(request: ProgramRequest, pk: int) -> Agreement:
    found: Agreement = selectors.one(selectors.agreement_list(actor=request.auth), pk)
    return found


def _agreement(request: ProgramRequest, operator: Organisation, pk: int | None) -> Agreement | None:
    if pk is None:
        return None
    rows = selectors.agreements_open(
        actor=request.auth, operator=operator, today=timezone.localdate()
    )
    found: Agreement = selectors.one(rows, pk)
    return found


@assignments.post("/{pk}/end", response=AssignmentOut, summary="End an assignment")
@needs(Permission.PEOPLE_VIEW, Permission.STAFF_CHANGE)
def assignment_end(request: ProgramRequest, pk: Id) -> Any:
    """End an assignment today."""
    actor = request.auth
    found = unchanged(request, selectors.one(selectors.assignment_list(actor=actor), pk))
    return serving.assignment_end(actor=actor, assignment=found, on=timezone.localdate())
