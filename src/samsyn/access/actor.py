"""Whoever is acting, and in which organisations what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from samsyn.access.permissions import Permission
from samsyn.kernel.errors import NotAllowed

Reach = Callable[[int, Permission], "QuerySet[Any]"]
Reached = Callable[[int], dict[Permission, frozenset[int]]]
_reach: dict[str, Any] = {}


def reach_by(reach: Reach, reached: Reached) -> None:
    """Register how a person reaches organisations. The organisations room does, once.

    Membership alone is not enough: an operator's people reach a member through an
    agreement, and access stands below the room that knows agreements.

    Args:
        reach: gives the ids for one permission, as a query.
        reached: gives the ids for all permissions, read in a few queries.

    """
    _reach["query"], _reach["ids"] = reach, reached


@dataclass(frozen=True)
class Actor:
    """Whoever is acting: a person, an API token of a person, or a named job.

    A job (``is_system``) acts everywhere; the trail carries its name. ``only`` narrows
    an API token to the permissions it was made for.
    """

    label: str
    person_id: int | None = None
    is_system: bool = False
    only: frozenset[Permission] | None = None
    language: str = "en"
    _known: dict[Permission, frozenset[int]] = field(
        default_factory=dict, compare=False, repr=False
    )

    _all: dict[Permission, bool] = field(default_factory=dict, compare=False, repr=False)

    def organisations(self, permission: Permission) -> QuerySet[Any]:
        """Return the ids of the organisations where the actor has the permission.

        It is a query, to be used as a sub-select: ten thousand organisations cost no
        more to write down than one.
        """
        every = apps.get_model("organisations", "Organisation").everything.values("pk")
        if self.only is not None and permission not in self.only:
            return every.none()
        if self.is_system:
            return every
        if self.person_id is None:
            return every.none()
        found: QuerySet[Any] = _reach["query"](self.person_id, permission)
        return found

    def organisation_ids(self, permission: Permission) -> frozenset[int]:
        """Return the same as ids, asked once per actor; for stores that know no sub-select."""
        if self.only is not None and permission not in self.only:
            return frozenset()
        if self.person_id is None or self.is_system:
            return frozenset(self.organisations(permission).values_list("pk", flat=True))
        if not self._known:
            self._known.update(_reach["ids"](self.person_id))
        return self._known.get(permission, frozenset())

    def sees_all(self, permission: Permission) -> bool:
        """Return whether there is no organisation where the actor lacks the permission.

        An analyst of the only operator mostly does; a query then needs no condition,
        and can follow an index in the order that the page shows.
        """
        if self.is_system and self.only is None:
            return True
        if permission not in self._all:
            every = apps.get_model("organisations", "Organisation").everything
            self._all[permission] = len(self.organisation_ids(permission)) == every.count()
        return self._all[permission]

    def may(self, permission: Permission, organisation_id: int | None) -> bool:
        """Return whether the actor has the permission in that organisation."""
        if self.person_id is None or self.is_system:
            return self.organisations(permission).filter(pk=organisation_id).exists()
        return organisation_id in self.organisation_ids(permission)

    def may_anywhere(self, permission: Permission) -> bool:
        """Return whether the actor has the permission in any organisation."""
        return bool(self.organisation_ids(permission))

    def require(self, permission: Permission, organisation_id: int) -> None:
        """Raise NotAllowed unless the actor has the permission there."""
        if not self.may(permission, organisation_id):
            raise NotAllowed(f"{permission} is needed")


NOBODY = Actor("nobody")


@lru_cache(maxsize=32)
def job_actor(name: str) -> Actor:
    """Return the actor of a named job; it acts everywhere and the trail says its name."""
    return Actor(f"job:{name}", is_system=True)
