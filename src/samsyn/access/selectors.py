from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.letters import InReadersOrder
from samsyn.access.models import ApiToken, Membership, Person, RoleOffer
from samsyn.access.naming import signed
from samsyn.access.permissions import OPERATOR_ROLES, Permission
from samsyn.kernel.errors import NotFound


def actor_of(person: Person, *, chosen: int | None = None) -> Actor:
    """Return the actor that this person is, looking as the organisation that they chose."""
    label = signed(person.name, person.email)
    return Actor(label, person_id=person.pk, language=person.language, chosen=chosen)


def actor_named(name: str) -> Actor:
    """Return the actor of a person, named as for ``person_named``."""
    return actor_of(person_named(name))


def person_named(name: str) -> Person:
    """Return the person with this address; else its first part, this name or first name.

    Whoever invites people chooses their names and addresses: only a whole address is surely one
    person's. Nobody comes before another who could be meant as well.

    Raises:
        NotFound: nobody is called so, or more than one is.

    """
    people = Person.objects.filter(is_active=True)
    meant = Q(email__istartswith=f"{name}@") | Q(name__iexact=name)
    meant |= Q(name__istartswith=f"{name} ")
    found = list(people.filter(email__iexact=name)) or list(people.filter(meant)[:2])
    if len(found) != 1:
        several = _("More than one person is called %s. Give the whole e-mail address.")
        nobody = _("Nobody is called %s. Give the whole e-mail address.")
        raise NotFound((several if found else nobody) % name)
    return found[0]


def token_named(secret: str) -> ApiToken | None:
    """Return the token with this secret, whether or not it still opens anything."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return ApiToken.objects.select_related("person").filter(digest=digest).first()


def actor_of_token(token: ApiToken) -> Actor:
    """Return the actor that an API token speaks for."""
    only = None if token.only is None else frozenset(Permission(p) for p in token.only)
    person = token.person
    label = signed(person.name, person.email, token=token.name)
    return Actor(label, person_id=person.pk, only=only, language=person.language, token_id=token.pk)


def membership_list(*, actor: Actor, organisation_id: int | None = None) -> QuerySet[Membership]:
    """Return who holds which role, in the organisations whose people the actor may see."""
    rows = Membership.objects.visible_to(actor).filter(ended_on__isnull=True)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return rows.select_related("person", "organisation")


def role_offers_to(*, actor: Actor) -> QuerySet[RoleOffer]:
    """Return the roles that are offered to the actor and wait for an answer."""
    rows = RoleOffer.unscoped.filter(  # scope: one's own
        person_id=actor.person_id or 0, answer=""
    )
    return rows.select_related("organisation", "offered_by").order_by("pk")


def role_offers_at(*, actor: Actor, organisation_id: int | None = None) -> QuerySet[RoleOffer]:
    """Return the roles that wait for an answer, where the actor may see the people."""
    rows = RoleOffer.objects.visible_to(actor).filter(answer="")
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return rows.select_related("organisation")


def person_known(pk: int | None) -> Person | None:
    """Return the person that a form's choice names; the service asks whether they may own it."""
    return Person.objects.filter(pk=pk or 0, is_active=True).first()


def _own_memberships(person: Any) -> QuerySet[Membership]:
    rows = Membership.unscoped.filter(  # scope: a person's own
        person_id=person, ended_on__isnull=True
    )
    by_name = InReadersOrder("organisation__name")
    return rows.select_related("organisation").order_by(by_name, "since", "pk")


_OWN = CompiledQuery(_own_memberships)


def own_memberships(person_id: int) -> list[Membership]:
    """Return a person's own roles, with their organisations, in one query."""
    return _OWN.rows(person=person_id)


def looks_as(memberships: list[Membership], *, chosen: int | None) -> Membership | None:
    """Return the membership as which a person looks: in the chosen organisation, else the oldest.

    A role that somebody else gives them later moves nobody's start page.

    Args:
        memberships: the person's own, as ``own_memberships`` gives them.
        chosen: id of the organisation chosen in the switcher, if any.

    """
    in_chosen = (one for one in memberships if one.organisation_id == chosen)
    oldest = min(memberships, key=lambda one: (one.since, one.pk), default=None)
    return next(in_chosen, oldest)


def token_list(*, actor: Actor) -> QuerySet[ApiToken]:
    """Return the actor's own API tokens, newest first."""
    return ApiToken.objects.filter(person_id=actor.person_id or 0)


def staff_of(actor: Actor) -> frozenset[int]:
    """Return the ids of the people of the operators whose staff the actor decides on there."""
    permission = Permission.STAFF_CHANGE
    own = [pk for pk in actor.organisation_ids(permission) if actor.may_at_home(permission, pk)]
    held = Membership.unscoped.filter(  # scope: of the actor's own operator
        organisation__in=own, role__in=OPERATOR_ROLES, ended_on__isnull=True
    )
    return frozenset(held.values_list("person", flat=True))
