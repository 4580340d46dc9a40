"""Judge claims anew when what they were judged by no longer holds."""

from __future__ import annotations

from typing import Any

from samsyn.access.rows import beyond_scope
from samsyn.assets.claim_selectors import judged
from samsyn.assets.models import ClaimState, Resource
from samsyn.audit.services import snapshot

Changed = tuple[Resource, dict[str, Any]]  # a claim, and what it was before


@beyond_scope("follows from a claim that the actor may end, whoever claims what lies inside")
def judge_inside(holder: Resource) -> list[Changed]:
    """Judge anew what counted because it lies inside a claim that no longer counts."""
    claims = Resource.unscoped.filter(  # scope: follows from a claim that the actor may end
        within=holder, withdrawn_on__isnull=True
    )
    return [each for claim in claims for each in judge_anew(claim)]


def judge_anew(claim: Resource) -> list[Changed]:
    """Let a confirmed claim stay inside another of its own, else make it a request."""
    before = snapshot(claim)
    verdict = judged(resource=claim)
    if verdict.within is not None and claim.within_id is None:
        return []  # it was confirmed for itself, and nobody else has what it lies inside
    if verdict.within is not None:
        claim.within_id = verdict.within.resource_id
    else:
        claim.state, claim.within = ClaimState.REQUESTED, None
        claim.ground_kind, claim.reasons = "", ",".join(verdict.reasons)
    claim.save(update_fields=["state", "within", "ground_kind", "reasons"])
    return [(claim, before), *([] if claim.within_id else judge_inside(claim))]
