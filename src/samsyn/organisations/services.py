from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.countries import language_of
from samsyn.organisations.models import (
    Contact,
    Lineage,
    Organisation,
    OrganisationKind,
    Service,
)
from samsyn.organisations.parting import Pairs, follow_parting
from samsyn.organisations.placing import (
    must_be_free,
    must_be_operator,
    must_be_served,
    must_fit,
    must_have_own_number,
    must_stay_whole,
    short_code_of,
)
from samsyn.organisations.serving import assigned_to_own, member_enrol
from samsyn.organisations.sharing import must_be_its_own, must_not_be_shared, must_not_grow_shared

LEVELS_MAX = 50  # from the top down; each organisation has a row for each level above it
# What its own people may say of an organisation: none of it decides who sees what.
PHONE_FACTS = frozenset({"phone", "phone_days", "phone_from", "phone_until"})  # of an operator
OWN_FACTS = PHONE_FACTS | frozenset(
    {
        "country",
        "language",
        "short_code",
        "population",
        "organisation_number",
        "municipality_code",
        "tile_x",
        "tile_y",
    }
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
    return _created(name=name, kind=OrganisationKind.OPERATOR, country=country, language=language)


@command(Permission.ORGANISATIONS_ARRANGE)
def organisation_create(
    *,
    actor: Actor,
    operator: Organisation,
    name: str,
    kind: str,
    country: str,
    language: str = "",
    parent: Organisation | None = None,
    service: str = Service.CSIRT,
    since: date | None = None,
    **details: Any,
) -> Organisation:
    """Create an organisation in an operator's constituency.

    Below a parent it is covered by the parent's agreement; without one it becomes a
    member of the operator, for the service, since a day (today), and whoever adds it is
    assigned to it. Its language is that of its country, unless another is given.

    Raises:
        RuleViolation: its kind and parent do not fit each other, its short code is none, or
            several operators serve the parent.

    """
    must_be_operator(operator)
    must_fit(kind, parent)
    must_not_grow_shared(actor, parent)
    spoken = language or language_of(country)
    made = _created(
        name=name, kind=kind, country=country, language=spoken, parent=parent, **details
    )
    if parent is None:
        agreement = member_enrol(
            actor=actor, operator=operator, organisation=made, service=service, since=since
        )
        assigned_to_own(actor, agreement)
    return made


@command(Permission.ORGANISATIONS_CHANGE, only_changes=True)
def organisation_change(
    *, actor: Actor, organisation: Organisation, seen: int | None = None, **changes: Any
) -> Organisation:
    """Change what an organisation says of itself; what decides who sees it is arranged instead.

    Raises:
        TypeError: a change is not one of the facts in ``OWN_FACTS``.
        Conflict: somebody else has changed it since the version that was ``seen``.
        RuleViolation: a new short code or phone is none, or one is given that is no operator.

    """
    if not OWN_FACTS.issuperset(changes):
        raise TypeError(f"not an organisation's own facts: {sorted(set(changes) - OWN_FACTS)}")
    if changes.get("short_code", organisation.short_code) != organisation.short_code:
        changes["short_code"] = short_code_of(changes["short_code"])
    if not organisation.is_operator and any(changes.get(name) for name in PHONE_FACTS):
        raise RuleViolation(_("Only a security centre has a phone; others have contacts."))
    before = {name: getattr(organisation, name) for name in OWN_FACTS}
    for name, value in changes.items():
        setattr(organisation, name, value)
    organisation.clean_fields()
    must_have_own_number(organisation)
    organisation.full_clean()
    if changed := [name for name in OWN_FACTS if getattr(organisation, name) != before[name]]:
        keep(organisation, changed, seen=seen)
    return organisation


@command(Permission.ORGANISATIONS_ARRANGE, only_changes=True)
def organisation_arrange(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    parent: Organisation | None,
    name: str = "",
) -> Organisation:
    """Change an organisation's name, kind or what it is part of; all below it moves along.

    The name is what a constituency file knows it by. Who sees what follows from the others,
    so the actor needs the permission in the organisation, in the parent that it leaves and
    in the one that it gets.

    Raises:
        NotAllowed: the actor does not answer for the parent that it leaves.
        RuleViolation: another has the name, kind and parent do not fit each other or the
            organisation, it would be nobody's member, its legal entity would change over
            its people's heads, or several operators serve it or the parent that it gets.

    """
    if organisation.parent_id is not None:
        actor.require(Permission.ORGANISATIONS_ARRANGE, organisation.parent_id)
    if organisation.is_operator:
        raise RuleViolation(_("A security centre stays what it is."), field="kind")
    must_fit(kind, parent)
    must_stay_whole(actor, organisation, kind, parent)
    must_not_be_shared(actor, organisation, parent)
    if parent is not None and _stands_below(parent, organisation):
        raise RuleViolation(_("An organisation cannot be a part of itself."), field="parent")
    called = organisation.name
    if name:
        must_be_free(name, taker=organisation)
        organisation.name = name
    before = (organisation.kind, organisation.parent_id, called)
    organisation.kind, organisation.parent = kind, parent
    organisation.full_clean()
    if before == (organisation.kind, organisation.parent_id, organisation.name):
        return organisation
    keep(organisation, ["name", "kind", "parent"])
    parted = lineage_rebuild_below(organisation)
    must_be_served(organisation)
    organisation.waiting_since = tuple(follow_parting(actor, parted))
    return organisation


@command(Permission.ORGANISATIONS_CHANGE)
def contact_remove(*, actor: Actor, contact: Contact) -> None:
    """Remove a contact; the trail keeps who it was.

    Raises:
        RuleViolation: two operators are its organisation's CSIRT; the actor works for one.

    """
    must_be_its_own(actor, Permission.ORGANISATIONS_CHANGE, contact.organisation)
    contact.delete()


@beyond_scope("nobody has a scope in an organisation that is being made")
def _created(**fields: Any) -> Organisation:
    organisation = Organisation(**fields)
    organisation.short_code = short_code_of(organisation.short_code)
    must_be_free(organisation.name, taker=organisation)
    organisation.clean_fields()
    must_have_own_number(organisation)
    organisation.full_clean()
    organisation.save()
    lineage_rebuild_below(organisation)
    return organisation


def _stands_below(lower: Organisation, upper: Organisation) -> bool:
    return Lineage.objects.filter(ancestor=upper, descendant=lower).exists()


def lineage_rebuild_below(*organisations: Organisation) -> Pairs:
    """Write anew which organisations stand above these and everything below them.

    Returns the pairs that were one legal entity and are no longer: whoever moves something
    tells the rooms that follow it (``follow_parting``).

    Raises:
        RuleViolation: one stands below itself, or below more than ``LEVELS_MAX`` others.

    """
    inside = Lineage.objects.filter(ancestor__in=organisations)
    affected = {*inside.values_list("descendant", flat=True), *(one.pk for one in organisations)}
    every = Organisation.unscoped.order_by()  # scope: keeps the index of the scope itself
    parents = dict(every.values_list("pk", "parent"))
    units = set(every.filter(kind=OrganisationKind.UNIT).values_list("pk", flat=True))
    before = _of_one_entity(affected)
    Lineage.objects.filter(descendant__in=affected).delete()
    Lineage.objects.bulk_create(
        Lineage(ancestor_id=above, descendant_id=pk, same_entity=same)
        for pk in sorted(affected)
        for above, same in _line_up(pk, parents, units)
    )
    return before - _of_one_entity(affected)


def _of_one_entity(descendants: set[int]) -> Pairs:
    same = Lineage.objects.filter(descendant__in=descendants, same_entity=True)
    return frozenset(same.values_list("ancestor", "descendant"))


def _too_many_levels() -> str:
    said = _(
        "Too many levels: an organisation cannot be below itself,"
        " or below more than %(most)s others."
    )
    return said % {"most": LEVELS_MAX - 1}


def _line_up(pk: int, parents: dict[int, int | None], units: set[int]) -> list[tuple[int, bool]]:
    line, same, at = [(pk, True)], True, pk
    while (above := parents.get(at)) is not None:
        same = same and at in units
        line.append((above, same))
        if len(line) > LEVELS_MAX:  # also where the tree is a circle
            raise RuleViolation(_too_many_levels(), field="parent")
        at = above
    return line
