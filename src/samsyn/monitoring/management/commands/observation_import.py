from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from samsyn.access.actor import Actor
from samsyn.access.cli import ActorCommand, number
from samsyn.kernel.errors import RuleViolation
from samsyn.monitoring.import_run import WAIT_SECONDS
from samsyn.monitoring.services import observation_import
from samsyn.monitoring.wording import forgiven_words, refused_text
from samsyn.organisations.selectors import operator_require

WAIT_MOST = 7 * 24 * 3600.0  # a week


class Command(ActorCommand):
    help = (
        "Import Shadowserver reports: CSV, plain or in gzip or zip, or folders of them. "
        "Ends with 65 when no file could be taken; refused files among others are only named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
        parser.add_argument(
            "--wait",
            type=number(0, WAIT_MOST, of=float),
            default=WAIT_SECONDS,
            metavar="SECONDS",
            help="how long to wait for another import to end (3600); then it ends with 75",
        )

        parser.add_argument(
            "--serial",
            action="store_true",
            help="do one thing after the other in one thread, as with SAMSYN_IMPORT=serial",
        )

    def run(self, *, actor: Actor, **options: Any) -> str | None:
        done = observation_import(
            actor=actor,
            operator=operator_require(actor=actor),
            paths=options["paths"],
            progress=self.progress,
            wait_seconds=options["wait"],
            is_serial=options["serial"],
        )
        shown = json.dumps(done) if options["json"] else _in_words(done)
        if done["refused"] and not done["batches"] and not done["duplicates"]:
            self.stdout.write(shown)
            raise RuleViolation("No file could be taken.")
        return shown

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say on a terminal how far it has come."""
        if sys.stderr.isatty():
            share = f" {100 * done // total} %" if total else ""
            self.stderr.write(f"\r{step}{share}   ", ending="")


def _in_words(done: dict[str, Any]) -> str:
    """Return what came of it; counts only where something was read."""
    before = done["known"] + done["duplicates"]
    if not done["batches"] and not done["refused"]:
        if not before:
            return "There is no report in what was named."
        return f"Nothing new: {_files(before)} had been received already."
    found = done["findings"]
    lines = [
        f"{done['batches']} batches, {done['rows']} rows, {done['rejected']} rejected.",
        (
            f"{done['observations']} observations: {done['attributed']} attributed, "
            f"{done['unattributed']} not ({done['contested']} of them contested)."
        ),
        (
            f"Findings: {found['new']} new, {found['seen_again']} seen again, "
            f"{found['reopened']} reopened, {found['closed']} closed."
        ),
    ]
    lines += [f"Accepted: {words}" for words in forgiven_words(done["forgiven"])]
    if done["replaced"]:
        lines.append(f"{_files(done['replaced'])} replaced by a later one of the same day.")
    if done["known"]:
        lines.append(f"{_files(done['known'])} had been received already.")
    if done["duplicates"]:
        lines.append(f"{_files(done['duplicates'])} had been received under another name.")
    lines += [f"Refused: {refused_text(one)}" for one in done["refused"]]
    return "\n".join(lines)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
