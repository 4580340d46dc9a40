"""What a constituency file would change, held against what the actor may change with a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.assets.rules import FileError, Wish, problem_at
from samsyn.organisations.models import Organisation, OrganisationKind
from samsyn.organisations.placing import must_fit, must_stay_whole
from samsyn.organisations.sharing import must_be_its_own, must_not_be_shared, must_not_grow_shared

ARRANGED = frozenset({"kind", "parent"})


@dataclass
class Rights:
    """Collects what the actor may not change, so that all of it is named at once.

    ``made`` holds the ids of organisations that the file itself has just created.
    """

    actor: Actor
    made: set[int] = field(default_factory=set)
    lacking: dict[str, None] = field(default_factory=dict)

    def need(self, permission: Permission, one: Organisation) -> None:
        """Note an organisation where the actor lacks a permission."""
        if one.pk not in self.made and not self.actor.may(permission, one.pk):
            self.lacking[one.name] = None

    def need_all(self, permission: Permission, some: Iterable[Organisation]) -> None:
        """Note each organisation where the actor lacks a permission."""
        for one in some:
            self.need(permission, one)

    def need_own(self, permission: Permission, some: Iterable[Organisation]) -> None:
        """Note each organisation where the actor lacks a permission, once.

        Raises:
            RuleViolation: two operators are the CSIRT of one; the actor works for one of them.

        """
        for one in {one.pk: one for one in some}.values():
            self.need(permission, one)
            if one.pk not in self.made:
                must_be_its_own(self.actor, permission, one)

    def need_for(
        self,
        known: Organisation | None,
        left: Organisation | None,
        wanted: dict[str, Any],
        changed: list[str],
    ) -> None:
        """Note what a new or changed organisation takes: both sides of a new parent, too.

        Raises:
            RuleViolation: kind and parent do not fit each other.

        """
        is_arranged = known is None or not ARRANGED.isdisjoint(changed)
        if is_arranged:
            self._need_to_arrange(known, left, wanted)
        if known is not None and not ARRANGED.issuperset(changed):
            self.need(Permission.ORGANISATIONS_CHANGE, known)

    def _need_to_arrange(
        self, known: Organisation | None, left: Organisation | None, wanted: dict[str, Any]
    ) -> None:
        kind = wanted.get("kind", known.kind if known else OrganisationKind.MUNICIPALITY)
        if known is not None and known.is_operator:
            self.lacking[known.name] = None  # a security centre stays what and where it is
            return
        must_fit(kind, wanted["parent"])
        if known is not None:
            must_stay_whole(self.actor, known, kind, wanted["parent"])
            must_not_be_shared(self.actor, known, wanted["parent"])
        elif wanted["parent"] is not None and wanted["parent"].pk not in self.made:
            must_not_grow_shared(self.actor, wanted["parent"])
        concerned = [one for one in (known, left, wanted["parent"]) if one is not None]
        self.need_all(Permission.ORGANISATIONS_ARRANGE, concerned)

    def check(self, found: Mapping[str, Wish]) -> None:
        """Refuse the file if anything is lacking.

        Raises:
            FileError: names every organisation that the actor may not change so.

        """
        if self.lacking:
            said = _("You may not change this here: %s")
            rows = {name: found[name].row if name in found else 0 for name in self.lacking}
            raise FileError(
                [
                    problem_at(row, "organisation", said % name) if row else said % name
                    for name, row in rows.items()
                ]
            )
