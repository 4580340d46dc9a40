from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.assets.models import Resource
from samsyn.assets.register_selectors import Register
from samsyn.assets.rights import Rights
from samsyn.assets.rules import (
    Difference,
    Fact,
    FileError,
    Unreadable,
    Wish,
    canonical,
    facts_in,
    in_order,
    wishes,
)
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact, Kind, Organisation
from samsyn.organisations.services import lineage_rebuild_below
from samsyn.organisations.serving import member_enrol


@command(Permission.RESOURCES_CHANGE)
def resource_claim(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    value: str,
    **details: Any,
) -> Resource:
    """Record that a resource belongs to an organisation.

    Raises:
        RuleViolation: it is no such resource, or the organisation already has it.

    """
    try:
        written = canonical(kind, value)
    except Unreadable as error:
        raise RuleViolation(str(error), field="value") from error
    resource = Resource(organisation=organisation, kind=kind, value=written, **details)
    resource.full_clean()
    resource.save()
    return resource


@command(Permission.RESOURCES_CHANGE)
def resource_change(
    *,
    actor: Actor,
    resource: Resource,
    operated_by: Organisation | None = None,
    source: str | None = None,
    known_on: date | None = None,
    note: str | None = None,
) -> Resource:
    """Change who runs a resource, where the fact comes from, its date or the note."""
    resource.operated_by = operated_by
    resource.source = source or resource.source
    resource.known_on = known_on or resource.known_on
    resource.note = resource.note if note is None else note
    resource.full_clean()
    resource.save()
    return resource


@command(Permission.RESOURCES_CHANGE)
def resource_withdraw(*, actor: Actor, resource: Resource, on: date, note: str = "") -> Resource:
    """Say that a resource is no longer, or never was, the organisation's."""
    if resource.withdrawn_on is not None:
        raise RuleViolation(_("The claim is already withdrawn."))
    resource.withdrawn_on = on
    resource.note = note or resource.note
    resource.full_clean()
    resource.save()
    return resource


@command(Permission.RESOURCES_CHANGE)
def resource_resolve(
    *, actor: Actor, keep: Resource, rivals: list[Resource], on: date, note: str
) -> Resource:
    """Decide whose a resource is: one claim is kept, the others are withdrawn with the reason.

    The actor needs the permission in every organisation concerned.

    Raises:
        RuleViolation: a rival is about another resource, or there is no reason given.

    """
    if not note.strip():
        raise RuleViolation(_("Say why, so that the others can understand it."), field="note")
    for rival in rivals:
        if (rival.kind, rival.value) != (keep.kind, keep.value) or rival.pk == keep.pk:
            raise RuleViolation(_("That claim is about another resource."))
        rival.withdrawn_on = on
        rival.note = note[:200]
        rival.full_clean()
        rival.save()
    return keep


@command(Permission.ORGANISATIONS_ARRANGE)
def constituency_import(
    *, actor: Actor, operator: Organisation, content: bytes, dry_run: bool = False
) -> Difference:
    """Take a constituency file, all or nothing, or only show what it would change.

    New organisations without a parent become members of the operator from today; those
    below a member are covered by its agreement. The file changes nothing that the actor
    may not change with a form.

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
    except FileError as error:
        raise RuleViolation(str(error)) from error
    return seen


def _take(actor: Actor, operator: Organisation, facts: list[Fact]) -> Difference:
    seen = Difference()
    rights = Rights(actor)
    register = Register.read(actor=actor)
    for wish in in_order(wishes(facts), register.organisations):
        _take_organisation(rights, operator, wish, register, seen)
    resources = register.new_resources(facts, seen)
    hosts = register.changed_hosts(facts, seen)
    contacts = register.new_contacts(facts, seen)
    rights.need_all(Permission.RESOURCES_CHANGE, [one.organisation for one in resources + hosts])
    rights.need_all(Permission.ORGANISATIONS_CHANGE, [one.organisation for one in contacts])
    rights.check()
    Resource.objects.none().bulk_create(resources)
    for resource in hosts:
        resource.save(update_fields=["operated_by"])
    Contact.objects.none().bulk_create(contacts)
    return seen


def _take_organisation(
    rights: Rights, operator: Organisation, wish: Wish, register: Register, seen: Difference
) -> None:
    known = register.organisations.get(wish.name)
    one = known or Organisation(name=wish.name, kind=Kind.MUNICIPALITY)
    parent = register.organisations.get(wish.parent) if wish.parent else one.parent
    wanted = {**wish.fields, "parent": parent}
    changed = [name for name, value in wanted.items() if getattr(one, name) != value]
    if known and not changed:
        return
    rights.need_for(known, one.parent, wanted, changed)
    for name in changed:
        setattr(one, name, wanted[name])
    one.full_clean()
    one.save()
    lineage_rebuild_below(one)
    register.organisations[one.name] = one
    if known:
        seen.organisations_changed.append(f"{one.name}: {', '.join(changed)}")
        return
    rights.made.add(one.pk)
    seen.organisations_new.append(one.name)
    if one.parent is None:
        member_enrol(operator=operator, organisation=one)
        seen.members_new.append(one.name)
