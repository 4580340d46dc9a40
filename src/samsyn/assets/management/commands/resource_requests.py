from __future__ import annotations

from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.assets.claim_selectors import meeting_of, request_list
from samsyn.assets.models import Resource, reason_texts


class Command(ActorCommand):
    help = "List the claims on resources that wait for a decision, with those that they meet."

    def run(self, *, actor: Actor, **_options: Any) -> str:
        rows = [_in_words(actor, claim) for claim in request_list(actor=actor)]
        return "\n".join(rows) or "No claim waits."


def _in_words(actor: Actor, claim: Resource) -> str:
    why = "; ".join(str(text) for text in reason_texts(claim))
    met = meeting_of(actor=actor, resource=claim)
    lines = [f"{claim.pk}  {claim} ({claim.kind}) for {claim.organisation}: {why}"]
    lines += [f"    {r.state}: {r} ({r.kind}) of {r.organisation}" for r in met.seen]
    if met.hidden:
        lines.append(f"    and {met.hidden} of organisations that you do not see")
    return "\n".join(lines)
