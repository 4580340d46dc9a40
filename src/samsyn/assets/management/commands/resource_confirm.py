from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ID, ActorCommand
from samsyn.assets.claim_selectors import rivals_of
from samsyn.assets.models import GROUNDS_GIVEN
from samsyn.assets.selectors import resource_get
from samsyn.assets.services import resource_confirm, resource_refuse


class Command(ActorCommand):
    help = "Confirm a claim on a resource that waits, or refuse it with --refuse."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", type=ID, help="as `samsyn resource_requests` shows it")
        parser.add_argument("ground", help="on what ground, or why it is refused")
        parser.add_argument(
            "--kind",
            choices=[ground.value for ground in GROUNDS_GIVEN],
            default=GROUNDS_GIVEN[0].value,
            help="what kind of ground it is",
        )
        parser.add_argument("--refuse", action="store_true", help="refuse the claim instead")

    def run(self, *, actor: Actor, **options: Any) -> str:
        claim = resource_get(actor=actor, pk=options["id"])
        given = {"actor": actor, "resource": claim, "ground": options["ground"]}
        if options["refuse"]:
            resource_refuse(**given, now=timezone.now())
            return f"Refused: {claim} for {claim.organisation}."
        rivals = rivals_of(actor=actor, resource=claim)
        kind = options["kind"]
        resource_confirm(**given, rivals=rivals, ground_kind=kind, now=timezone.now())
        return f"Confirmed: {claim} for {claim.organisation}."
