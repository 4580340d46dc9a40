"""What is counted about observations; SQL beside, thin functions here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samsyn.analytics.engine import reading, sql_file
from samsyn.analytics.store import every_row
from samsyn.monitoring.datasets import COUNTS

PACKAGE = "samsyn.monitoring.measures"
BY = ("report", "country", "asn", "taxonomy", "type", "severity", "rule")


@dataclass(frozen=True, slots=True)
class ObservationCount:
    """How many observations there are of one thing."""

    label: str
    observations: int


def unattributed(*, files: Sequence[Path], by: str, limit: int = 50) -> list[ObservationCount]:
    """Return how many observations belong to nobody, by one of ``BY``.

    Args:
        files: files of ``COUNTS``, of batches that the reader may see as a whole.

    Raises:
        ValueError: ``by`` is none of ``BY``.

    """
    if by not in BY:
        raise ValueError(by)
    sql = (
        sql_file(PACKAGE, "unattributed.sql")
        .replace("$counts", every_row(COUNTS, files))
        .replace("$by", by)
        .replace("$limit", str(int(limit)))
    )
    with reading() as db:
        return [ObservationCount(*row) for row in db.rows(sql)]


__all__ = ["BY", "ObservationCount", "unattributed"]
