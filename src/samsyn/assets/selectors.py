from __future__ import annotations

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from samsyn.access.actor import Actor
from samsyn.analytics.memory import remembered
from samsyn.assets.models import Resource
from samsyn.assets.rules import Claim, claim_kind, counts_where
from samsyn.audit.selectors import trail_version
from samsyn.kernel.errors import NotFound
from samsyn.organisations.selectors import foreign_to


def resource_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    kind: str = "",
    search: str = "",
    contested: bool = False,
) -> QuerySet[Resource]:
    """Return the claims in force that the actor may see.

    ``is_contested`` on each row says whether another organisation claims the same.
    """
    rows: QuerySet[Resource] = Resource.objects.visible_to(actor).filter(withdrawn_on__isnull=True)
    if organisation is not None:
        rows = rows.filter(Q(organisation_id=organisation) | Q(operated_by_id=organisation))
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(Q(value__icontains=search) | Q(organisation__name__icontains=search))
    rows = rows.annotate(is_contested=Exists(_rivals()))
    if contested:
        rows = rows.filter(is_contested=True)
    return rows.select_related("organisation", "operated_by")


def resource_get(*, actor: Actor, pk: int) -> Resource:
    """Return one claim.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = resource_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("No such resource.")
    return found


def rival_list(*, actor: Actor, resource: Resource) -> QuerySet[Resource]:
    """Return the other organisations' claims to the same resource, as far as visible."""
    rows = resource_list(actor=actor, kind=resource.kind).filter(value=resource.value)
    return rows.exclude(pk=resource.pk)


def resource_counts(*, actor: Actor, organisation: int) -> dict[str, int]:
    """Return how many resources of each kind an organisation has or runs.

    All organisations are counted at once, when anything has changed: a page asks for one.
    What is returned is shared; it is read, not changed.
    """
    key = (trail_version(), actor.sight())
    return remembered("resource_counts", key, lambda: _counted(actor)).get(organisation, {})


def _counted(actor: Actor) -> dict[int, Counter[str]]:
    rows = Resource.objects.visible_to(actor).filter(withdrawn_on__isnull=True).order_by()
    counted = rows.values_list("organisation_id", "operated_by_id", "kind").annotate(Count("pk"))
    return counts_where(counted)


def claims(*, actor: Actor) -> list[Claim]:
    """Return every claim that the actor may see in the form that attribution needs."""
    return _as_claims(_claimed(actor))


def claims_for(*, actor: Actor, operator: int) -> list[Claim]:
    """Return the claims by which an operator's reports are attributed: not other operators'."""
    rows = _claimed(actor)
    return _as_claims(rows.exclude(organisation__in=foreign_to(operator)))


def _claimed(actor: Actor) -> QuerySet[Resource]:
    rows: QuerySet[Resource] = Resource.objects.visible_to(actor)
    return rows.filter(withdrawn_on__isnull=True).order_by("pk")


def _as_claims(rows: QuerySet[Resource]) -> list[Claim]:
    fields = rows.values_list("kind", "value", "organisation_id", "operated_by_id", "pk")
    return [
        Claim(claim_kind(kind, value), value, owner, host, pk)
        for kind, value, owner, host, pk in fields.iterator(chunk_size=5000)
    ]


def _rivals() -> QuerySet[Resource]:
    same = Resource.everything.filter(  # scope: says only that there is a rival, not who
        kind=OuterRef("kind"), value=OuterRef("value"), withdrawn_on__isnull=True
    )
    return same.exclude(organisation=OuterRef("organisation"))
