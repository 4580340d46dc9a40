"""Take a constituency file: organisations, contacts and resources, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import as_rule_violation, command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.assets.claim_selectors import private_allowed
from samsyn.assets.models import HOST_FIELDS, Ground, Resource
from samsyn.assets.register_selectors import Register
from samsyn.assets.rights import ARRANGED, Rights
from samsyn.assets.rules import (
    ConstituencyFacts,
    ConstituencyRow,
    Difference,
    FileError,
    Wish,
    constituency_file,
    in_order,
    must_make_tree,
    problem_at,
    spelled,
    wishes,
)
from samsyn.assets.turns import lock_claims, require_room_for_file
from samsyn.audit.services import snapshot
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key, one_line
from samsyn.organisations.access_scope import agreements_over
from samsyn.organisations.countries import language_of
from samsyn.organisations.models import Contact, Organisation, OrganisationKind, Service
from samsyn.organisations.parting import Pairs, follow_parting
from samsyn.organisations.placing import must_be_served
from samsyn.organisations.services import LEVELS_MAX, lineage_rebuild_below
from samsyn.organisations.serving import member_enrol

FOR_ALL = "the file tells of the operator's whole constituency"
NAME_MOST = 100


def constituency_import(
    *, actor: Actor, operator: Organisation, content: bytes, dry_run: bool = False, name: str = ""
) -> Difference:
    """Take a constituency file, all or nothing, or only show what it would change.

    Args:
        actor: who imports it.
        operator: whose members it tells of.
        content: the file.
        dry_run: only show; nothing is written but that somebody has looked.
        name: of the file, which a refusal then names.

    Raises:
        RuleViolation: the file cannot be taken; every problem names row and column.

    """
    if dry_run:
        return constituency_preview(actor=actor, operator=operator, content=content, name=name)
    return constituency_take(actor=actor, operator=operator, content=content, name=name)


@command(Permission.ORGANISATIONS_ARRANGE, name="assets.constituency_import")
@beyond_scope(FOR_ALL)
def constituency_take(
    *, actor: Actor, operator: Organisation, content: bytes, name: str = ""
) -> Difference:
    """Take a constituency file, all or nothing.

    What it says of resources is confirmed on the ground "imported list", unless others have it:
    then the file has to say why, and it is a request. It changes resources only where the actor
    may change them.

    New organisations without a parent become members of the operator from today; those
    below a member are covered by its agreement. The file changes nothing that the actor
    may not change with a form, and each thing has its entry in the trail as with a form.

    Raises:
        RuleViolation: the file cannot be taken; every problem names row and column.

    """
    try:
        with transaction.atomic():
            return _Taking(actor, operator).import_file(_read(operator, content))
    except FileError as error:
        raise _refusal(error, name) from error


@command(Permission.ORGANISATIONS_ARRANGE, atomic=False)
@beyond_scope(FOR_ALL)
def constituency_preview(
    *, actor: Actor, operator: Organisation, content: bytes, name: str = ""
) -> Difference:
    """Show what a constituency file would change.

    Nobody who writes waits for it, unless the file moves organisations that are there already:
    what follows from a move is found by moving, and undone.

    Raises:
        RuleViolation: the file cannot be taken; every problem names row and column.

    """
    try:
        file = _read(operator, content)
        try:
            seen = _Taking(actor, operator, is_trial=True).import_file(file)
        except _Moves:
            with transaction.atomic():
                seen = _Taking(actor, operator).import_file(file)
                transaction.set_rollback(True)
    except FileError as error:
        raise _refusal(error, name) from error
    seen.touched, seen.is_trial = [], True  # the trail tells of no change
    return seen


class _Moves(Exception):
    """The file moves an organisation that is there already."""


def _refusal(error: FileError, name: str) -> RuleViolation:
    about = [_("The file %s is not imported:") % one_line(name)[:NAME_MOST]] if name else []
    return RuleViolation("\n".join([*about, str(error)]), field="file")


def _read(operator: Organisation, content: bytes) -> ConstituencyFacts:
    if not operator.is_operator:
        raise RuleViolation(_("Only a security centre has members."))
    return constituency_file(content, private=private_allowed())


@dataclass
class _Taking:
    """Takes one file; as a trial it writes nothing, and new organisations have no number yet."""

    actor: Actor
    operator: Organisation
    is_trial: bool = False
    seen: Difference = field(default_factory=Difference)
    problems: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def import_file(self, file: ConstituencyFacts) -> Difference:
        """Return what has changed, or would.

        Raises:
            FileError: names what is wrong, with row and column.
            _Moves: it is a trial, and the file moves what is there.

        """
        self.rights = Rights(self.actor)
        self.register = Register.read(actor=self.actor)
        facts = spelled(file.facts, self.register.organisations)
        found = wishes(facts)
        if not self.is_trial:
            lock_claims()  # before the trail, which every claim takes after this
        _require_own_centre(found, self.operator, self.register)
        _require_possible(found, self.register)
        moved = self._organisations(in_order(found, self.register.organisations))
        if not self.is_trial:
            self.seen.waiting += follow_parting(self.actor, _place(moved, self.register))
        self._import_facts(facts, found)
        self.seen.notes += file.notes
        return self.seen

    def _organisations(self, wanted: list[Wish]) -> list[Wish]:
        """Take each organisation; return those whose place is another now."""
        moved = [wish for wish in wanted if self._is_moved(wish)]
        if self.problems:
            raise FileError(self.problems)
        return moved

    def _is_moved(self, wish: Wish) -> bool:
        if wish.parent in self.failed:  # its own row is not what is wrong
            self.failed.add(wish.name)
            return False
        try:
            return self._organisation(wish)
        except ValidationError as error:
            refused = as_rule_violation(error)
        except RuleViolation as error:
            refused = error
        self.failed.add(wish.name)
        self.problems.append(wish.problem(refused.field or "organisation", str(refused)))
        return False

    def _organisation(self, wish: Wish) -> bool:
        """Take what the file says of one; return whether its place is another now."""
        known = self.register.organisations.get(wish.name)
        one = known or Organisation(name=wish.name, kind=OrganisationKind.MUNICIPALITY)
        parent = self.register.organisations.get(wish.parent) if wish.parent else one.parent
        wanted = {**wish.fields, "parent": parent}
        if known is None:
            wanted.setdefault("language", language_of(wish.fields.get("country", one.country)))
        before = snapshot(one) if known else None
        left, was = one.parent, {name: getattr(one, name) for name in wanted}
        for name, value in wanted.items():
            setattr(one, name, value)
        one.clean_fields(exclude={"parent"})  # a number has its one form now
        changed = [name for name in wanted if getattr(one, name) != was[name]]
        if known and not changed:
            return False
        is_moved = not ARRANGED.isdisjoint(changed)
        if known and is_moved and self.is_trial:
            raise _Moves
        self._require(known, left, wanted, changed, was)
        self._write_organisation(one)
        self.seen.touched.append((one, before))
        if known:
            fields = {field.name: field.verbose_name for field in one._meta.concrete_fields}
            named = ", ".join(str(fields[name]) for name in changed)
            self.seen.organisations_changed.append(f"{one.name}: {named}")
            return is_moved
        self._made(one)
        return True

    def _require(
        self,
        known: Organisation | None,
        left: Organisation | None,
        wanted: dict[str, object],
        changed: list[str],
        was: dict[str, object],
    ) -> None:
        """Require what a form would, of the organisation as it was before."""
        if known is not None:
            for name, value in was.items():
                setattr(known, name, value)
        try:
            self.rights.need_for(known, left, wanted, changed)
        finally:
            if known is not None:
                for name, value in wanted.items():
                    setattr(known, name, value)

    def _write_organisation(self, one: Organisation) -> None:
        self.register.take_number(one)
        one.full_clean(exclude={"parent"} if self.is_trial else None)
        if not self.is_trial:
            one.save()
        elif one.pk is None:
            one.pk = -1 - len(self.register.made)  # a number that none has
        self.register.organisations[one.name] = one

    def _made(self, one: Organisation) -> None:
        self.rights.made.add(one.pk)
        self.register.made.add(one.pk)
        self.seen.organisations_new.append(one.name)
        if one.parent is None:
            self.seen.members_new.append(one.name)
            if not self.is_trial:
                member_enrol(actor=self.actor, operator=self.operator, organisation=one)
        elif self.is_trial and not self._is_served(one.parent):
            raise _Moves  # only its place in the tree tells who serves it

    def _is_served(self, parent: Organisation) -> bool:
        """Return whether a CSIRT, which covers all that is below, is sure to serve it."""
        if parent.pk in self.register.made:
            return True
        return agreements_over(parent).filter(service=Service.CSIRT).exists()

    def _import_facts(self, facts: list[ConstituencyRow], found: dict[str, Wish]) -> None:
        contacts = self.register.new_contacts(facts, self.seen)
        self.rights.need_own(
            Permission.ORGANISATIONS_CHANGE, [one.organisation for one in contacts]
        )
        self.rights.check(found)
        self.register.prepare_claims()
        resources = self.register.new_resources(facts, self.seen)
        require_room_for_file(resources, contacts)
        changed = self.register.changed_hosts(facts, self.seen)
        self.register.check()
        if self.is_trial:
            return
        for resource in resources:
            if resource.operated_by_id is not None:
                resource.run_by(resource.operated_by, by=self.actor.label, kind=Ground.IMPORT)
        resources = Resource.objects.none().bulk_create(resources)
        for resource, before in changed:
            resource.run_by(resource.operated_by, by=self.actor.label, kind=Ground.IMPORT)
            resource.save(update_fields=HOST_FIELDS)
            self.seen.touched.append((resource, before))
        contacts = Contact.objects.none().bulk_create(contacts)
        self.seen.touched += [(one, None) for one in [*resources, *contacts]]


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
            problems.append(wish.problem("kind", words))
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
            problems.append(wish.problem("parent", f"{wish.name}. {error}"))
    if problems:
        raise FileError(problems)
    return parted
