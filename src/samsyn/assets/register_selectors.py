"""The register as a constituency file has it: as its rows, and in memory to compare a file with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from samsyn.access.actor import Actor
from samsyn.assets.models import Resource, Source
from samsyn.assets.rules import Difference, Fact, FileError
from samsyn.organisations.models import Contact, Organisation


def facts_kept(*, actor: Actor) -> list[Fact]:
    """Return what the register says, as the rows of a constituency file."""
    rows = Organisation.objects.visible_to(actor)
    resources = _by_organisation(
        Resource.objects.visible_to(actor)
        .filter(withdrawn_on__isnull=True)
        .select_related("operated_by")
        .order_by("kind", "value")
    )
    contacts = _by_organisation(Contact.objects.visible_to(actor).order_by("purpose", "email"))
    facts: list[Fact] = []
    for one in rows.select_related("parent").order_by("name"):
        facts += _facts_of(one, resources.get(one.pk, []), contacts.get(one.pk, []))
    return facts


def _by_organisation(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return found


def _facts_of(one: Organisation, resources: list[Resource], contacts: list[Contact]) -> list[Fact]:
    first = Fact(
        0,
        one.name,
        one.country,
        one.language,
        one.parent.name if one.parent else "",
        one.kind,
    )
    rows = [
        Fact(
            0,
            one.name,
            resource_type=r.kind,
            value=r.value,
            operated_by=r.operated_by.name if r.operated_by else "",
        )
        for r in resources
    ]
    rows += [Fact(0, one.name, contact_purpose=c.purpose, contact_email=c.email) for c in contacts]
    return [first, *rows]


@dataclass
class Register:
    """The register in memory while a file is compared with it."""

    organisations: dict[str, Organisation]
    resources: dict[tuple[int, str, str], Resource]
    contacts: set[tuple[int, str, str]]
    holders: dict[tuple[str, str], set[int]]

    @classmethod
    def read(cls, *, actor: Actor) -> Register:
        """Read what the actor may see; three queries however large it is."""
        organisations = {o.name: o for o in Organisation.objects.visible_to(actor)}
        resources = {
            (r.organisation_id, r.kind, r.value): r
            for r in Resource.objects.visible_to(actor).filter(withdrawn_on__isnull=True)
        }
        contacts = set(
            Contact.objects.visible_to(actor).values_list("organisation_id", "purpose", "email")
        )
        holders: dict[tuple[str, str], set[int]] = {}
        for owner, kind, value in resources:
            holders.setdefault((kind, value), set()).add(owner)
        return cls(organisations, resources, contacts, holders)

    def new_resources(self, facts: Iterable[Fact], seen: Difference) -> list[Resource]:
        """Return the resources to add, and note what changes and what is contested."""
        added = []
        for fact in facts:
            if not fact.resource_type:
                continue
            owner = self.organisations[fact.organisation]
            key = (owner.pk, fact.resource_type, fact.value)
            if key in self.resources:
                continue
            resource = Resource(
                organisation=owner,
                kind=fact.resource_type,
                value=fact.value,
                operated_by=self._host(fact),
                source=Source.IMPORT,
            )
            self.resources[key] = resource
            added.append(resource)
            seen.resources_new.append(f"{owner.name}: {fact.resource_type} {fact.value}")
            self._note_rivals(owner, fact, seen)
        return added

    def changed_hosts(self, facts: Iterable[Fact], seen: Difference) -> list[Resource]:
        """Return the known resources whose host the file changes."""
        changed = []
        for fact in facts:
            if not (fact.resource_type and fact.operated_by):
                continue
            owner = self.organisations[fact.organisation]
            resource = self.resources[(owner.pk, fact.resource_type, fact.value)]
            host = self._host(fact)
            if resource.pk and host and resource.operated_by_id != host.pk:
                resource.operated_by = host
                changed.append(resource)
                seen.resources_changed.append(f"{owner.name}: {fact.value} is run by {host.name}")
        return changed

    def new_contacts(self, facts: Iterable[Fact], seen: Difference) -> list[Contact]:
        """Return the contacts to add."""
        added = []
        for fact in facts:
            if not fact.contact_email:
                continue
            owner = self.organisations[fact.organisation]
            key = (owner.pk, fact.contact_purpose, fact.contact_email)
            if key in self.contacts:
                continue
            self.contacts.add(key)
            added.append(
                Contact(organisation=owner, purpose=fact.contact_purpose, email=fact.contact_email)
            )
            seen.contacts_new.append(f"{owner.name}: {fact.contact_purpose} {fact.contact_email}")
        return added

    def _host(self, fact: Fact) -> Organisation | None:
        if not fact.operated_by:
            return None
        if fact.operated_by not in self.organisations:
            raise FileError([f"row {fact.row}, operated_by: {fact.operated_by!r} is not known"])
        return self.organisations[fact.operated_by]

    def _note_rivals(self, owner: Organisation, fact: Fact, seen: Difference) -> None:
        holders = self.holders.setdefault((fact.resource_type, fact.value), set())
        if holders - {owner.pk}:
            names = {o.pk: o.name for o in self.organisations.values()}
            others = ", ".join(sorted(names[h] for h in holders - {owner.pk} if h in names))
            seen.contested.append(f"{fact.value}: {owner.name} and {others}")
        holders.add(owner.pk)
