"""Which claims meet: what a new one is judged by, and what the operator sees side by side."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.assets.models import ClaimState, Resource, ResourceKind
from samsyn.assets.rules import (
    ClaimReason,
    ClaimVerdict,
    Held,
    Holdings,
    RangeLimits,
    judge,
    meeting,
)
from samsyn.assets.selectors import is_held, resource_list
from samsyn.assets.sightings import sightings
from samsyn.kernel.addresses import address_read
from samsyn.organisations.models import Lineage
from samsyn.organisations.sharing import confirms

IN_FORCE = (ClaimState.CONFIRMED,)
WAITING = (ClaimState.REQUESTED,)
OPEN = (ClaimState.CONFIRMED, ClaimState.REQUESTED)


@dataclass(frozen=True, slots=True)
class ClaimConflicts:
    """The claims of others that a claim meets: those the actor may see, and how many more."""

    seen: tuple[Resource, ...]
    hidden: int


def limits() -> RangeLimits:
    """Return how wide a range may be before somebody has to look at it."""
    return RangeLimits(settings.CLAIM_PREFIX4, settings.CLAIM_PREFIX6)


def private_allowed() -> bool:
    """Return whether what networks use within themselves may be claimed."""
    return bool(settings.CLAIM_PRIVATE)


@beyond_scope("says only that claims meet; what is shown of them is scoped")
def holdings(
    *, states: Collection[str] = IN_FORCE, near: Resource | None = None, is_seen: bool = True
) -> Holdings:
    """Return the claims of everybody in these states, ready to be compared with.

    What attribution does not count holds nothing here either.

    Args:
        states: confirmed only, or requests too.
        near: leave out what cannot meet this claim, and the claim itself.
        is_seen: also read what has been observed; only confirmed claims have that.

    """
    rows = Resource.unscoped.filter(  # scope: says only that claims meet; shown within the scope
        state__in=states, withdrawn_on__isnull=True
    )
    if near is not None:
        rows = rows.filter(_near(near))
        rows = rows.exclude(pk=near.pk) if near.pk else rows
    rows = rows.annotate(is_held=is_held()).filter(is_held=True)
    fields = rows.order_by("pk").values_list("kind", "value", "organisation_id", "pk")
    found = Holdings(Held(*row) for row in fields.iterator(chunk_size=5000))
    if is_seen:
        found.see(sightings(near.kind, near.value) if near is not None else sightings())
    return found


def _near(claim: Resource) -> Q:
    if claim.kind == ResourceKind.ASN:
        return Q(kind=claim.kind, value=claim.value)
    if claim.kind == ResourceKind.PREFIX:
        is_ipv6 = Q(value__contains=":")
        return Q(kind=claim.kind) & (is_ipv6 if ":" in claim.value else ~is_ipv6)
    labels = claim.value.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    names = Q(value__in=above) | Q(value__endswith=f".{claim.value}")
    return Q(kind__in=[ResourceKind.DOMAIN, ResourceKind.MAIL_DOMAIN]) & names


def line_of(organisation_id: int) -> frozenset[int]:
    """Return an organisation, what it is a unit of, and its own units: one legal entity's line."""
    pairs = Lineage.objects.filter(
        Q(ancestor=organisation_id) | Q(descendant=organisation_id), same_entity=True
    )
    return frozenset({organisation_id}.union(*pairs.values_list("ancestor", "descendant")))


def judged(*, resource: Resource) -> ClaimVerdict:
    """Return whether a claim counts at once as things stand, and if not, why."""
    return judge(
        resource.kind,
        resource.value,
        line=line_of(resource.organisation_id),
        holdings=holdings(near=resource),
        limits=limits(),
        owner=resource.organisation_id,
        asked=holdings(states=WAITING, near=resource, is_seen=False),
    )


def meeting_of(*, actor: Actor, resource: Resource) -> ClaimConflicts:
    """Return the other organisations' claims that a claim meets, requests too.

    Which it meets by what has been observed is for who decides: it tells where findings are.
    """
    known = holdings(states=OPEN, near=resource, is_seen=_decides(actor, resource))
    met = meeting(resource.kind, resource.value, known)
    pks = {c.resource_id for c in met if c.organisation_id != resource.organisation_id}
    rows = resource_list(actor=actor).filter(pk__in=pks)
    seen = tuple(rows.order_by("state", "pk"))  # confirmed before requested, the earliest first
    return ClaimConflicts(seen, len(pks) - len(seen))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a claim that is confirmed as another organisation's, and since when."""

    value: str
    decided_at: datetime | None


@beyond_scope("tells the owner which part of its own is another's, not whose")
def parts_of_others(*, resource: Resource) -> list[Part]:
    """Return what inside a claim is confirmed for organisations of other legal entities."""
    known = holdings(near=resource, is_seen=False)
    line = line_of(resource.organisation_id)
    pks = [
        claim.resource_id
        for claim in meeting(resource.kind, resource.value, known)
        if claim.organisation_id not in line and is_inside(claim, resource)
    ]
    rows = Resource.unscoped.filter(pk__in=pks)  # scope: values inside the reader's own claim
    return [Part(*each) for each in rows.order_by("pk").values_list("value", "decided_at")]


def is_inside(claim: Held, holder: Resource) -> bool:
    """Return whether a claim is to a part of another, so that it counts there instead."""
    if claim.kind == ResourceKind.PREFIX and holder.kind == ResourceKind.PREFIX:
        part, whole = address_read(claim.value), address_read(holder.value)
        return whole.first <= part.first and part.last <= whole.last
    if holder.kind == ResourceKind.ASN or claim.kind == ResourceKind.PREFIX:
        return False
    return claim.value.endswith(f".{holder.value}") or (
        claim.value == holder.value and claim.kind != holder.kind
    )


def is_seen_elsewhere(*, actor: Actor, resource: Resource) -> bool:
    """Return whether what a request would take is seen as another's; told to who decides only."""
    is_asked = resource.state == ClaimState.REQUESTED and resource.withdrawn_on is None
    if not is_asked or ClaimReason.OVERLAP in resource.reasons or not _decides(actor, resource):
        return False
    return bool(judged(resource=resource).rivals)


def _decides(actor: Actor, resource: Resource) -> bool:
    return confirms(actor, resource.organisation_id)


def rivals_of(*, actor: Actor, resource: Resource) -> list[Resource]:
    """Return the confirmed claims that a request stands against, as far as the actor sees them."""
    pks = [claim.resource_id for claim in judged(resource=resource).rivals]
    return list(resource_list(actor=actor).filter(pk__in=pks).order_by("pk"))


def refused_before(*, actor: Actor, resource: Resource) -> QuerySet[Resource]:
    """Return the same organisation's earlier claims to the same that were refused, newest first."""
    rows = Resource.objects.visible_to(actor).filter(
        organisation=resource.organisation_id,
        kind=resource.kind,
        value=resource.value,
        state=ClaimState.REFUSED,
    )
    return rows.exclude(pk=resource.pk).order_by("-decided_at")


def request_list(*, actor: Actor, search: str = "") -> QuerySet[Resource]:
    """Return what waits for a decision that the actor may take, the oldest first."""
    rows = resource_list(actor=actor, search=search).filter(
        Q(state=ClaimState.REQUESTED) | Q(host_asked__isnull=False),
        organisation__in=actor.organisations_with(Permission.RESOURCES_CONFIRM),
    )
    return rows.select_related("organisation", "operated_by", "host_asked").order_by("pk")


def waiting_total(*, actor: Actor) -> int:
    """Return how many claims wait for a decision that the actor may take."""
    if not actor.may_anywhere(Permission.RESOURCES_CONFIRM):
        return 0
    return request_list(actor=actor).count()


def claim_version(resource: Resource) -> str:
    """Return a mark that changes when a claim does, or those that it stands against.

    It stands in the page, so it does not name claims that its reader may not see.
    """
    verdict = judged(resource=resource)
    met = [claim.resource_id for claim in (*verdict.rivals, *verdict.asked)]
    facts = [resource.state, resource.operated_by_id, resource.host_asked_id, *met]
    return salted_hmac("samsyn.assets.claim", ".".join(map(str, facts))).hexdigest()
