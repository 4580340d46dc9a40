"""How a person reaches organisations: by membership, or as an operator by agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from samsyn.access.actor import reach_by
from samsyn.access.models import Membership
from samsyn.access.permissions import (
    MEMBER_GRANTS,
    OWN_GRANTS,
    Permission,
    Role,
    operator_roles_with,
    roles_with,
)
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation


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
    agreements = _assigned(person_id).filter(operator__in=operators)
    return Lineage.objects.filter(ancestor__in=agreements.values("organisation")).values(
        "descendant"
    )


def _assigned(person_id: int) -> QuerySet[Agreement]:
    """Return the agreements in force that the person is assigned to, one by one or by service."""
    mine = Assignment.everything.filter(person_id=person_id, ended_on__isnull=True)
    by_service = mine.filter(agreement__isnull=True)
    return Agreement.in_force().filter(
        Q(pk__in=mine.filter(agreement__isnull=False).values("agreement"))
        | Q(
            operator__in=by_service.values("organisation"), service__in=by_service.values("service")
        )
    )


def reached_by(person_id: int) -> dict[Permission, frozenset[int]]:
    """Return the same as ``organisations_of`` for every permission, as ids, in a few queries."""
    roles: dict[int, set[Role]] = {}
    for organisation, role in _current(person_id).values_list("organisation", "role"):
        roles.setdefault(organisation, set()).add(Role(role))
    found: dict[Permission, set[int]] = {permission: set() for permission in Permission}
    below: dict[int, list[int]] = {}
    entity = Lineage.objects.filter(ancestor__in=list(roles), same_entity=True)
    for above, descendant in entity.order_by().values_list("ancestor", "descendant"):
        below.setdefault(above, []).append(descendant)
    for organisation, held in roles.items():
        _grant(found, held, OWN_GRANTS, below.get(organisation, ()))
        if held & set(MEMBER_GRANTS):
            _grant(found, held, MEMBER_GRANTS, _members(person_id, organisation))
    return {permission: frozenset(ids) for permission, ids in found.items()}


def _members(person_id: int, operator: int) -> set[int]:
    agreements = _assigned(person_id).filter(operator=operator).values("organisation")
    rows = Lineage.objects.filter(ancestor__in=agreements).order_by()
    return set(rows.values_list("descendant", flat=True))


def _grant(
    found: dict[Permission, set[int]],
    held: set[Role],
    grants: dict[Role, frozenset[Permission]],
    ids: Iterable[int],
) -> None:
    ids = set(ids)
    for permission in frozenset[Permission]().union(*(grants.get(role, ()) for role in held)):
        found[permission] |= ids


reach_by(organisations_of, reached_by)
