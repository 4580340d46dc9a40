from __future__ import annotations

from typing import Any

from django.utils import timezone

from samsyn.access.actor import Actor, job_actor
from samsyn.access.cli import ActorCommand
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.site.anchoring import ANCHOR_JOB, anchor_keep, anchor_now


class Command(ActorCommand):
    help = (
        "Print an anchor of the trail, and keep it where the settings say. The worker does the "
        "same every day. Kept on paper or another machine it proves the trail up to here."
    )

    def run(self, *, actor: Actor, **_options: Any) -> str | None:
        if not actor.is_system:
            raise NotAllowed("Only the console may do this: leave out --as.")
        now = timezone.now()
        anchor = anchor_now(now=now)
        if anchor is None:
            raise NotFound("The trail is empty: there is nothing to anchor yet.")
        self.stdout.write(str(anchor))  # also when it cannot be kept where the settings say
        anchor_keep(anchor, actor=job_actor(ANCHOR_JOB), now=now)
        return None
