from __future__ import annotations

from collections import Counter

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.scoping import beyond
from samsyn.analytics.version_cache import cached_by_version
from samsyn.assets.models import ClaimState, Resource
from samsyn.assets.rules import Claim, ClaimReason, claim_kind, counts_where, found_by
from samsyn.audit.selectors import trail_version
from samsyn.kernel.errors import NotFound
from samsyn.organisations.models import Lineage
from samsyn.organisations.selectors import foreign_to


def resource_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    kind: str = "",
    search: str = "",
    contested: bool = False,
    state: str = "",
) -> QuerySet[Resource]:
    """Return the open claims that the actor may see: confirmed ones and requests.

    With the state ``refused`` the refused ones instead. ``is_contested`` on each row says
    whether another organisation claims the same, or has something that a request meets.
    """
    is_refused = state == ClaimState.REFUSED
    rows: QuerySet[Resource] = Resource.objects.visible_to(actor).filter(
        Q(state=state) if is_refused else Q(withdrawn_on__isnull=True)
    )
    if state:
        rows = rows.filter(state=state)
    if organisation is not None:
        rows = rows.filter(Q(organisation_id=organisation) | Q(operated_by_id=organisation))
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(_about(search))
    rows = rows.annotate(is_contested=_is_contested())
    if contested:
        rows = rows.filter(is_contested=True)
    return rows.select_related("organisation", "operated_by")


def _about(search: str) -> Q:
    """Return what finds resources by value, by owner, and by what a searched thing lies inside."""
    found = Q(value__icontains=search) | Q(organisation__name__icontains=search)
    for kind, values in found_by(search).items():
        found |= Q(kind=kind, value__in=values)
    return found


def resource_get(*, actor: Actor, pk: int) -> Resource:
    """Return one claim.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = _open_or_refused(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such resource."))
    return found


def _open_or_refused(actor: Actor) -> QuerySet[Resource]:
    rows: QuerySet[Resource] = Resource.objects.visible_to(actor).filter(
        Q(withdrawn_on__isnull=True) | Q(state=ClaimState.REFUSED)
    )
    rows = rows.annotate(is_contested=_is_contested())
    return rows.select_related("organisation", "operated_by", "host_asked")


def resource_counts(*, actor: Actor, organisation: int) -> dict[str, int]:
    """Return how many confirmed resources of each kind an organisation has or runs.

    All organisations are counted at once, when anything has changed: a page asks for one.
    What is returned is shared; it is read, not changed.
    """
    key = (trail_version(), actor.permissions_key())
    counted = cached_by_version("resource_counts", key, lambda: resource_counts_of_all(actor=actor))
    return counted.get(organisation, {})


def resource_counts_of_all(*, actor: Actor) -> dict[int, Counter[str]]:
    """Return how many confirmed resources of each kind each organisation has or runs."""
    rows = _in_force(Resource.objects.visible_to(actor)).order_by()
    counted = rows.values_list("organisation_id", "operated_by_id", "kind").annotate(Count("pk"))
    return counts_where(counted)


def claims(*, actor: Actor) -> list[Claim]:
    """Return every claim that the actor may see in the form that attribution needs.

    Requests are among them, marked as such: they never decide whose something is.
    """
    return _as_claims(_claimed(actor))


def claims_for(*, actor: Actor, operator: int) -> list[Claim]:
    """Return the claims by which an operator's reports are attributed: not other operators'."""
    rows = _claimed(actor)
    return _as_claims(rows.exclude(organisation__in=foreign_to(operator)))


def _claimed(actor: Actor) -> QuerySet[Resource]:
    rows: QuerySet[Resource] = Resource.objects.visible_to(actor)
    return rows.filter(withdrawn_on__isnull=True).order_by("pk")


def _as_claims(rows: QuerySet[Resource]) -> list[Claim]:
    fields = rows.annotate(is_held=is_held()).values_list(
        "kind", "value", "organisation_id", "operated_by_id", "pk", "state", "is_held"
    )
    return [
        Claim(
            claim_kind(kind, value),
            value,
            owner,
            host,
            pk,
            state == ClaimState.CONFIRMED and held,
        )
        for kind, value, owner, host, pk, state, held in fields.iterator(chunk_size=5000)
    ]


def is_held() -> Case:
    """Return whether what a claim lies inside is still of the same legal entity.

    A unit that has moved to another parent does not take a part of the old one's range along.
    """
    same = Lineage.objects.filter(same_entity=True).filter(
        Q(ancestor=OuterRef("within__organisation"), descendant=OuterRef("organisation"))
        | Q(ancestor=OuterRef("organisation"), descendant=OuterRef("within__organisation"))
    )
    return Case(When(within__isnull=True, then=Value(value=True)), default=Exists(same))


def waiting_count(*, actor: Actor, organisation: int) -> int:
    """Return how many claims of an organisation wait for the operator."""
    rows = Resource.objects.visible_to(actor).filter(organisation=organisation)
    return rows.filter(withdrawn_on__isnull=True, state=ClaimState.REQUESTED).count()


def _in_force(rows: QuerySet[Resource]) -> QuerySet[Resource]:
    return rows.filter(withdrawn_on__isnull=True, state=ClaimState.CONFIRMED)


def _is_contested() -> Q:
    same = Resource.unscoped.filter(  # scope: says only that there is a rival, not who
        kind=OuterRef("kind"), value=OuterRef("value"), withdrawn_on__isnull=True
    )
    same = beyond(same, "says only that there is a rival, not who")
    meets = Q(state=ClaimState.REQUESTED, reasons__contains=ClaimReason.OVERLAP.value)
    is_open = Q(withdrawn_on__isnull=True)
    return is_open & (Q(Exists(same.exclude(organisation=OuterRef("organisation")))) | meets)
