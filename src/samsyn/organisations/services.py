from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import (
    Agreement,
    Assignment,
    Contact,
    Kind,
    Lineage,
    Organisation,
    Service,
)


@command(None)
def operator_create(
    *, actor: Actor, name: str, country: str = "NO", language: str = "nb"
) -> Organisation:
    """Create the security centre for which an installation is set up.

    Raises:
        NotAllowed: a person tries; only the console sets up an installation.

    """
    if not actor.is_system:
        raise NotAllowed(_("Only set-up creates an operator."))
    return _created(name=name, kind=Kind.OPERATOR, country=country, language=language)


@command(Permission.ORGANISATIONS_CHANGE)
def organisation_create(
    *,
    actor: Actor,
    operator: Organisation,
    name: str,
    kind: str,
    country: str,
    language: str,
    parent: Organisation | None = None,
    **details: Any,
) -> Organisation:
    """Create an organisation in an operator's constituency, below its parent if it has one."""
    return _created(
        name=name, kind=kind, country=country, language=language, parent=parent, **details
    )


@command(Permission.ORGANISATIONS_CHANGE)
def organisation_change(
    *, actor: Actor, organisation: Organisation, **changes: Any
) -> Organisation:
    """Change an organisation's facts; a new parent moves everything below it.

    Raises:
        RuleViolation: the new parent stands below the organisation itself.

    """
    parent = changes.get("parent")
    if parent is not None and _stands_below(parent, organisation):
        raise RuleViolation(_("An organisation cannot be a part of itself."), field="parent")
    for name, value in changes.items():
        setattr(organisation, name, value)
    organisation.full_clean()
    organisation.save()
    lineage_rebuild_below(organisation)
    return organisation


@command(Permission.ORGANISATIONS_CHANGE)
def contact_add(
    *, actor: Actor, organisation: Organisation, purpose: str, email: str, **details: Any
) -> Contact:
    """Add an address where the organisation wants to be reached for a purpose."""
    contact = Contact(organisation=organisation, purpose=purpose, email=email.strip(), **details)
    contact.full_clean()
    contact.save()
    return contact


@command(Permission.ORGANISATIONS_CHANGE)
def contact_remove(*, actor: Actor, contact: Contact) -> None:
    """Remove a contact; the trail keeps who it was."""
    contact.delete()


@command(Permission.ORGANISATIONS_CHANGE)
def agreement_sign(
    *,
    actor: Actor,
    operator: Organisation,
    organisation: Organisation,
    service: str = Service.CSIRT,
    valid_from: date,
    valid_until: date | None = None,
    **details: Any,
) -> Agreement:
    """Record an agreement: from that day the operator's assigned people reach the member.

    Raises:
        RuleViolation: the two are one, or such an agreement is already open.

    """
    if operator == organisation:
        raise RuleViolation(_("An operator has no agreement with itself."))
    agreement = Agreement(
        operator=operator,
        organisation=organisation,
        service=service,
        valid_from=valid_from,
        valid_until=valid_until,
        **details,
    )
    agreement.full_clean()
    agreement.save()
    return agreement


@command(Permission.ORGANISATIONS_CHANGE)
def agreement_end(*, actor: Actor, agreement: Agreement, on: date) -> Agreement:
    """End an agreement after a day; the operator's people lose sight of the member then."""
    agreement.valid_until = on
    agreement.full_clean()
    agreement.save(update_fields=["valid_until"])
    return agreement


@command(Permission.PEOPLE_CHANGE)
def assignment_give(
    *,
    actor: Actor,
    operator: Organisation,
    person: Person,
    service: str = Service.CSIRT,
    agreement: Agreement | None = None,
) -> Assignment:
    """Assign one of the operator's people to a member, or to all members of a service."""
    assignment = Assignment(
        organisation=operator, person=person, service=service, agreement=agreement
    )
    assignment.full_clean()
    assignment.save()
    return assignment


def _created(**fields: Any) -> Organisation:
    organisation = Organisation(**fields)
    organisation.full_clean()
    organisation.save()
    lineage_rebuild_below(organisation)
    return organisation


def _stands_below(lower: Organisation, upper: Organisation) -> bool:
    return Lineage.objects.filter(ancestor=upper, descendant=lower).exists()


def lineage_rebuild_below(organisation: Organisation) -> None:
    """Write anew which organisations stand above this one and everything below it."""
    inside = list(
        Lineage.objects.filter(ancestor=organisation).values_list("descendant", flat=True)
    )
    affected = {*inside, organisation.pk}
    every = Organisation.everything.order_by()  # scope: keeps the index of the scope itself
    parents = dict(every.values_list("pk", "parent"))
    units = set(every.filter(kind=Kind.UNIT).values_list("pk", flat=True))
    Lineage.objects.filter(descendant__in=affected).delete()
    Lineage.objects.bulk_create(
        Lineage(ancestor_id=above, descendant_id=pk, same_entity=same)
        for pk in sorted(affected)
        for above, same in _line_up(pk, parents, units)
    )


def _line_up(pk: int, parents: dict[int, int | None], units: set[int]) -> list[tuple[int, bool]]:
    line, same, at = [(pk, True)], True, pk
    while (above := parents.get(at)) is not None:
        same = same and at in units
        line.append((above, same))
        at = above
    return line
