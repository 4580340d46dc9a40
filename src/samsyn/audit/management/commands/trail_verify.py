from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samsyn.audit.anchors import Anchor, anchor_faults, anchors_damaged, anchors_read
from samsyn.audit.guards import guards_altered, guards_missing
from samsyn.audit.keys import trail_keys
from samsyn.audit.rules import Proof
from samsyn.audit.selectors import hashes_at, last_number, trail_proof

BROKEN = 3
LARGEST = 50_000_000


class Command(BaseCommand):
    help = (
        "Prove that the trail is whole: every entry follows from the one before it, carries a "
        "code of the key, and is the one that anchors kept outside say. Ends with 3 if not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="FILE",
            help="a file of anchors or a saved mail with one; may be given several times",
        )

    def handle(self, *_args: Any, anchor: list[str], **_options: Any) -> None:
        anchors = [each for name in anchor for each in self.read(name)]
        proof = trail_proof()
        faults = list(self.faults(proof, anchors))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(BROKEN)
        self.tell(proof, anchors)

    def read(self, name: str) -> list[Anchor]:
        """Return the anchors in a file; a file without any proves nothing and is refused."""
        try:
            with Path(name).open("rb") as file:
                content = file.read(LARGEST)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        found = list(anchors_read(content))
        if not found:
            raise CommandError(f"{name} holds no anchor.")
        if damaged := anchors_damaged(content):
            raise CommandError(f"{name}: {damaged} of its anchors cannot be read.")
        return found

    def faults(self, proof: Proof, anchors: list[Anchor]) -> Any:
        """Yield everything that is wrong, one sentence each."""
        if proof.broken:
            yield f"The trail is broken at entry {proof.broken.number}: {proof.broken.reason}."
        for name in sorted(guards_missing()):
            yield f"The database no longer protects the trail: the trigger {name} is not in force."
        for name in sorted(guards_altered()):
            yield f"The database no longer protects the trail: {name} is not as Samsyn made it."
        hashes = hashes_at({each.number for each in anchors})
        for fault in anchor_faults(anchors, hashes, last=last_number(), keys=trail_keys()):
            yield f"The trail does not fit its anchors: {fault}."

    def tell(self, proof: Proof, anchors: list[Anchor]) -> None:
        """Say which part is proved by what."""
        say = self.stdout.write
        say(f"The trail is whole: {proof.last} entries, last hash {proof.last_hash}.")
        first = proof.keyed_from
        if first > 1:
            say(f"Entries 1 to {first - 1} are from before the key: sealed by entry {first}.")
        if first:
            say(f"Entries {first} to {proof.last} carry a code made with the key.")
        if anchors:
            newest = max(anchors, key=lambda each: each.number)
            say(
                f"{len(anchors)} anchors fit. Up to entry {newest.number} ({newest.at}) "
                "nothing is missing or exchanged."
            )
        else:
            say("Without --anchor a cut end cannot be noticed.")
