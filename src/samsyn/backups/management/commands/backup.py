from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand
from samsyn.backups.rules import MANIFEST
from samsyn.backups.services import backup_record
from samsyn.backups.writing import Written, backup_write
from samsyn.organisations.selectors import operator_list

WARNING = (
    "It holds the installation's keys, password digests and personal data: "
    "keep it as secret as the installation itself."
)
WITHOUT = (
    "The installation's keys are not in it ({keys}). Keep secret_key and trail_key elsewhere, as "
    "safe as the installation, or what is in SAMSYN_SECRET_KEY and SAMSYN_TRAIL_KEY: without the "
    "secret, links in letters and sessions end; without the trail's key, the trail cannot be "
    "proved. What else is set in the environment is in no backup."
)


class Command(ActorCommand):
    help = (
        "Back up the running installation into a new directory below PLACE, and verify it. "
        "The analytical store is left out: store_rebuild makes it anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("place", type=Path, metavar="PLACE", help="on another disk or machine")
        parser.add_argument(
            "--without-secret",
            action="store_true",
            help="leave the keys out; signed links and the trail need them after a restore",
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def run(self, *, actor: Actor, **options: Any) -> str:
        written = backup_write(
            into=options["place"],
            now=timezone.now(),
            with_keys=not options["without_secret"],
            say=self.say,
        )
        made = _record(written)
        if operators := operator_list(actor=actor):
            backup_record(actor=actor, operators=operators, made=made)
        else:
            self.stderr.write("It is not recorded: there is no operator yet.")
        self.warn(written)
        return json.dumps(made) if options["json"] else _in_words(written)

    def warn(self, written: Written) -> None:
        """Say what is to be known of the backup besides that it is there."""
        manifest = written.manifest
        if manifest.keys == "included":
            self.stderr.write(WARNING)
        else:
            self.stderr.write(WITHOUT.format(keys=manifest.keys))
        for word, names in (("missing", manifest.missing), ("altered", manifest.altered)):
            if names:
                self.stderr.write(
                    f"{len(names)} files are {word} in the installation, the first is {names[0]}."
                )

    def say(self, text: str) -> None:
        """Say on a terminal what is being done."""
        if sys.stderr.isatty():
            self.stderr.write(text)


def _record(written: Written) -> dict[str, Any]:
    manifest = written.manifest
    text = (written.place / MANIFEST).read_bytes()
    return {
        "place": str(written.place),
        "made_at": manifest.made_at,
        "files": len(manifest.files),
        "bytes": manifest.bytes,
        "manifest_sha256": hashlib.sha256(text).hexdigest(),
        "trail_number": manifest.trail_number,
        "trail_hash": manifest.trail_hash,
        "missing": len(manifest.missing),
        "altered": len(manifest.altered),
    }


def _in_words(written: Written) -> str:
    manifest = written.manifest
    return (
        f"{written.place}: {len(manifest.files)} files, {manifest.bytes // 1_000_000} MB, "
        f"the trail until entry {manifest.trail_number}. Verified."
    )
