"""Whoever is acting, and in which organisations what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from samsyn.access.permissions import Permission, lacking
from samsyn.access.rows import beyond_scope


@dataclass(frozen=True)
class AccessScope:
    """The organisations where a person has each permission, and how many there are in all.

    ``home`` holds those of ``ids`` that follow from a role in the organisation itself,
    rather than from an agreement that the person serves it by. ``staffed`` holds the operators
    whose people the person is among, with their units.
    """

    ids: dict[Permission, frozenset[int]]
    organisations: int
    home: dict[Permission, frozenset[int]]
    staffed: frozenset[int] = frozenset()

    @cached_property
    def key(self) -> Hashable:
        """A cache key: equal for all who have the same permissions in the same organisations."""
        return (self.organisations, frozenset(self.ids.items()))


ScopeQuery = Callable[[int, Permission], "QuerySet[Any]"]
ScopeReader = Callable[[int], AccessScope]
Holders = Callable[[int, Permission], "QuerySet[Any]"]
Shared = Callable[[int], bool]
Serving = Callable[..., frozenset[int]]
LISTED_MOST = 500  # up to here a list of ids is planned better; beyond, it is a sub-select
_registered: dict[str, Any] = {}


def register_access_scope(
    query: ScopeQuery, ids: ScopeReader, holders: Holders, shared: Shared, serving: Serving
) -> None:
    """Register how the scope of a person is found. The organisations room does, once.

    Membership alone is not enough: an operator's people have access to a member through an
    agreement, and this room stands below the one that knows agreements.

    Args:
        query: gives the ids for one permission, as a query.
        ids: gives the ids for all permissions, read in one query.
        holders: gives the ids of the people who have a permission in an organisation by
            a role in it, not by an agreement.
        shared: says whether several operators are the CSIRT of an organisation.
        serving: gives the ids of the operators that serve an organisation, or offer to as well.

    """
    _registered["query"], _registered["ids"], _registered["holders"] = query, ids, holders
    _registered["shared"], _registered["serving"] = shared, serving


def holders_of(organisation_id: int, permission: Permission) -> QuerySet[Any]:
    """Return the ids of the people with a permission in an organisation by a role in it."""
    found: QuerySet[Any] = _registered["holders"](organisation_id, permission)
    return found


def is_shared(organisation_id: int) -> bool:
    """Return whether several operators are the CSIRT of an organisation."""
    found: bool = _registered["shared"](organisation_id)
    return found


def operators_over(organisation_id: int, *, offered: bool = False) -> frozenset[int]:
    """Return the ids of the operators that serve an organisation; with those that offer to."""
    found: frozenset[int] = _registered["serving"](organisation_id, offered=offered)
    return found


@dataclass(frozen=True)
class Actor:
    """Whoever is acting: a person, an API token of a person, or a named job.

    A job (``is_system``) acts everywhere; the trail carries its name. ``only`` narrows
    an API token to the permissions it was made for; ``token_id`` says which token it is.
    """

    label: str
    person_id: int | None = None
    is_system: bool = False
    only: frozenset[Permission] | None = None
    language: str = "en"
    token_id: int | None = None
    chosen: int | None = None  # the organisation that a person looks as, if they chose one
    _known: list[AccessScope] = field(default_factory=list, compare=False, repr=False)

    def organisations(self, permission: Permission) -> QuerySet[Any]:
        """Return the ids of the organisations where the actor has the permission.

        It is a query, to be used as a sub-select: ten thousand organisations cost no
        more to write down than one.
        """
        organisation = apps.get_model("organisations", "Organisation")
        every = organisation.unscoped.values("pk")  # scope: it is the scope that is made here
        if self.only is not None and permission not in self.only:
            return every.none()
        if self.is_system:
            return every
        if self.person_id is None:
            return every.none()
        found: QuerySet[Any] = _registered["query"](self.person_id, permission)
        return found

    def organisation_ids(self, permission: Permission) -> frozenset[int]:
        """Return the same as ids, asked once per actor; for stores that know no sub-select."""
        if self.only is not None and permission not in self.only:
            return frozenset()
        if self.person_id is None or self.is_system:
            return self._ids_everywhere(permission)
        return self._scope(self.person_id).ids.get(permission, frozenset())

    @beyond_scope("a job or a signed link is known by its name, not by memberships")
    def _ids_everywhere(self, permission: Permission) -> frozenset[int]:
        return frozenset(self.organisations(permission).values_list("pk", flat=True))

    def organisations_with(self, permission: Permission) -> Any:
        """Return the organisations with the permission: ids, or a sub-select if there are many."""
        allowed = self.organisation_ids(permission)
        return allowed if len(allowed) <= LISTED_MOST else self.organisations(permission)

    def sees_all(self, permission: Permission) -> bool:
        """Return whether there is no organisation where the actor lacks the permission.

        An analyst of the only operator mostly does; a query then needs no condition,
        and can follow an index in the order that the page shows.
        """
        if self.person_id is None or self.is_system:
            return self.is_system and self.only is None
        allowed = self.organisation_ids(permission)
        return len(allowed) == self._scope(self.person_id).organisations

    def permissions_key(self) -> Hashable:
        """Return a cache key of the actor's permissions: equal for all who have the same."""
        if self.person_id is None or self.is_system:
            return (self.is_system, self.only)
        return (self.only, self._scope(self.person_id).key)

    @beyond_scope("the scope cannot be read within the scope")
    def _scope(self, person_id: int) -> AccessScope:
        """Return the scope, read once; an actor lives no longer than a request."""
        if not self._known:
            self._known.append(_registered["ids"](person_id))
        return self._known[0]

    def may(self, permission: Permission, organisation_id: int | None) -> bool:
        """Return whether the actor has the permission in that organisation."""
        if self.person_id is None or self.is_system:
            with beyond_scope("a job or a signed link is known by its name, not by memberships"):
                return self.organisations(permission).filter(pk=organisation_id).exists()
        return organisation_id in self.organisation_ids(permission)

    def may_at_home(self, permission: Permission, organisation_id: int | None) -> bool:
        """Return whether a role in the organisation itself gives the permission there.

        False for whoever serves the organisation by an agreement; a job has no home.
        """
        if self.person_id is None or not self.may(permission, organisation_id):
            return False
        return organisation_id in self._scope(self.person_id).home.get(permission, frozenset())

    def is_at_home(self, organisation_id: int) -> bool:
        """Return whether a person holds a role in an organisation, or where it is a part."""
        if self.person_id is None or self.is_system:
            return False
        home = self._scope(self.person_id).home  # every role gives this permission
        return organisation_id in home.get(Permission.ORGANISATIONS_VIEW, frozenset())

    def is_from_outside(self, organisation_id: int) -> bool:
        """Return whether what a person reads of an organisation is put on record there.

        It is, unless they hold a role in it; and also then, if they work for an operator that
        serves it: a small role of their own does not hide what they see by the agreement.
        """
        if self.person_id is None or self.is_system:
            return False
        staffed = self._scope(self.person_id).staffed
        if not self.is_at_home(organisation_id):
            return True
        if not staffed or organisation_id in staffed:
            return False
        return not staffed.isdisjoint(operators_over(organisation_id))

    @property
    def has_role(self) -> bool:
        """Return whether a person has any permission anywhere, whatever a token was made for."""
        if self.person_id is None or self.is_system:
            return self.is_system
        return any(self._scope(self.person_id).ids.values())

    def may_anywhere(self, permission: Permission) -> bool:
        """Return whether the actor has the permission in any organisation."""
        return bool(self.organisation_ids(permission))

    def require(self, permission: Permission, organisation_id: int) -> None:
        """Raise NotAllowed unless the actor has the permission there."""
        if not self.may(permission, organisation_id):
            raise lacking(permission)


NOBODY = Actor("nobody")


@lru_cache(maxsize=32)
def job_actor(name: str) -> Actor:
    """Return the actor of a named job; it acts everywhere and the trail says its name."""
    return Actor(f"job:{name}", is_system=True)
