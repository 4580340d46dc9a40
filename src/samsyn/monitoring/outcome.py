"""What an import run did, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from samsyn.findings.fold import Folded
from samsyn.monitoring.intake import IncomingReport, RefusedEntry


@dataclass(slots=True)
class ImportOutcome:
    """What an import run did; ``as_dict`` is what the command prints."""

    batches: int = 0
    rows: int = 0
    rejected: int = 0
    observations: int = 0
    attributed: int = 0
    contested: int = 0
    duplicates: int = 0
    known: int = 0  # files that were in use already, and were not read again
    replaced: int = 0  # reports of the same day that came before, or in the same run
    forgiven: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedEntry] = field(default_factory=list)
    findings: Folded = field(default_factory=Folded)

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers; ``unattributed`` includes what two organisations claim."""
        return {
            "batches": self.batches,
            "rows": self.rows,
            "rejected": self.rejected,
            "observations": self.observations,
            "attributed": self.attributed,
            "unattributed": self.observations - self.attributed,
            "contested": self.contested,
            "duplicates": self.duplicates,
            "known": self.known,
            "replaced": self.replaced,
            "forgiven": dict(sorted(self.forgiven.items())),
            "refused": [
                {"file": r.received.name, "entry": r.entry, "reason": r.code, "detail": r.detail}
                for r in self.refused
            ],
            "findings": {
                "new": self.findings.new,
                "seen_again": self.findings.seen_again,
                "reopened": self.findings.reopened,
                "closed": self.findings.closed,
            },
        }

    def add(self, report: IncomingReport) -> None:
        """Count one report that was read."""
        self.batches += 1
        self.rows += report.rows
        self.rejected += report.rejected
        self.observations += report.observations
        self.attributed += report.attributed
        self.contested += report.contested
        self.forgiven.update(report.forgiven)
