"""Whether the person whom a row names can still do something in the row's organisation.

``access_scope`` answers the same for one person and all organisations; here it is of every row
of a list at once. tests/organisations/test_standing.py holds the two to each other.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.access.models import Membership
from samsyn.access.permissions import (
    OPENINGS,
    OPERATOR_ROLES,
    Permission,
    operator_roles_with,
    roles_with,
)
from samsyn.access.scoping import beyond
from samsyn.organisations.models import Agreement, Assignment, Lineage, OrganisationKind

HERE = "organisation"  # of the row that is asked about


def may_there(person: str, permission: Permission) -> Exists:
    """Return the condition that somebody has a permission in the organisation of a row.

    Args:
        person: the foreign key of the row that names them.
        permission: what they would have to be allowed.

    """
    held = Membership.unscoped.filter(  # scope: of people who own what is in scope
        person=OuterRef(person), person__is_active=True, ended_on__isnull=True
    )
    ways = _as_member(permission) | _as_staff(permission) | _by_agreement(permission)
    return Exists(beyond(held, "says only whether the owner can still act").filter(ways))


def _above(levels: int, **narrowed: bool) -> QuerySet[Any]:
    """Return the ids of the row's organisation and those above it, seen from so many levels in."""
    reference = OuterRef(HERE)
    for _level in range(levels - 1):
        reference = OuterRef(reference)
    return Lineage.objects.filter(descendant=reference, **narrowed).values("ancestor")


def _as_member(permission: Permission) -> Q:
    roles = set(roles_with(permission)) - OPERATOR_ROLES
    return Q(role__in=roles, organisation__in=_above(2, same_entity=True))


def _as_staff(permission: Permission) -> Q:
    """Return how an operator's people reach the operator and its units that are no members."""
    below = Lineage.objects.filter(
        ancestor=OuterRef(OuterRef("organisation")), descendant=OuterRef("organisation")
    )
    members = Agreement.unscoped.filter(  # scope: it says who is a member, as the scope does
        Exists(below), organisation__in=_above(3), accepted_on__isnull=False
    ).exclude(organisation=OuterRef("organisation"))
    at_operator = Q(
        role__in=OPERATOR_ROLES & set(roles_with(permission)),
        organisation__kind=OrganisationKind.OPERATOR,
        organisation__in=_above(2, same_entity=True),
    )
    return at_operator & Q(~Exists(members))


def _by_agreement(permission: Permission) -> Q:
    """Return how an operator's people reach a member: by an agreement that they work under."""
    opened = Q(pk__in=())
    for service, opening in OPENINGS.items():
        if permission in opening.rights:
            heads = _above(3) if opening.companies else _above(3, same_entity=True)
            opened |= Q(service=service, organisation__in=heads)
    agreements = Agreement.in_force().filter(
        opened, Exists(_assigned()), operator=OuterRef("organisation")
    )
    return Q(
        Exists(agreements),
        role__in=operator_roles_with(permission),
        organisation__kind=OrganisationKind.OPERATOR,
    )


def _assigned() -> QuerySet[Assignment]:
    """Return who is assigned to an agreement, by itself or by the service."""
    return Assignment.unscoped.filter(  # scope: of people who own what is in scope
        Q(agreement=OuterRef("pk")) | Q(agreement__isnull=True),
        person=OuterRef(OuterRef("person")),
        organisation=OuterRef("operator"),
        service=OuterRef("service"),
        ended_on__isnull=True,
    )
