"""Give what nobody received to whose it is: the claim, and history by it."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.assets.models import ClaimState, Resource
from samsyn.assets.services import resource_claim
from samsyn.jobs.services import job_due
from samsyn.organisations.models import Organisation

HISTORY = "observation_attribute"


@dataclass(frozen=True, slots=True)
class ReceiverSet:
    """The claim that was made, and whether history is attributed by it."""

    resource: Resource
    is_attributed: bool


@command(Permission.RESOURCES_CONFIRM, only_changes=True)
def receiver_set(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    value: str,
    ground_kind: str,
    ground: str,
    overlap: str = "",
) -> ReceiverSet:
    """Register a resource as an organisation's, and have history attributed anew by it.

    It counts at once unless something speaks against it: then it waits, as any claim, and
    history stays as it is.

    Raises:
        RuleViolation: the claim is refused (``resource_claim``).

    """
    claim = resource_claim(
        actor=actor,
        organisation=organisation,
        kind=kind,
        value=value,
        ground_kind=ground_kind,
        ground=ground,
        overlap=overlap,
    )
    counts = claim.state == ClaimState.CONFIRMED
    if counts:
        job_due(HISTORY, asked_by=actor.label)
    return ReceiverSet(claim, counts)
