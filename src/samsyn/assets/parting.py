"""What becomes of claims and hosts when organisations are no longer one legal entity."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.access.actor import Actor
from samsyn.access.commands import also_on_record
from samsyn.access.rows import beyond_scope
from samsyn.assets.judging import Changed, judge_anew
from samsyn.assets.models import GROUNDS_GIVEN, ClaimState, Ground, Resource
from samsyn.assets.rules import Held, Holdings
from samsyn.assets.turns import lock_claims
from samsyn.audit.services import snapshot
from samsyn.organisations.parting import Pairs

Others = dict[int, set[int]]  # those that each organisation has parted from


@beyond_scope("follows from a move that the actor may make, whoever claims what lies inside")
def claims_part(actor: Actor, pairs: Pairs) -> list[str]:
    """Make requests of what counted only within a legal entity; return them in words."""
    lock_claims()
    others = _others(pairs)
    changed = [*_judged(others), *_hosts(others)]
    for claim, before in changed:
        also_on_record("assets.resource_change", actor, claim, before=before)
    waiting = {claim.pk: claim for claim, _before in changed if claim.is_waiting}
    return [f"{claim}: {claim.organisation.name}" for claim in waiting.values()]


def _others(pairs: Pairs) -> Others:
    found: Others = {}
    for one, another in pairs:
        found.setdefault(one, set()).add(another)
        found.setdefault(another, set()).add(one)
    return found


def _judged(others: Others) -> list[Changed]:
    """Judge anew what a claim of another of the entity held, and lists confirmed in passing."""
    changed: list[Changed] = []
    for pk in [*_from_lists(others), *_held_by(others)]:
        claim = Resource.unscoped.get(pk=pk)  # scope: follows from a move; one may change another
        if claim.state == ClaimState.CONFIRMED:
            changed += judge_anew(claim)
    return changed


def _held_by(others: Others) -> list[int]:
    rows = Resource.unscoped.filter(  # scope: follows from a move
        organisation__in=others, within__organisation__in=others, withdrawn_on__isnull=True
    )
    found = rows.order_by("pk").values_list("pk", "organisation_id", "within__organisation_id")
    return [pk for pk, owner, holder in found if holder in others[owner]]


def _from_lists(others: Others) -> list[int]:
    """Return what an imported list confirmed inside a claim of one that is now another.

    The widest first: what lies inside a claim that waits from now on is judged by that.
    """
    rows = Resource.unscoped.filter(  # scope: follows from a move
        organisation__in=others, state=ClaimState.CONFIRMED, withdrawn_on__isnull=True
    )
    fields = rows.order_by("pk").values_list("kind", "value", "organisation_id", "pk")
    held = [Held(*row) for row in fields]
    known = Holdings(held)
    listed = set(rows.filter(ground_kind=Ground.IMPORT).values_list("pk", flat=True))
    lost = [
        claim
        for claim in held
        if claim.resource_id in listed and _lies_in(claim, known, others[claim.organisation_id])
    ]
    return [claim.resource_id for claim in sorted(lost, key=_width)]


def _lies_in(claim: Held, known: Holdings, others: set[int]) -> bool:
    return any(each.organisation_id in others for each in known.around(claim.kind, claim.value))


def _width(claim: Held) -> tuple[int, str]:
    """Sort what can hold another before what lies in it; a domain holds its mail domain."""
    if claim.kind == "prefix":
        return int(claim.value.rsplit("/", 1)[1]), claim.kind
    return claim.value.count("."), claim.kind


def _hosts(others: Others) -> Iterable[Changed]:
    """Ask the operator about hosts that an owner named freely within its legal entity."""
    for claim in (
        Resource.unscoped.filter(  # scope: follows from a move
            organisation__in=others,
            operated_by__in=others,
            withdrawn_on__isnull=True,
        )
        .exclude(host_ground_kind__in=GROUNDS_GIVEN)
        .order_by("pk")
    ):  # that was somebody's decision
        if claim.operated_by_id in others[claim.organisation_id]:
            before = snapshot(claim)
            claim.host_asked = claim.host_asked or claim.operated_by
            claim.operated_by = None
            claim.save(update_fields=["operated_by", "host_asked"])
            yield claim, before
