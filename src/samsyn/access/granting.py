"""Who may give and end roles: asked by the services, and by pages that offer it."""

from __future__ import annotations

from samsyn.access.actor import Actor, holders_of, is_shared
from samsyn.access.models import Membership
from samsyn.access.permissions import OPERATOR_ROLES, Permission
from samsyn.access.scoping import beyond


def gives_roles(actor: Actor, organisation_id: int) -> bool:
    """Return whether the actor may give roles in an organisation.

    Its own leader or security officer may. Who serves it may only as long as nobody there
    can: else an operator's people could open a member's own work to a colleague, or to an
    address of their own. Nor where two operators are its CSIRT: the one could shut the other out.
    """
    if not actor.may(Permission.PEOPLE_CHANGE, organisation_id):
        return False
    if is_own(actor, organisation_id):
        return True
    has_own = holders_of(organisation_id, Permission.PEOPLE_CHANGE).exists()
    return not has_own and not is_shared(organisation_id)


def ends_role(actor: Actor, membership: Membership) -> bool:
    """Return whether the actor may end a role; whether it is the last of its kind is asked apart.

    Whoever may give roles there, and for an operator's role change its staff. An operator's
    people cannot remove those who watch over them at a member.
    """
    at = membership.organisation_id
    if membership.role in OPERATOR_ROLES and not actor.may(Permission.STAFF_CHANGE, at):
        return False
    return gives_roles(actor, at)


def is_last_of_role(membership: Membership) -> bool:
    """Return whether nobody else who may sign in holds the same role in that organisation."""
    held = Membership.unscoped.filter(  # scope: whether anybody else has a role that one may end
        organisation=membership.organisation_id,
        role=membership.role,
        ended_on__isnull=True,
        person__is_active=True,
    )
    others = beyond(held, "says only whether there is anybody else")
    return not others.exclude(person=membership.person_id).exists()


def is_own(actor: Actor, organisation_id: int) -> bool:
    """Return whether the actor changes people by a role in the organisation, or as the console."""
    if actor.is_system and actor.only is None:
        return True
    return actor.may_at_home(Permission.PEOPLE_CHANGE, organisation_id)
