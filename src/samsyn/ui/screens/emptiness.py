"""What a list that shows nothing tells: that there is nothing, or that one may see nothing."""

from __future__ import annotations

from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.permissions import MEMBER_GRANTS, OPERATOR_ROLES, OWN_GRANTS, Permission, lacking

# What anybody may do at a member: of things that take another permission, only a centre has any.
AT_MEMBERS: frozenset[Permission] = frozenset().union(
    *(granted for role, granted in OWN_GRANTS.items() if role not in OPERATOR_ROLES),
    *MEMBER_GRANTS.values(),
)


def sees_no_member(actor: Actor, rows: Any, permission: Permission | None) -> bool:
    """Return whether a security centre's person sees such things at the centre alone.

    Then an empty list tells nothing of the members, and must not say that there is nothing.
    Where there is no member at all, or only the centre has such things, it may.
    """
    permission = permission or kind_of(rows)
    centres = actor.organisation_ids(Permission.SECTOR_VIEW)
    if permission is None or not centres:
        return False
    if permission not in AT_MEMBERS or actor.sees_all(permission):
        return False
    return actor.organisation_ids(permission) <= centres


def kind_of(rows: Any) -> Permission | None:
    """Return the permission that such things take, if they have one."""
    manager = getattr(getattr(rows, "model", None), "objects", None)
    return getattr(manager, "permission", None)


def require_kind(actor: Actor, rows: Any, permission: Permission | None) -> None:
    """Refuse a list of what the actor may see nowhere: empty, it would say that there is none.

    Raises:
        NotAllowed: the actor lacks the permission that such things take, everywhere.

    """
    permission = permission or kind_of(rows)
    if permission is not None and not actor.may_anywhere(permission):
        raise lacking(permission)
