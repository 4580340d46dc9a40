"""The people that a visitor of the demonstration can be."""

from __future__ import annotations

from typing import Any

from samsyn.access.models import Person
from samsyn.access.rows import beyond_scope
from samsyn.access.selectors import own_memberships
from samsyn.content.packs import localised, pack

PACKS = ("demonstration/people.yaml", "demonstration/dialogue.yaml")


@beyond_scope("the people of the demonstration are there to be chosen")
def demonstration_people(language: str) -> list[dict[str, Any]]:
    """Return the cards of the demonstration's people, in the order of its pack."""
    known = {p.email: p for p in Person.objects.filter(is_active=True)}
    cards = []
    entries = [entry for name in PACKS for entry in pack(name)["people"]]
    for entry in entries:
        person = known.get(entry["email"])
        memberships = own_memberships(person.pk) if person else []
        if person and memberships:
            cards.append(
                {
                    "pk": person.pk,
                    "name": person.name,
                    "initials": person.initials,
                    "role": memberships[0].get_role_display(),
                    "organisation": memberships[0].organisation.name,
                    "about": localised(entry["about"], language),
                }
            )
    return cards
