"""Agreements and assignments: what lets an operator's people reach a member."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, holders_of
from samsyn.access.commands import also_on_record, command
from samsyn.access.limits import require_room
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep
from samsyn.audit.services import snapshot
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment, Ending, Organisation, Service
from samsyn.organisations.placing import must_be_operator
from samsyn.organisations.selectors import staff_roles
from samsyn.organisations.sharing import answers_offers, operators_serving


@beyond_scope("nobody has a scope in an organisation that has just been made")
def member_enrol(
    *,
    actor: Actor,
    operator: Organisation,
    organisation: Organisation,
    service: str = Service.CSIRT,
    since: date | None = None,
) -> Agreement:
    """Make an organisation that the operator has just added its member; nobody is there yet."""
    agreement = Agreement(
        operator=operator,
        organisation=organisation,
        service=service,
        valid_from=since or timezone.localdate(),
    )
    agreement.full_clean()
    agreement.save()
    also_on_record("organisations.agreement_sign", actor, agreement)
    return agreement


def assigned_to_own(actor: Actor, agreement: Agreement) -> None:
    """Let whoever adds a member see it: nobody is there yet whose data that would open."""
    operator, service = agreement.operator, agreement.service
    if actor.person_id is None or _assigned(operator, actor.person_id, service, None):
        return
    assignment = Assignment(
        organisation=operator, person_id=actor.person_id, service=service, agreement=agreement
    )
    assignment.save()
    also_on_record("organisations.assignment_give", actor, assignment)
    _tell_member("organisations.assignment_give", actor, assignment, before=None)


@command(Permission.AGREEMENTS_SIGN)
def agreement_sign(
    *,
    actor: Actor,
    operator: Organisation,
    organisation: Organisation,
    service: str = Service.CSIRT,
    valid_from: date,
    valid_until: date | None = None,
    **details: Any,
) -> Agreement:
    """Record an agreement: while it is in force the operator's assigned people reach the member.

    Where the member has a leader or CISO here, what opens more than is open already is an
    offer until one of them accepts it. Nothing that another operator has agreed ends by it.

    Raises:
        RuleViolation: the operator is none, the two are one, such an agreement is open, or
            another operator serves the member and nobody there can accept.

    """
    must_be_operator(operator)
    if operator == organisation:
        raise RuleViolation(_("An operator has no agreement with itself."))
    theirs = Agreement.unscoped.filter(operator=operator)  # scope: a number
    between = theirs.filter(organisation=organisation)
    running = between.exclude(valid_until__lt=timezone.localdate())
    require_room("agreements", running, of=organisation.pk)
    agreement = Agreement(
        operator=operator,
        organisation=organisation,
        service=service,
        valid_from=valid_from,
        valid_until=valid_until,
        **details,
    )
    if _needs_acceptance(actor, agreement):
        agreement.accepted_on = None
    agreement.full_clean()
    agreement.save()
    return agreement


def _needs_acceptance(actor: Actor, agreement: Agreement) -> bool:
    """Return whether the member is asked: not by its only CSIRT that agrees on it anew."""
    if actor.is_system:
        return False
    member, operator = agreement.organisation, agreement.operator_id
    is_shared = bool(operators_serving(member) - {operator})
    is_csirt = operator in operators_serving(member, service=Service.CSIRT)
    if agreement.service == Service.CSIRT and is_csirt and not is_shared:
        return False
    can_accept = holders_of(member.pk, Permission.AGREEMENTS_ACCEPT).exists()
    if is_shared and not can_accept:
        raise RuleViolation(
            _(
                "Another security centre serves it, and nobody there can accept an offer yet."
                " Only who runs the installation records the agreement, on its word."
            )
        )
    return can_accept


@command(Permission.AGREEMENTS_ACCEPT)
def agreement_accept(*, actor: Actor, agreement: Agreement, today: date) -> Agreement:
    """Accept an agreement that an operator offers; from now on its assigned people are let in.

    Raises:
        RuleViolation: it is accepted already, has ended, or is with whom the actor works for.

    """
    _must_answer(actor, agreement)
    _must_run(agreement, today)
    if agreement.accepted_on is not None:
        raise RuleViolation(_("The agreement is already accepted."))
    agreement.accepted_on, agreement.accepted_by = today, actor.label[:200]
    agreement.full_clean()
    keep(agreement, ["accepted_on", "accepted_by"])
    return agreement


@command(Permission.AGREEMENTS_ACCEPT)
def agreement_withdraw(*, actor: Actor, agreement: Agreement, today: date) -> Agreement:
    """Refuse an agreement that is offered, or end one yesterday: the member's own decision.

    Raises:
        RuleViolation: it has ended, or is with whom the actor works for.

    """
    _must_answer(actor, agreement)
    _must_run(agreement, today)
    ending = Ending.DECLINED if agreement.is_offer else Ending.ENDED
    _end(agreement, today - timedelta(days=1), actor=actor, today=today, ending=ending)
    return agreement


def _must_answer(actor: Actor, agreement: Agreement) -> None:
    """Refuse to let one person be both sides: the gate has asked for the right at the member."""
    if not answers_offers(actor, agreement):
        raise RuleViolation(
            _("You work for the security centre: somebody else answers for the organisation.")
        )


@command(Permission.AGREEMENTS_SIGN)
def offer_take_back(*, actor: Actor, agreement: Agreement, today: date) -> Agreement:
    """Take back an offer that the member has not accepted; it can no longer be.

    Raises:
        NotAllowed: it is another operator's.
        RuleViolation: it is accepted, or has ended.

    """
    actor.require(Permission.AGREEMENTS_SIGN, agreement.operator_id)
    _must_run(agreement, today)
    if not agreement.is_offer:
        raise RuleViolation(_("The agreement is already accepted."))
    yesterday = today - timedelta(days=1)
    _end(agreement, yesterday, actor=actor, today=today, ending=Ending.TAKEN_BACK)
    return agreement


@command(Permission.AGREEMENTS_SIGN)
def agreement_end(*, actor: Actor, agreement: Agreement, on: date) -> Agreement:
    """End an agreement after a day; the operator's people lose sight of the member then.

    Raises:
        NotAllowed: it is another operator's.
        RuleViolation: it has ended, or ends by then already.

    """
    actor.require(Permission.AGREEMENTS_SIGN, agreement.operator_id)
    _must_run(agreement, timezone.localdate())
    _end(agreement, on, actor=actor, today=timezone.localdate(), ending=Ending.ENDED)
    return agreement


def over_text(agreement: Agreement) -> str:
    """Return what became of an agreement whose last day is over, or of an offer; else nothing."""
    if not agreement.is_past:
        return ""
    if not agreement.is_offer:
        return _("The agreement has ended.")
    said: dict[str, str] = {
        Ending.DECLINED: _("The offer has been declined."),
        Ending.TAKEN_BACK: _("The offer has been taken back."),
    }
    return said.get(agreement.ending, _("The offer was not accepted in time."))


def ends_text(agreement: Agreement) -> str:
    """Return that an agreement already has a last day."""
    last = date_format(agreement.valid_until, "SHORT_DATE_FORMAT") if agreement.valid_until else ""
    return _("The agreement ends by itself after its last day, %s.") % last


def _must_run(agreement: Agreement, today: date) -> None:
    if agreement.valid_until is not None and agreement.valid_until < today:
        raise RuleViolation(over_text(agreement) or ends_text(agreement))


def _end(agreement: Agreement, on: date, *, actor: Actor, today: date, ending: Ending) -> None:
    """End an agreement after a day; one that has not begun by then never does."""
    if agreement.valid_until is not None and agreement.valid_until <= on:
        raise RuleViolation(ends_text(agreement))
    agreement.valid_until, agreement.ending = on, ending
    agreement.ended_on, agreement.ended_by = today, actor.label[:200]
    agreement.full_clean()
    keep(agreement, ["valid_until", "ending", "ended_on", "ended_by"])


@command(Permission.STAFF_CHANGE)
def assignment_give(
    *,
    actor: Actor,
    operator: Organisation,
    person: Person,
    service: str = Service.CSIRT,
    agreement: Agreement | None = None,
) -> Assignment:
    """Assign one of the operator's people to a member, or to all members of a service.

    Raises:
        NotAllowed: the actor does not have this assignment to all members themselves.
        RuleViolation: the person does not work for the operator, is the actor, is assigned
            already, or the agreement is another operator's or about another service.

    """
    must_be_operator(operator)
    _may_assign(actor, operator, person, service, agreement)
    assignment = Assignment(
        organisation=operator, person=person, service=service, agreement=agreement
    )
    assignment.full_clean()
    assignment.save()
    _tell_member("organisations.assignment_give", actor, assignment, before=None)
    return assignment


def _may_assign(
    actor: Actor, operator: Organisation, person: Person, service: str, agreement: Agreement | None
) -> None:
    if agreement and (agreement.operator_id, agreement.service) != (operator.pk, service):
        raise RuleViolation(_("The agreement is not about this service of this security centre."))
    if not staff_roles(operator, person.pk):
        raise RuleViolation(_("The person does not work for the security centre."), field="person")
    if _assigned(operator, person.pk, service, agreement):
        raise RuleViolation(_("The person is already assigned to it."), field="person")
    if actor.is_system:
        return
    if person.pk == actor.person_id:
        raise RuleViolation(_("Nobody assigns themselves; ask another administrator."))
    if agreement is None and not _assigned(operator, actor.person_id, service, None):
        raise NotAllowed(_("Only who is assigned to all members can assign others to all."))


def _assigned(
    operator: Organisation, person_id: int | None, service: str, agreement: Agreement | None
) -> bool:
    return Assignment.unscoped.filter(  # scope: of the operator that the gate has checked
        organisation=operator,
        person_id=person_id or 0,
        service=service,
        agreement=agreement,
        ended_on__isnull=True,
    ).exists()


def _tell_member(
    name: str, actor: Actor, assignment: Assignment, *, before: dict[str, Any] | None
) -> None:
    """Put on the member's record too who is let in there; one to all members is the operator's."""
    if assignment.agreement is not None:
        member = assignment.agreement.organisation_id
        also_on_record(name, actor, assignment, at=member, before=before)


@command(Permission.STAFF_CHANGE)
def assignment_end(*, actor: Actor, assignment: Assignment, on: date) -> Assignment:
    """End an assignment: the person no longer reaches what it opened.

    Raises:
        RuleViolation: it has ended.

    """
    if assignment.ended_on is not None:
        raise RuleViolation(_("The assignment has already ended."))
    before = snapshot(assignment)
    assignment.ended_on = on
    assignment.save(update_fields=["ended_on"])
    _tell_member("organisations.assignment_end", actor, assignment, before=before)
    return assignment
