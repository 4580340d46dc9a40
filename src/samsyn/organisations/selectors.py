from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, holders_of
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.models import Membership, Person
from samsyn.access.permissions import OPENINGS, OPERATOR_ROLES, Permission, lacking
from samsyn.access.rows import beyond_scope
from samsyn.access.scoping import beyond
from samsyn.kernel.errors import NotFound
from samsyn.organisations.access_scope import agreements_over, depth_of
from samsyn.organisations.models import (
    Agreement,
    Assignment,
    Contact,
    Lineage,
    Organisation,
    OrganisationKind,
)


def organisation_list(
    *, actor: Actor, kind: str = "", country: str = "", search: str = ""
) -> QuerySet[Organisation]:
    """Return the organisations that the actor may see, by name."""
    rows: QuerySet[Organisation] = Organisation.objects.visible_to(actor).select_related("parent")
    if kind:
        rows = rows.filter(kind=kind)
    if country:
        rows = rows.filter(country=country)
    if search:
        rows = rows.filter(_called(search))
    return rows


def _called(search: str) -> Q:
    """Return what finds organisations by name, short code, or number however it is written."""
    found = Q(name__icontains=search) | Q(short_code__iexact=search)
    digits = re.sub(r"[\s.-]", "", search)
    return found | Q(organisation_number=digits) if digits.isdecimal() else found


def organisation_get(*, actor: Actor, pk: int) -> Organisation:
    """Return one organisation.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = _ONE.first(actor, pk=pk)
    if found is None:
        raise NotFound(_("No such organisation."))
    return found


def organisation_where(*, actor: Actor, pk: int, permission: Permission) -> Organisation:
    """Return an organisation where the actor has a permission, whatever else they may there.

    Raises:
        NotFound: there is none with this id, or the actor has not.

    """
    found: Organisation | None = None
    if actor.may(permission, pk):
        rows = Organisation.unscoped.select_related("parent")  # scope: the permission was asked for
        found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such organisation."))
    return found


def organisation_for(*, actor: Actor, pk: int, permission: Permission) -> Organisation:
    """Return an organisation in which something is to be made.

    Raises:
        NotFound: there is none with this id, or the actor has nothing to do with it.
        NotAllowed: the actor sees it and lacks the permission there.

    """
    if not actor.may(permission, pk):
        organisation_get(actor=actor, pk=pk)
        raise lacking(permission)
    return organisation_where(actor=actor, pk=pk, permission=permission)


def _one(actor: Actor, pk: Any) -> QuerySet[Organisation]:
    return organisation_list(actor=actor).filter(pk=pk)[:1]


_ONE = CompiledQuery(_one)


def member_list(*, actor: Actor, operator: Organisation | None = None) -> QuerySet[Organisation]:
    """Return the members with an agreement in force: of one operator, else of the actor's own."""
    agreements = Agreement.in_force()
    if operator is not None:
        agreements = agreements.filter(operator=operator)
    elif not actor.is_system:
        agreements = agreements.filter(
            operator__in=actor.organisations_with(Permission.SECTOR_VIEW)
        )
    return organisation_list(actor=actor).filter(pk__in=agreements.values("organisation"))


def operator_list(*, actor: Actor) -> list[Organisation]:
    """Return the operators for which the actor works; for a job or the console, all of them."""
    rows = organisation_list(actor=actor).filter(kind=OrganisationKind.OPERATOR).order_by("pk")
    if actor.is_system:
        return list(rows)
    roles = Membership.unscoped.filter(  # scope: one's own memberships
        person_id=actor.person_id or 0, ended_on__isnull=True, role__in=OPERATOR_ROLES
    )
    return list(rows.filter(pk__in=roles.values("organisation")))


def foreign_to(operator: int) -> QuerySet[Any]:
    """Return the ids of what only other operators serve, or ever have; for services.

    Operators in one installation are strangers. Who has left an operator stays among those
    whom it has served: all its reports are attributed by one register, and what it received
    of a former member would otherwise become nobody's, which the operator's people read.
    An offer, and an agreement that has not begun, serve nobody. How far below its member an
    agreement serves follows from its service: a virtual CISO's not the companies there.
    """
    mine = _served_by(Q(operator=operator), Q(pk=operator))
    others = _served_by(~Q(operator=operator), Q(kind=OrganisationKind.OPERATOR) & ~Q(pk=operator))
    return Lineage.objects.filter(others).exclude(mine).values("descendant")


def _served_by(agreement: Q, itself: Q) -> Q:
    """Return what says of a lineage that its lower end is served by some operators."""
    heads = Organisation.unscoped.filter(itself)  # scope: ids, for services
    served = Q(ancestor__in=heads.values("pk"))
    for service in OPENINGS:
        signed = Agreement.begun().filter(agreement, service=service)
        served |= Q(ancestor__in=signed.values("organisation")) & depth_of(service)
    return Q(descendant__in=Lineage.objects.filter(served).values("descendant"))


def operator_of(*, actor: Actor) -> Organisation | None:
    """Return the operator for which the actor works, or None.

    Of several it is the one that the actor has chosen to look as, and none otherwise: what
    one operator receives or signs must not become another's. For a job or the console it
    is the installation's only one.
    """
    found = operator_list(actor=actor)
    if len(found) > 1:
        return next((one for one in found if one.pk == actor.chosen), None)
    return found[0] if found else None


def operator_named(*, actor: Actor, name: str = "") -> Organisation:
    """Return the operator of this name; without a name, the one for which the actor works.

    Raises:
        NotFound: there is none that the actor works for.

    """
    if not name:
        return operator_require(actor=actor)
    found = next((each for each in operator_list(actor=actor) if each.name == name), None)
    if found is None:
        raise NotFound(_("You work for no security centre called %s.") % name)
    return found


def organisation_named(*, actor: Actor, name: str) -> Organisation:
    """Return the organisation of this name that the actor may see.

    Raises:
        NotFound: there is none.

    """
    found = organisation_list(actor=actor).filter(name=name).first()
    if found is None:
        raise NotFound(_("There is no organisation called %s.") % name)
    return found


def operator_require(*, actor: Actor) -> Organisation:
    """Return the operator for which the actor works.

    Raises:
        NotFound: the actor works for none, or for several and has chosen none of them.

    """
    operator = operator_of(actor=actor)
    if operator is None:
        raise NotFound(
            _(
                "There is no security centre here that you work for, or there are several. "
                "Choose one in the menu; on the command line name one of its people with --as."
            )
        )
    return operator


def operator_serving(*, actor: Actor, organisation: Organisation) -> Organisation | None:
    """Return the operator in whose name an organisation is written to, or None.

    The CSIRT before a virtual CISO; an operator itself for its own.
    """
    rows = agreement_list(actor=actor).filter(pk__in=agreements_over(organisation))
    found = rows.order_by("-service", "pk").first()
    if found is not None:
        served_by: Organisation = found.operator
        return served_by
    return organisation if organisation.is_operator else None


def operator_with(*, actor: Actor, permission: Permission) -> Organisation:
    """Return the operator for which the actor works and where they have the permission.

    Raises:
        NotFound: the actor works for none.
        NotAllowed: the actor may not do that there.

    """
    operator = operator_require(actor=actor)
    actor.require(permission, operator.pk)
    return operator


def contact_list(
    *, actor: Actor, organisation: Organisation | None = None, purpose: str = ""
) -> QuerySet[Contact]:
    """Return contacts, of one organisation or of all that the actor may see."""
    rows = Contact.objects.visible_to(actor).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    return rows.filter(purpose=purpose) if purpose else rows


def contacts_of(*, actor: Actor, organisation: Organisation) -> list[Contact]:
    """Return the contacts of one organisation; every member's page asks."""
    return _CONTACTS.rows(actor, organisation=organisation.pk)


def _contacts(actor: Actor, organisation: Any) -> QuerySet[Contact]:
    return contact_list(actor=actor, organisation=organisation)


_CONTACTS = CompiledQuery(_contacts)


def agreement_list(
    *, actor: Actor, organisation: Organisation | None = None
) -> QuerySet[Agreement]:
    """Return agreements, of one member or of all that the actor may see."""
    rows = Agreement.objects.visible_to(actor).select_related("organisation", "operator")
    return rows.filter(organisation=organisation) if organisation is not None else rows


def agreements_open(*, actor: Actor, operator: Organisation, today: date) -> QuerySet[Agreement]:
    """Return an operator's agreements that have not ended, also those that have yet to begin."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return agreement_list(actor=actor).filter(still, operator=operator)


def offers_waiting(*, actor: Actor, organisation: Organisation, today: date) -> QuerySet[Agreement]:
    """Return the agreements offered to an organisation that wait for its answer."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return agreement_list(actor=actor, organisation=organisation).filter(
        still, accepted_on__isnull=True
    )


def assignment_list(*, actor: Actor, operator: Organisation | None = None) -> QuerySet[Assignment]:
    """Return who of the operators' people works for whom, and has not ended."""
    return assignment_history(actor=actor, operator=operator).filter(ended_on__isnull=True)


def assignment_history(
    *, actor: Actor, operator: Organisation | None = None
) -> QuerySet[Assignment]:
    """Return who works or has worked for whom; ``is_staff`` says who has a role there now."""
    rows = Assignment.objects.visible_to(actor)
    if operator is not None:
        rows = rows.filter(organisation=operator)
    roles = Membership.unscoped.filter(  # scope: of the operator of a row in scope
        person=OuterRef("person"),
        organisation=OuterRef("organisation"),
        ended_on__isnull=True,
        role__in=OPERATOR_ROLES,
    )
    is_staff = Exists(beyond(roles, "says only whether a row has effect"))
    found: QuerySet[Assignment] = rows.annotate(is_staff=is_staff)
    return found.select_related("person", "agreement__organisation", "organisation")


def below(*, actor: Actor, organisation: Organisation) -> QuerySet[Organisation]:
    """Return the units and companies below an organisation, as far as the actor may see them."""
    inside = Lineage.objects.filter(ancestor=organisation).exclude(descendant=organisation)
    return organisation_list(actor=actor).filter(pk__in=inside.values("descendant"))


@beyond_scope("the caller asks whether the actor may know them")
def people_with(
    *, actor: Actor, organisation: Organisation, permission: Permission
) -> list[Person]:
    """Return whoever has a role in an organisation that gives a permission, and the actor.

    The actor's own name is among them also when they serve from an operator. The caller asks
    whether the actor may know them.
    """
    people = Q(pk__in=holders_of(organisation.pk, permission)) | Q(pk=actor.person_id or 0)
    return list(Person.objects.filter(people, is_active=True))


def staff_roles(operator: Organisation, person_id: int) -> set[str]:
    """Return the operator's roles that a person holds at an operator; for services."""
    held = Membership.unscoped.filter(  # scope: of an operator that the caller has asked of
        organisation=operator, person_id=person_id, ended_on__isnull=True, role__in=OPERATOR_ROLES
    )
    return set(held.values_list("role", flat=True))


def home_organisations(*, actor: Actor) -> list[Organisation]:
    """Return where the actor holds a role, by name: what the switcher offers."""
    roles = Membership.unscoped.filter(  # scope: one's own memberships
        person_id=actor.person_id or 0, ended_on__isnull=True
    )
    rows = organisation_list(actor=actor).filter(pk__in=roles.values("organisation"))
    return list(rows)


def one(rows: QuerySet[Any], pk: int) -> Any:
    """Return the row with this id among rows already narrowed to what the actor may see.

    Raises:
        NotFound: it is not among them.

    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such thing."))
    return found
