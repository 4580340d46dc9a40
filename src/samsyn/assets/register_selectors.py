"""The register as a constituency file has it: as its rows, and in memory to compare a file with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.letters import InReadersOrder
from samsyn.access.permissions import Permission
from samsyn.assets.claim_selectors import WAITING, holdings, limits
from samsyn.assets.models import ClaimState, Ground, Overlap, Resource, ResourceSource
from samsyn.assets.rules import (
    ClaimReason,
    ClaimVerdict,
    ConstituencyRow,
    Difference,
    FileError,
    Held,
    Holdings,
    judge,
    problem_at,
    unknown_name,
)
from samsyn.audit.services import snapshot
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact, Lineage, Organisation, OrganisationKind
from samsyn.organisations.sharing import confirms, must_be_its_own

NAMES_MOST = 5  # organisations that a message names


def facts_kept(*, actor: Actor) -> list[ConstituencyRow]:
    """Return what the register says, as the rows of a constituency file; no requests."""
    rows = Organisation.objects.visible_to(actor)
    resources = _by_organisation(
        Resource.objects.visible_to(actor)
        .filter(withdrawn_on__isnull=True, state=ClaimState.CONFIRMED)
        .select_related("operated_by")
        .order_by("kind", "value")
    )
    contacts = _by_organisation(Contact.objects.visible_to(actor).order_by("purpose", "email"))
    facts: list[ConstituencyRow] = []
    for one in rows.select_related("parent").order_by(InReadersOrder("name")):
        facts += _facts_of(one, resources.get(one.pk, []), contacts.get(one.pk, []))
    return facts


def _by_organisation(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return found


def _facts_of(
    one: Organisation, resources: list[Resource], contacts: list[Contact]
) -> list[ConstituencyRow]:
    first = ConstituencyRow(
        0,
        one.name,
        one.country,
        one.language,
        one.parent.name if one.parent else "",
        one.kind,
        organisation_number=one.organisation_number_shown,
        municipality_code=one.municipality_code,
        population="" if one.population is None else str(one.population),
    )
    rows = [
        ConstituencyRow(
            0,
            one.name,
            resource_type=r.kind,
            value=r.value,
            operated_by=r.operated_by.name if r.operated_by else "",
            overlap=r.overlap,
        )
        for r in resources
    ]
    rows += [
        ConstituencyRow(0, one.name, contact_purpose=c.purpose, contact_email=c.email)
        for c in contacts
    ]
    return [first, *rows]


def _wrong_in(contact: Contact, fact: ConstituencyRow) -> list[str]:
    """Return what the form would refuse in a contact; it is written as the form writes it."""
    try:
        contact.clean_fields(exclude={"organisation"})
    except ValidationError as error:
        return [
            problem_at(fact.row, f"contact_{name}", " ".join(dict.fromkeys(said)))
            for name, said in error.message_dict.items()
        ]
    return []


@dataclass
class Register:
    """The register in memory while a file is compared with it.

    ``made`` are the organisations that the file itself has added: the importer answers for them.
    """

    actor: Actor
    organisations: dict[str, Organisation]
    contacts: set[tuple[int, str, str]]
    resources: dict[tuple[int, str, str], Resource] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    enlarged: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)  # where the importer may name hosts
    holdings: Holdings = field(default_factory=Holdings)
    asked: Holdings = field(default_factory=Holdings)
    lines: dict[int, set[int]] = field(default_factory=dict)
    allowed: dict[tuple[Permission, int], bool] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int | None] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)  # numbers of what the file adds
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, *, actor: Actor) -> Register:
        """Read what the actor may see; three queries however large it is."""
        organisations = {o.name: o for o in Organisation.objects.visible_to(actor)}
        rows = Contact.objects.visible_to(actor)
        contacts = {
            (owner, purpose, email.lower())
            for owner, purpose, email in rows.values_list("organisation_id", "purpose", "email")
        }
        register = cls(actor, organisations, contacts)
        every = Organisation.unscoped.exclude(  # scope: a number is taken for everybody
            organisation_number=""
        )
        for pk, country, number in every.values_list("pk", "country", "organisation_number"):
            register.numbers[(country, number)] = pk
        return register

    def take_number(self, one: Organisation) -> None:
        """Give an organisation its number, if no other has it.

        Raises:
            RuleViolation: another has, in the register or in the file.

        """
        if one.organisation_number:
            key = (one.country, one.organisation_number)
            if self.numbers.setdefault(key, one.pk) != one.pk or key in self.taken:
                said = _("Another organisation already has this organisation number.")
                raise RuleViolation(said, field="organisation_number")
            if one.pk is None:
                self.taken.add(key)

    def check(self) -> None:
        """Refuse the file if anything in it is wrong.

        Raises:
            FileError: names row and column of all that is.

        """
        if self.problems:
            raise FileError(self.problems)

    def prepare_claims(self) -> None:
        """Read the claims, and what they are judged by, when the organisations are in place."""
        self.resources = {
            (r.organisation_id, r.kind, r.value): r
            for r in Resource.objects.visible_to(self.actor).filter(withdrawn_on__isnull=True)
        }
        self.holdings = holdings()
        self.asked = holdings(states=WAITING, is_seen=False)
        pairs = Lineage.objects.filter(same_entity=True).values_list("ancestor", "descendant")
        for above, below in pairs:
            self._join(above, below)
        for pk in self.made:  # in a trial they have no lineage yet
            self._join_above(pk)

    def _join_above(self, pk: int) -> None:
        by_pk = {one.pk: one for one in self.organisations.values() if one.pk in self.made}
        at = by_pk.get(pk)
        while at is not None and at.kind == OrganisationKind.UNIT and at.parent is not None:
            self._join(at.parent.pk, pk)
            at = at.parent

    def _join(self, above: int, below: int) -> None:
        self.lines.setdefault(above, {above}).add(below)
        self.lines.setdefault(below, {below}).add(above)

    def new_resources(self, facts: Iterable[ConstituencyRow], seen: Difference) -> list[Resource]:
        """Return the resources to add, and note what changes and what others have."""
        added = []
        for fact in facts:
            if not fact.resource_type:
                continue
            owner = self.organisations[fact.organisation]
            key = (owner.pk, fact.resource_type, fact.value)
            if key in self.resources:
                continue
            self._require(Permission.RESOURCES_CHANGE, owner, fact)
            resource = self._claim(owner, fact, seen)
            self.resources[key] = resource
            added.append(resource)
            self._enlarged(owner, seen)
            seen.resources_new.append(f"{owner.name}: {fact.resource_type} {fact.value}")
        return added

    def changed_hosts(
        self, facts: Iterable[ConstituencyRow], seen: Difference
    ) -> list[tuple[Resource, dict[str, Any]]]:
        """Return the known resources whose host the file changes, each with what it was."""
        changed = []
        for fact in facts:
            if not (fact.resource_type and fact.operated_by):
                continue
            owner = self.organisations[fact.organisation]
            resource = self.resources[(owner.pk, fact.resource_type, fact.value)]
            host = self._host(fact)
            if resource.pk and host and resource.operated_by_id != host.pk:
                self._require(Permission.RESOURCES_CHANGE, owner, fact)
                self._require_host(owner, host, fact)
                changed.append((resource, snapshot(resource)))
                resource.operated_by = host
                if resource.host_asked_id == host.pk:
                    resource.host_asked = None
                words = {"owner": owner.name, "value": fact.value, "host": host.name}
                seen.resources_changed.append(_("%(owner)s: %(value)s is run by %(host)s") % words)
        return changed

    def new_contacts(self, facts: Iterable[ConstituencyRow], seen: Difference) -> list[Contact]:
        """Return the contacts to add, each such that it could have been added with the form.

        Raises:
            FileError: names row and column of each that could not.

        """
        added = []
        problems: list[str] = []
        for fact in facts:
            if not fact.contact_email:
                continue
            owner = self.organisations[fact.organisation]
            one = Contact(
                organisation=owner, purpose=fact.contact_purpose, email=fact.contact_email
            )
            problems += _wrong_in(one, fact)
            key = (owner.pk, one.purpose, one.email.lower())
            if key in self.contacts:
                continue
            self.contacts.add(key)
            added.append(one)
            self._enlarged(owner, seen)
            seen.contacts_new.append(f"{owner.name}: {one.purpose} {one.email}")
        if problems:
            raise FileError(problems)
        return added

    def _enlarged(self, owner: Organisation, seen: Difference) -> None:
        """Say of an organisation that it is there already, once."""
        if owner.pk not in self.made and owner.pk not in self.enlarged:
            self.enlarged.add(owner.pk)
            seen.enlarged.append(f"{owner.name}: {owner.get_kind_display()}, {owner.country}")

    def _claim(self, owner: Organisation, fact: ConstituencyRow, seen: Difference) -> Resource:
        """Return a new claim: confirmed by the list, unless something speaks against it."""
        kind, value = fact.resource_type, fact.value
        host = self._host(fact)
        if host is not None:
            self._require_host(owner, host, fact)
        resource = Resource(
            organisation=owner,
            kind=kind,
            value=value,
            operated_by=host,
            source=ResourceSource.IMPORT,
            registered_by=self.actor.label[:200],
            registered_at=timezone.now(),
        )
        verdict = judge(
            kind,
            value,
            line=frozenset(self.lines.get(owner.pk, {owner.pk})),
            holdings=self.holdings,
            limits=limits(),
            owner=owner.pk,
            asked=self.asked,
        )
        if ClaimReason.OVERLAP in verdict.reasons:
            self._require_reason(owner, fact, verdict)
            resource.overlap = fact.overlap
        if verdict.is_opposed or not self._may(Permission.RESOURCES_CONFIRM, owner):
            resource.reasons = ",".join(verdict.reasons)
            self.asked.add(Held(kind, value, owner.pk, 0))
            where = seen.contested if verdict.rivals or verdict.asked else seen.waiting
            where.append(self._contest(owner, fact, verdict))
            return resource
        resource.confirm(kind=Ground.IMPORT, ground="", by=self.actor.label, at=timezone.now())
        self.holdings.add(Held(kind, value, owner.pk, 0))
        return resource

    def _contest(self, owner: Organisation, fact: ConstituencyRow, verdict: ClaimVerdict) -> str:
        others = [each.name for each in self._others(verdict)]
        why = f" – {Overlap(fact.overlap).label}" if fact.overlap else ""
        return f"{fact.value}: {', '.join([owner.name, *sorted(others)])}{why}"

    def _others(self, verdict: ClaimVerdict) -> list[Organisation]:
        """Return the organisations whose claims a claim meets, as far as the actor sees them."""
        met = {claim.organisation_id for claim in (*verdict.rivals, *verdict.asked)}
        return [one for one in self.organisations.values() if one.pk in met]

    def _require_reason(
        self, owner: Organisation, fact: ConstituencyRow, verdict: ClaimVerdict
    ) -> None:
        """Note a claim that meets another's, where the file does not say why it does."""
        if fact.overlap:
            return
        names = sorted(one.name for one in self._others(verdict) if one.pk != owner.pk)
        said = _(
            "It, or a part of it, is claimed already by %(others)s. Say why in the column"
            " %(column)s: %(words)s."
        )
        others = ", ".join(names[:NAMES_MOST]) or _("another organisation")
        if len(names) > NAMES_MOST:
            others = f"{others}, …"
        values = {"others": others, "column": "overlap", "words": ", ".join(Overlap.values)}
        self.problems.append(problem_at(fact.row, "value", said % values))

    def _host(self, fact: ConstituencyRow) -> Organisation | None:
        if not fact.operated_by:
            return None
        found = self.organisations.get(fact.operated_by)
        if found is None:
            self._problem(unknown_name(fact.row, "operated_by", fact.operated_by))
        return found

    def _problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def _require_host(self, owner: Organisation, host: Organisation, fact: ConstituencyRow) -> None:
        """Require that the importer confirms for both sides, unless they are one legal entity.

        Where two operators are the owner's CSIRT, its own people name the host.
        """
        self._require_own(owner, fact)
        if host.pk not in self.lines.get(owner.pk, {owner.pk}):
            self._require(Permission.RESOURCES_CONFIRM, owner, fact)
            self._require(Permission.RESOURCES_CONFIRM, host, fact)

    def _require_own(self, owner: Organisation, fact: ConstituencyRow) -> None:
        if owner.pk in self.made or owner.pk in self.own:
            return
        try:
            must_be_its_own(self.actor, Permission.RESOURCES_CHANGE, owner)
        except RuleViolation as error:
            self._problem(problem_at(fact.row, "operated_by", str(error)))
        self.own.add(owner.pk)

    def _may(self, permission: Permission, whose: Organisation) -> bool:
        """Return whether the importer may; asked once for each organisation."""
        key = (permission, whose.pk)
        if key not in self.allowed:
            self.allowed[key] = whose.pk in self.made or self._holds(permission, whose)
        return self.allowed[key]

    def _holds(self, permission: Permission, whose: Organisation) -> bool:
        if permission == Permission.RESOURCES_CONFIRM:
            return confirms(self.actor, whose.pk)
        return self.actor.may(permission, whose.pk)

    def _require(self, permission: Permission, whose: Organisation, fact: ConstituencyRow) -> None:
        if not self._may(permission, whose):
            said = _("you may not change the resources of %s")
            self._problem(problem_at(fact.row, "organisation", said % whose.name))
