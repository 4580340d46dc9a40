"""How a person reaches organisations: by membership, or as an operator by agreement."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from samsyn.access.actor import Reached, reach_by
from samsyn.access.models import Membership
from samsyn.access.permissions import (
    BY_CISO_AGREEMENT,
    MEMBER_GRANTS,
    OWN_GRANTS,
    Permission,
    Role,
    operator_roles_with,
    roles_with,
)
from samsyn.analytics.memory import remembered
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation, Service


def organisations_of(person_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the ids of the organisations where the person has the permission.

    By membership: the organisation and its units (parts of the same legal entity; a
    company that a municipality owns is its own). By agreement: every organisation below
    a member whose agreement is in force, if the person is assigned to it and holds an
    operator's role with the permission at the operator. An organisation's own work is
    opened only by an agreement on a virtual CISO.
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
    if permission in BY_CISO_AGREEMENT:
        agreements = agreements.filter(service=Service.CISO)
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


def reached_by(person_id: int) -> Reached:
    """Return the same as ``organisations_of`` for every permission, as ids, in one query."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_reached_sql(connection.vendor), [person_id, person_id, *[today] * 4])
        rows = tuple(cursor.fetchall())
    # It is asked on every page, and seldom answered otherwise than the last time.
    return remembered("reached", rows, lambda: _reached(rows))


def _reached(rows: tuple[tuple[str, str, str], ...]) -> Reached:
    by_role: dict[tuple[str, str], set[int]] = {}
    *held, (_role, _service, every) = rows
    for role, service, ids in held:
        by_role.setdefault((role, service), set()).update(json.loads(ids))
    at_home = [ids for (_role, service), ids in by_role.items() if not service]
    return Reached(_by_permission(by_role), int(every), frozenset().union(*at_home))


def _by_permission(by_role: dict[tuple[str, str], set[int]]) -> dict[Permission, frozenset[int]]:
    found: dict[Permission, list[frozenset[int]]] = {}
    for (role, service), ids in by_role.items():
        kept = frozenset(ids)
        for permission in _granted(Role(role), service):
            found.setdefault(permission, []).append(kept)
    return {p: sets[0].union(*sets[1:]) for p, sets in found.items()}


def _granted(role: Role, service: str) -> frozenset[Permission]:
    """Return what a role gives: at home (no service), or at a member by an agreement."""
    if not service:
        return OWN_GRANTS.get(role, frozenset())
    granted = MEMBER_GRANTS.get(role, frozenset())
    return granted if service == Service.CISO else granted - BY_CISO_AGREEMENT


@cache
def _reached_sql(vendor: str) -> str:
    sql = files("samsyn.organisations").joinpath("measures/reached.sql").read_text("utf-8")
    return sql.replace("$listed", "json_agg" if vendor == "postgresql" else "json_group_array")


reach_by(organisations_of, reached_by)
