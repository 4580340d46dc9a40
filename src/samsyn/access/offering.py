"""What becomes of a role that is offered to somebody who has one elsewhere."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.granting import gives_roles, must_be_given
from samsyn.access.limits import require_room
from samsyn.access.models import Answer, Membership, RoleOffer
from samsyn.access.permissions import OPERATOR_ROLES, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.kernel.errors import NotAllowed, RuleViolation


@command(None)
def role_accept(*, actor: Actor, offer: RoleOffer) -> Membership:
    """Accept a role that is offered to oneself: from now on one has it.

    Raises:
        NotAllowed: it is offered to somebody else.
        RuleViolation: it is answered or taken back; who offered it could not give it today; or
            one would stand on two sides by it.

    """
    _must_be_ones_own(actor, offer)
    _must_wait(offer)
    _must_be_given_still(offer)
    held = Membership.unscoped.filter(  # scope: a number
        organisation=offer.organisation_id, ended_on__isnull=True
    )
    require_room("memberships", held, of=offer.organisation_id)
    membership = Membership(
        person_id=offer.person_id, organisation_id=offer.organisation_id, role=offer.role
    )
    membership.full_clean()
    membership.save()
    _answer(offer, Answer.ACCEPTED)
    return membership


@command(None)
def role_decline(*, actor: Actor, offer: RoleOffer) -> RoleOffer:
    """Decline a role that is offered to oneself; who offers it learns no more than that.

    Raises:
        NotAllowed: it is offered to somebody else.
        RuleViolation: it is answered or taken back.

    """
    _must_be_ones_own(actor, offer)
    _must_wait(offer)
    return _answer(offer, Answer.DECLINED)


@command(Permission.PEOPLE_CHANGE)
def role_take_back(*, actor: Actor, offer: RoleOffer) -> RoleOffer:
    """Take back the offer of a role that has not been answered; it can no longer be accepted.

    Raises:
        NotAllowed: the role is an operator's, and the actor may not change its staff.
        RuleViolation: it is answered, or the actor may not give roles there.

    """
    if offer.role in OPERATOR_ROLES:
        actor.require(Permission.STAFF_CHANGE, offer.organisation_id)
    if not gives_roles(actor, offer.organisation_id):
        raise RuleViolation(_("The organisation's own leader or security officer gives the roles."))
    _must_wait(offer)
    return _answer(offer, Answer.TAKEN_BACK)


def _must_be_ones_own(actor: Actor, offer: RoleOffer) -> None:
    if actor.person_id != offer.person_id:
        raise NotAllowed(_("This belongs to somebody else."))


def _must_wait(offer: RoleOffer) -> None:
    """Require that nobody has answered; whoever answers at the same time waits for this."""
    rows = RoleOffer.unscoped.select_for_update()  # scope: the gate has checked it
    if rows.get(pk=offer.pk).answer:
        raise RuleViolation(_("The role is no longer offered."))


def _must_be_given_still(offer: RoleOffer) -> None:
    """Require that who offered the role could give it today: an offer outlives nobody's rights."""
    giver = actor_of(offer.offered_by)
    may_give = offer.offered_by.is_active and gives_roles(giver, offer.organisation_id)
    if offer.role in OPERATOR_ROLES:
        may_give = may_give and giver.may(Permission.STAFF_CHANGE, offer.organisation_id)
    if not may_give:
        raise RuleViolation(_("Who offered you the role can no longer give it."))
    must_be_given(giver, offer.organisation, offer.person, Role(offer.role))


def _answer(offer: RoleOffer, answer: Answer) -> RoleOffer:
    offer.answer, offer.answered_at = answer, timezone.now()
    offer.save(update_fields=["answer", "answered_at"])
    return offer
