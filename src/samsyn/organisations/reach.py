"""How a person reaches organisations: by membership, or as an operator by agreement."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samsyn.access.actor import reach_by
from samsyn.access.models import Membership
from samsyn.access.permissions import Permission, operator_roles_with, roles_with
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation


@reach_by
def organisations_of(person_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the ids of the organisations where the person has the permission.

    By membership: the organisation and its units (parts of the same legal entity; a
    company that a municipality owns is its own). By agreement: every organisation below
    a member whose agreement is in force, if the person is assigned to it and holds an
    operator's role with the permission at the operator.
    """
    return Organisation.everything.filter(
        Q(pk__in=_by_membership(person_id, permission))
        | Q(pk__in=_by_agreement(person_id, permission))
    ).values("pk")


def _current(person_id: int) -> QuerySet[Membership]:
    return Membership.everything.filter(person_id=person_id, ended_on__isnull=True)


def _by_membership(person_id: int, permission: Permission) -> QuerySet[Any]:
    own = _current(person_id).filter(role__in=roles_with(permission)).values("organisation")
    same_entity = Lineage.objects.filter(ancestor__in=own, same_entity=True)
    return same_entity.values("descendant")


def _by_agreement(person_id: int, permission: Permission) -> QuerySet[Any]:
    roles = operator_roles_with(permission)
    operators = _current(person_id).filter(role__in=roles).values("organisation")
    mine = Assignment.everything.filter(person_id=person_id, ended_on__isnull=True)
    agreements = Agreement.in_force().filter(
        Q(pk__in=mine.filter(agreement__isnull=False).values("agreement"))
        | Q(
            operator__in=mine.filter(agreement__isnull=True).values("organisation"),
            service__in=mine.filter(agreement__isnull=True).values("service"),
        ),
        operator__in=operators,
    )
    return Lineage.objects.filter(ancestor__in=agreements.values("organisation")).values(
        "descendant"
    )
