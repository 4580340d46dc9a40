"""What several operators serve at once, and what none of them then does alone."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.scoping import beyond
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement, Lineage, Organisation, Service


@beyond_scope("says only who serves an organisation that the caller changes")
def operators_serving(
    organisation: Organisation | int, *, service: str = "", offered: bool = False
) -> frozenset[int]:
    """Return the ids of the operators that serve an organisation, for one service or any.

    A CSIRT serves everything below its member, a virtual CISO its member's legal entity. An
    agreement that has been accepted and has yet to begin counts already; one that is offered
    only where the caller asks for those, too.
    """
    found = _covering(organisation)
    if not offered:
        found = found.filter(accepted_on__isnull=False)
    if service:
        found = found.filter(service=service)
    return frozenset(found.values_list("operator", flat=True))


def _covering(organisation: Organisation | int) -> QuerySet[Any]:
    above = Lineage.objects.filter(descendant=organisation)
    units = Lineage.objects.filter(ancestor=organisation, same_entity=True)
    open_ones = Agreement.unscoped.exclude(  # scope: as the caller says
        valid_until__lt=timezone.localdate()
    )
    return open_ones.filter(
        Q(service=Service.CSIRT, organisation__in=above.values("ancestor"))
        | Q(organisation__in=above.filter(same_entity=True).values("ancestor"))
        | Q(organisation__in=units.values("descendant"))
    )


def has_two_csirts(organisation_id: int) -> bool:
    """Return whether several operators are the CSIRT of an organisation."""
    return len(operators_serving(organisation_id, service=Service.CSIRT)) > 1


def must_not_be_shared(actor: Actor, *organisations: Organisation | None) -> None:
    """Refuse to move or rename what more than one operator serves: each would do it to the others.

    Raises:
        RuleViolation: several operators serve the organisations.

    """
    if actor.is_system:
        return
    serving = [operators_serving(one) for one in organisations if one is not None]
    if len(frozenset().union(*serving)) > 1:
        raise RuleViolation(
            _("Another security centre serves it too. Only who runs the installation moves it.")
        )


def must_not_grow_shared(actor: Actor, parent: Organisation | None) -> None:
    """Refuse to add anything below what more than one operator serves: it is the others' as well.

    Raises:
        RuleViolation: several operators serve the parent.

    """
    if parent is None or actor.is_system or len(operators_serving(parent)) <= 1:
        return
    said = _(
        "Another security centre serves %(name)s too."
        " Only who runs the installation adds anything below it."
    )
    raise RuleViolation(said % {"name": parent.name}, field="parent")


def must_be_its_own(actor: Actor, permission: Permission, organisation: Organisation) -> None:
    """Refuse to one of two CSIRTs what would take from the other what it guards there.

    The organisation's own people do that: withdraw a resource, name who runs it, say where
    letters go. Either CSIRT could otherwise silence the other, or take for another member.

    Raises:
        RuleViolation: two operators are its CSIRT, and the actor only serves it.

    """
    if not speaks_for(actor, permission, organisation.pk):
        said = _(
            "Two security centres serve %(name)s. Only its own people do this,"
            " or who runs the installation."
        )
        raise RuleViolation(said % {"name": organisation.name})


def must_have_one_csirt(actor: Actor, organisations: list[Organisation]) -> None:
    """Refuse to take from an organisation what another operator guards there as well.

    Raises:
        RuleViolation: several operators are its CSIRT.

    """
    if actor.is_system:
        return
    for one in organisations:
        if has_two_csirts(one.pk):
            raise RuleViolation(
                _("Two security centres serve %s. It must withdraw or narrow its claim itself.")
                % one.name
            )


def answers_offers(actor: Actor, agreement: Agreement) -> bool:
    """Return whether the actor may answer for the member what this operator offers it.

    Whoever works for the operator would agree with themselves, whatever role they have there.
    """
    return actor.may(
        Permission.AGREEMENTS_ACCEPT, agreement.organisation_id
    ) and not actor.is_at_home(agreement.operator_id)


def confirms(actor: Actor, organisation_id: int) -> bool:
    """Return whether the actor confirms in an operator's name what an organisation says it has.

    Not whoever holds a role there as well: they would confirm what they have asked for. At the
    operator itself it is the right of the administrator's own role.
    """
    permission = Permission.RESOURCES_CONFIRM
    if not actor.may(permission, organisation_id):
        return False
    is_own_right = actor.may_at_home(permission, organisation_id)
    return is_own_right or not actor.is_at_home(organisation_id)


def must_be_one_side(actor: Actor, *organisations: Organisation) -> None:
    """Refuse to let one person ask in an organisation's name and confirm in its operator's.

    Raises:
        RuleViolation: the actor holds a role of their own in one of the organisations.

    """
    if not all(confirms(actor, one.pk) for one in organisations):
        raise RuleViolation(
            _("You have a role in the organisation yourself: somebody else has to decide this.")
        )


def speaks_for(actor: Actor, permission: Permission, organisation_id: int) -> bool:
    """Return whether the actor does alone what is the organisation's own where two serve it."""
    if actor.is_system or actor.may_at_home(permission, organisation_id):
        return True
    return not has_two_csirts(organisation_id)


def first_csirt() -> Subquery:
    """Return who of several CSIRTs writes to an organisation of a lineage: the first agreed on.

    A finding is told of once. The one whose agreement was accepted first tells, so that a
    second one hides nothing from its plan.
    """
    above = Lineage.objects.filter(descendant=OuterRef(OuterRef("descendant")))
    rows = Agreement.in_force().filter(
        service=Service.CSIRT, organisation__in=above.values("ancestor")
    )
    return Subquery(
        beyond(rows, "says only which operator was first")
        .order_by("accepted_on", "pk")
        .values("operator")[:1]
    )
