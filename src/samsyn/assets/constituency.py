"""Take a constituency file: organisations, contacts and resources, all or nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.assets.models import HOST_FIELDS, Ground, Resource
from samsyn.assets.register_selectors import Register
from samsyn.assets.rights import ARRANGED, Rights
from samsyn.assets.rules import (
    ConstituencyRow,
    Difference,
    FileError,
    Wish,
    facts_in,
    in_order,
    must_make_tree,
    problem_at,
    spelled,
    wishes,
)
from samsyn.assets.turns import lock_claims, require_room_for_file
from samsyn.audit.services import snapshot
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.organisations.models import Contact, Organisation, OrganisationKind, language_of
from samsyn.organisations.parting import Pairs, follow_parting
from samsyn.organisations.placing import must_be_served
from samsyn.organisations.services import LEVELS_MAX, lineage_rebuild_below
from samsyn.organisations.serving import member_enrol


@command(Permission.ORGANISATIONS_ARRANGE)
@beyond_scope("the file tells of the operator's whole constituency")
def constituency_import(
    *, actor: Actor, operator: Organisation, content: bytes, dry_run: bool = False
) -> Difference:
    """Take a constituency file, all or nothing, or only show what it would change.

    What it says of resources is confirmed on the ground "imported list", unless others have it:
    then it is a request. It changes resources only where the actor may change them.

    New organisations without a parent become members of the operator from today; those
    below a member are covered by its agreement. The file changes nothing that the actor
    may not change with a form, and each thing has its entry in the trail as with a form.

    Raises:
        RuleViolation: the file cannot be taken; every problem names row and column.

    """
    if not operator.is_operator:
        raise RuleViolation(_("Only a security centre has members."))
    try:
        with transaction.atomic():
            seen = _take(actor, operator, facts_in(content))
            if dry_run:
                transaction.set_rollback(True)
                seen.touched, seen.is_trial = [], True  # the trail tells of no change
    except FileError as error:
        raise RuleViolation(str(error)) from error
    return seen


def _take(actor: Actor, operator: Organisation, facts: list[ConstituencyRow]) -> Difference:
    seen = Difference()
    rights = Rights(actor)
    register = Register.read(actor=actor)
    facts = spelled(facts, register.organisations)
    found = wishes(facts)
    lock_claims()  # before the trail, which every claim takes after this
    _require_own_centre(found, operator, register)
    _require_possible(found, register)
    moved = [
        wish
        for wish in in_order(found, register.organisations)
        if _take_organisation(rights, operator, wish, register, seen)
    ]
    seen.waiting += follow_parting(actor, _place(moved, register))
    contacts = register.new_contacts(facts, seen)
    rights.need_own(Permission.ORGANISATIONS_CHANGE, [one.organisation for one in contacts])
    rights.check()
    register.prepare_claims()
    resources = register.new_resources(facts, seen)
    require_room_for_file(resources, contacts)
    for resource in resources:
        if resource.operated_by_id is not None:
            resource.run_by(resource.operated_by, by=actor.label, kind=Ground.IMPORT)
    resources = Resource.objects.none().bulk_create(resources)
    for resource, before in register.changed_hosts(facts, seen):
        resource.run_by(resource.operated_by, by=actor.label, kind=Ground.IMPORT)
        resource.save(update_fields=HOST_FIELDS)
        seen.touched.append((resource, before))
    contacts = Contact.objects.none().bulk_create(contacts)
    seen.touched += [(one, None) for one in [*resources, *contacts]]
    return seen


def _require_own_centre(found: dict[str, Wish], operator: Organisation, register: Register) -> None:
    """Require that the file makes no security centre: another installation's is none here.

    It would be nobody's member, and what it has would be in no list of this one.
    """
    said = _(
        "%(name)s is a security centre, and here that is %(own)s. Write %(own)s in its rows, "
        "or leave them out"
    )
    problems = []
    for wish in found.values():
        known = register.organisations.get(wish.name)
        if wish.fields.get("kind") == OrganisationKind.OPERATOR and not (
            known and known.is_operator
        ):
            words = said % {"name": wish.name, "own": operator.name}
            problems.append(problem_at(wish.row, "kind", words))
    if problems:
        raise FileError(problems)


def _require_possible(found: dict[str, Wish], register: Register) -> None:
    """Require that nothing new is there already, unseen, and that it stays a tree."""
    every = Organisation.unscoped  # scope: names are taken for all, and circles anybody's
    parents = {name: above or "" for name, above in every.values_list("name", "parent__name")}
    must_make_tree(found, parents, LEVELS_MAX)
    taken = {name_key(name) for name in parents}
    new = [wish for wish in found.values() if wish.name not in register.organisations]
    if problems := [_exists(wish) for wish in new if name_key(wish.name) in taken]:
        raise FileError(problems)


def _exists(wish: Wish) -> str:
    said = _("%s exists already, and is not among those that you see")
    return problem_at(wish.row, "organisation", said % wish.name)


def _place(moved: list[Wish], register: Register) -> Pairs:
    """Write anew who stands above whom; nobody may be left without an agreement.

    Returns the pairs that are no longer one legal entity.
    """
    parted = lineage_rebuild_below(*(register.organisations[wish.name] for wish in moved))
    problems = []
    for wish in moved:
        try:
            must_be_served(register.organisations[wish.name])
        except RuleViolation as error:
            problems.append(problem_at(wish.row, "parent", f"{wish.name}. {error}"))
    if problems:
        raise FileError(problems)
    return parted


def _take_organisation(
    rights: Rights, operator: Organisation, wish: Wish, register: Register, seen: Difference
) -> bool:
    """Write what the file says of one organisation; return whether its place is another now."""
    known = register.organisations.get(wish.name)
    one = known or Organisation(name=wish.name, kind=OrganisationKind.MUNICIPALITY)
    parent = register.organisations.get(wish.parent) if wish.parent else one.parent
    wanted = {**wish.fields, "parent": parent}
    if known is None:
        wanted.setdefault("language", language_of(wish.fields.get("country", one.country)))
    changed = [name for name, value in wanted.items() if getattr(one, name) != value]
    if known and not changed:
        return False
    rights.need_for(known, one.parent, wanted, changed)
    before = snapshot(one) if known else None
    for name in changed:
        setattr(one, name, wanted[name])
    one.full_clean()
    one.save()
    register.organisations[one.name] = one
    seen.touched.append((one, before))
    if known:
        seen.organisations_changed.append(f"{one.name}: {', '.join(changed)}")
        return not ARRANGED.isdisjoint(changed)
    rights.made.add(one.pk)
    seen.organisations_new.append(one.name)
    register.made.add(one.pk)
    if one.parent is None:
        member_enrol(actor=rights.actor, operator=operator, organisation=one)
        seen.members_new.append(one.name)
    return True
