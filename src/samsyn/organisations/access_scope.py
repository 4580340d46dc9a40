"""In which organisations a person has a permission: by membership, or by an agreement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from samsyn.access.actor import AccessScope, register_access_scope
from samsyn.access.models import Membership
from samsyn.access.permissions import (
    OPENINGS,
    OPERATOR_ROLES,
    OWN_GRANTS,
    Permission,
    Role,
    granted_by,
    operator_roles_with,
    roles_with,
)
from samsyn.access.scoping import beyond
from samsyn.analytics.version_cache import cached_by_version
from samsyn.organisations.models import (
    Agreement,
    Assignment,
    Lineage,
    Organisation,
    OrganisationKind,
)
from samsyn.organisations.sharing import has_two_csirts, operators_serving


def organisations_of(person_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the ids of the organisations where the person has the permission.

    By membership: the organisation and its units (parts of the same legal entity; a
    company that a municipality owns is its own). An operator's role counts only at an
    operator, and never at a unit that is or was a member itself, wherever the tree has it.
    By agreement: a member whose agreement is in force, if the person is assigned to it and
    holds an operator's role with the permission at the operator. Which permissions, and
    whether at the companies below it too, depends on the service (``OPENINGS``).
    """
    return Organisation.unscoped.filter(
        Q(pk__in=_by_membership(person_id, permission))
        | Q(pk__in=_as_staff(person_id, permission))
        | Q(pk__in=_by_agreement(person_id, permission))
    ).values("pk")


def _current(person_id: int) -> QuerySet[Membership]:
    return Membership.unscoped.filter(person_id=person_id, ended_on__isnull=True)


def _by_membership(person_id: int, permission: Permission) -> QuerySet[Any]:
    roles = set(roles_with(permission)) - OPERATOR_ROLES
    own = _current(person_id).filter(role__in=roles).values("organisation")
    same_entity = Lineage.objects.filter(ancestor__in=own, same_entity=True)
    return same_entity.values("descendant")


def _as_staff(person_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the operators where the person works, and their units that are no members."""
    roles = OPERATOR_ROLES & set(roles_with(permission))
    own = _staffed(person_id, roles)
    inside = Lineage.objects.filter(ancestor__in=own, same_entity=True)
    members = Agreement.unscoped.filter(
        Exists(
            Lineage.objects.filter(ancestor__in=own, descendant=OuterRef("organisation")).exclude(
                ancestor=OuterRef("organisation")
            )
        ),
        accepted_on__isnull=False,
    ).values("organisation")
    theirs = Lineage.objects.filter(ancestor__in=members).values("descendant")
    return inside.exclude(descendant__in=theirs).values("descendant")


def _staffed(person_id: int, roles: Iterable[Role]) -> QuerySet[Any]:
    held = _current(person_id).filter(role__in=roles, organisation__kind=OrganisationKind.OPERATOR)
    return held.values("organisation")


def _by_agreement(person_id: int, permission: Permission) -> QuerySet[Any]:
    operators = _staffed(person_id, operator_roles_with(permission))
    agreements = _assigned(person_id).filter(operator__in=operators)
    opened = Q(pk__in=())
    for service, opening in OPENINGS.items():
        if permission in opening.rights:
            heads = agreements.filter(service=service).values("organisation")
            opened |= Q(ancestor__in=heads) & depth_of(service)
    return Lineage.objects.filter(opened).values("descendant")


def depth_of(service: str) -> Q:
    """Return how far below its member an agreement holds, as a condition on the lineage."""
    return Q() if OPENINGS[service].companies else Q(same_entity=True)


def agreements_over(organisation: Any) -> QuerySet[Any]:
    """Return the agreements in force that cover an organisation, its id or an outer reference.

    Its own, and those of what stands above it as far down as their service goes. For
    services: which agreement it is may be seen only by who sees the member that made it.
    """
    above = Lineage.objects.filter(descendant=organisation)
    covering = Q(pk__in=())
    for service in OPENINGS:
        heads = above.filter(depth_of(service)).values("ancestor")
        covering |= Q(service=service, organisation__in=heads)
    return Agreement.in_force().filter(covering)


def covered_by(organisation: Organisation) -> QuerySet[Any]:
    """Return the ids of an organisation, its units, and what it serves as an operator.

    What it serves is so by agreements in force, as far down as each of them goes.
    """
    inside = Q(ancestor=organisation, same_entity=True)
    agreed = Agreement.in_force().filter(operator=organisation)
    for service in OPENINGS:
        heads = agreed.filter(service=service).values("organisation")
        inside |= Q(ancestor__in=heads) & depth_of(service)
    return Lineage.objects.filter(inside).values("descendant")


def _assigned(person_id: int) -> QuerySet[Agreement]:
    """Return the agreements in force that the person is assigned to, one by one or by service."""
    mine = Assignment.unscoped.filter(person_id=person_id, ended_on__isnull=True)
    one_by_one = mine.filter(
        agreement=OuterRef("pk"),
        organisation=OuterRef("operator"),
        service=OuterRef("service"),
    )
    by_service = mine.filter(
        agreement__isnull=True, organisation=OuterRef("operator"), service=OuterRef("service")
    )
    return Agreement.in_force().filter(Exists(one_by_one) | Exists(by_service))


def access_scope_of(person_id: int) -> AccessScope:
    """Return the same as ``organisations_of`` for every permission, as ids, in one query."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_access_scope_sql(connection.vendor), [person_id, person_id, *[today] * 4])
        rows = tuple(cursor.fetchall())
    # It is read on every page, and the rows are seldom other than the last time.
    return cached_by_version("reached", rows, lambda: _access_scope(rows))


Held = tuple[str, str, bool]  # role, service (empty at home), whether of one legal entity


def _access_scope(rows: tuple[tuple[str, str, bool, str], ...]) -> AccessScope:
    held: dict[Held, set[int]] = {}
    *found, (_role, _service, _same, every) = rows
    for role, service, same_entity, ids in found:
        held.setdefault((role, service, bool(same_entity)), set()).update(json.loads(ids))
    home = {key: ids for key, ids in held.items() if not key[1]}
    staffed = [ids for (role, _at_home, _same), ids in home.items() if role in OPERATOR_ROLES]
    own = frozenset().union(*staffed)
    return AccessScope(_by_permission(held), int(every), _by_permission(home), own)


def _by_permission(held: dict[Held, set[int]]) -> dict[Permission, frozenset[int]]:
    found: dict[Permission, list[frozenset[int]]] = {}
    for (role, service, same_entity), ids in held.items():
        kept = frozenset(ids)
        for permission in _granted(Role(role), service, same_entity=same_entity):
            found.setdefault(permission, []).append(kept)
    return {p: sets[0].union(*sets[1:]) for p, sets in found.items()}


def _granted(role: Role, service: str, *, same_entity: bool) -> frozenset[Permission]:
    """Return what a role gives: at home (no service), or at a member by an agreement."""
    if not service:
        return OWN_GRANTS.get(role, frozenset())
    return granted_by(role, service, same_entity=same_entity)


@cache
def _access_scope_sql(vendor: str) -> str:
    sql = files("samsyn.organisations").joinpath("measures/access_scope.sql").read_text("utf-8")
    staff = ", ".join(f"'{role.value}'" for role in sorted(OPERATOR_ROLES))
    listed = "json_agg" if vendor == "postgresql" else "json_group_array"
    return sql.replace("$listed", listed).replace("$staff", staff)


def holders_at(organisation_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the ids of active people with a role in the same legal entity that gives it."""
    above = Lineage.objects.filter(descendant=organisation_id, same_entity=True)
    held = Membership.unscoped.filter(
        organisation__in=above.values("ancestor"),
        ended_on__isnull=True,
        person__is_active=True,
        role__in=roles_with(permission),
    )
    return beyond(held, "who answers for an organisation, for a service or a choice").values(
        "person"
    )


register_access_scope(
    organisations_of, access_scope_of, holders_at, has_two_csirts, operators_serving
)
