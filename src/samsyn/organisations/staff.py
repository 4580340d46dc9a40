"""Which of an operator's people an agreement lets in at a member, as the member sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from samsyn.access.actor import Actor
from samsyn.access.models import Membership
from samsyn.access.permissions import OPERATOR_ROLES, Permission
from samsyn.access.rows import beyond_scope
from samsyn.audit.selectors import first_days
from samsyn.organisations.models import Agreement, Assignment, Organisation
from samsyn.organisations.selectors import agreement_list, operator_list

GIVEN = "organisations.assignment_give"


@dataclass(frozen=True, slots=True)
class LetIn:
    """One of the operator's people, and since when an agreement has let them in."""

    name: str
    since: date


def people_let_in(*, actor: Actor, organisation: Organisation) -> dict[int, list[LetIn]]:
    """Return by agreement in force whom it lets in at a member.

    For who may see the member's people; another operator's people see only their own there.
    """
    if not actor.may(Permission.PEOPLE_VIEW, organisation.pk):
        return {}
    agreements = agreement_list(actor=actor, organisation=organisation)
    in_force = agreements.filter(pk__in=Agreement.in_force())
    if not actor.is_system and (own := operator_list(actor=actor)):
        in_force = in_force.filter(operator__in=own)
    return _let_in(list(in_force))


@beyond_scope("a member sees whom its own agreements let in")
def _let_in(agreements: list[Agreement]) -> dict[int, list[LetIn]]:
    rows = {one.pk: _assignments(one) for one in agreements}
    pks = [each.pk for some in rows.values() for each in some]
    given = first_days(Assignment._meta.label, pks, action=GIVEN)
    return {one.pk: list(_people(one, rows[one.pk], given)) for one in agreements}


def _people(
    agreement: Agreement, rows: list[Assignment], given: dict[str, date]
) -> Iterator[LetIn]:
    """Yield each person once, who may be assigned to this member and to all."""
    since: dict[int, date] = {}
    for each in rows:
        day = _since(agreement, given.get(str(each.pk)))
        since[each.person_id] = min(day, since.get(each.person_id, day))
    names = {each.person_id: each.person.name for each in rows}
    yield from (LetIn(names[pk], day) for pk, day in since.items())


def _since(agreement: Agreement, given: date | None) -> date:
    """Return the day from which all held: assignment, acceptance and agreement."""
    days = (given, agreement.accepted_on, agreement.valid_from)
    return max(day for day in days if day is not None)


def _assignments(agreement: Agreement) -> list[Assignment]:
    """Return what assigns people to an agreement, of those who still work for the operator."""
    staff = Membership.unscoped.filter(  # scope: whom the member's own agreement lets in
        organisation=agreement.operator_id, ended_on__isnull=True, role__in=OPERATOR_ROLES
    )
    rows = Assignment.unscoped.filter(  # scope: whom the member's own agreement lets in
        Q(agreement=agreement) | Q(agreement=None),
        organisation=agreement.operator_id,
        service=agreement.service,
        ended_on__isnull=True,
        person__in=staff.values("person"),
    )
    return list(rows.filter(person__is_active=True).select_related("person"))
