"""Who may give and end roles: asked by the services, and by pages that offer it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, holders_of, is_shared, operators_over
from samsyn.access.models import Answer, Membership, Person, RoleOffer
from samsyn.access.permissions import OPERATOR_ROLES, Permission, Role
from samsyn.access.rows import beyond_scope
from samsyn.access.scoping import beyond
from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation


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


def ends_role(actor: Actor, membership: Membership | RoleOffer) -> bool:
    """Return whether the actor may end a role or the offer of one.

    Whether it is the last of its kind is asked apart. Whoever may give roles there, and for
    an operator's role change its staff. An operator's people cannot remove those who watch
    over them at a member.
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


def is_asked(actor: Actor, organisation_id: int, person_id: int, role: Role) -> bool:
    """Return whether a person has to accept a role that is given to them: they are elsewhere.

    Whoever has a role in the legal entity already is known there. An operator's role is
    offered to them, too: what it depends on is where else they are. So is a role to whoever
    has none any more and has signed in: the account is theirs, and so is their name.
    """
    if actor.is_system or person_id == actor.person_id:
        return False
    held = Membership.unscoped.filter(  # scope: whether the person has a role elsewhere
        person=person_id, ended_on__isnull=True
    ).exclude(organisation=organisation_id)
    homes = beyond(held, "says only whether the person is asked first")
    giving = Permission.PEOPLE_CHANGE
    if not homes.exists() and not _is_here(organisation_id, person_id):
        return Person.objects.filter(pk=person_id, last_login__isnull=False).exists()
    if all(actor.may_at_home(giving, pk) for pk in homes.values_list("organisation", flat=True)):
        return False
    return not _is_here(organisation_id, person_id) or role in OPERATOR_ROLES


def _is_here(organisation_id: int, person_id: int) -> bool:
    return Actor("asked", person_id=person_id).is_at_home(organisation_id)


def must_not_be_known(actor: Actor, organisation: Any, person: Person) -> None:
    """Refuse at once to let one's own colleague in; what concerns others is asked at the answer.

    Raises:
        RuleViolation: the person works for the actor's own operator, and the role is not given
            by the organisation's own people alone.

    """
    if any(actor.is_at_home(pk) for pk in works_for(person.pk) - {organisation.pk}):
        must_be_given(actor, organisation, person, Role.EMPLOYEE)


def must_be_given(actor: Actor, organisation: Any, person: Person, role: Role) -> None:
    """Refuse a role for oneself, and one by which a person would stand on two sides.

    Raises:
        RuleViolation: the role is for oneself; lets in who serves members for an operator and
            does not come from the organisation's own people alone; or is an operator's and the
            person works for another, or has a role at whom this one serves.

    """
    if actor.is_system:
        return
    if person.pk == actor.person_id:
        raise RuleViolation(_("Nobody gives themselves a role; ask somebody else."), field="email")
    employers = works_for(person.pk)
    # Who has a role on both sides would let a colleague in, in the organisation's own name.
    is_let_in = is_own(actor, organisation.pk) and not any(
        actor.is_at_home(operator) for operator in employers - {organisation.pk}
    )
    if employers and not is_let_in:
        raise RuleViolation(
            _("Whoever works for a security centre gets a role here only from your own people."),
            field="email",
        )
    if role in OPERATOR_ROLES:
        _must_stand_on_one_side(organisation.pk, person.pk, employers)


def works_for(person_id: int) -> frozenset[int]:
    """Return the ids of the operators whose people a person is among."""
    held = Membership.unscoped.filter(  # scope: whether the person serves members, and for whom
        person=person_id, role__in=OPERATOR_ROLES, ended_on__isnull=True
    )
    rows = beyond(held, "says only for whom the person works")
    return frozenset(rows.values_list("organisation", flat=True))


def _must_stand_on_one_side(operator: int, person: int, employers: frozenset[int]) -> None:
    if employers - {operator}:
        raise RuleViolation(
            _(
                "Who works for another security centre cannot also work for this one. Ask who"
                " runs the installation."
            ),
            field="email",
        )
    if _is_of_a_member(operator, person):
        raise RuleViolation(
            _(
                "Who has a role at an organisation that the security centre serves cannot also"
                " work for it. Ask who runs the installation."
            ),
            field="email",
        )


@beyond_scope("says only whether the person stands on the side of somebody whom it serves")
def _is_of_a_member(operator: int, person: int) -> bool:
    """Return whether a person holds a role at whom an operator serves or offers to serve.

    So does whoever was given one by the operator's people and does not hold it any more:
    one person would be sent to the member first, and taken back when all is agreed.
    """
    held = Membership.unscoped.filter(person=person).exclude(organisation=operator)  # scope: a rule
    return any(
        each.ended_on is None or _was_given_by(each, operator)
        for each in held
        if operator in operators_over(each.organisation_id, offered=True)
    )


def _was_given_by(membership: Membership, operator: int) -> bool:
    staff = Membership.unscoped.filter(  # scope: a rule; also those who work there no more
        organisation=operator, role__in=OPERATOR_ROLES
    )
    given = Entry.objects.filter(
        object_type=Membership._meta.label,
        object_id=str(membership.pk),
        action="access.membership_grant",
    )
    accepted = RoleOffer.unscoped.filter(  # scope: a rule
        person=membership.person_id,
        organisation=membership.organisation_id,
        role=membership.role,
        answer=Answer.ACCEPTED,
    )
    return (
        given.filter(person_id__in=staff.values("person")).exists()
        or accepted.filter(offered_by__in=staff.values("person")).exists()
    )
