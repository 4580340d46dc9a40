"""What is counted about observations; SQL beside, thin functions here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from samsyn.access.actor import Actor
from samsyn.analytics.engine import reading, sql_file
from samsyn.analytics.store import visible_rows
from samsyn.monitoring.datasets import COUNTS, batch_file

PACKAGE = "samsyn.monitoring.measures"
BY = ("report", "country", "asn", "taxonomy", "type", "severity", "rule")


@dataclass(frozen=True, slots=True)
class Count:
    """How many observations there are of one thing."""

    label: str
    observations: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many observations a day's reports held, of one report and severity."""

    report_on: date
    report: str
    severity: str
    observations: int


def per_day(*, actor: Actor, files: Sequence[Path]) -> list[DayCount]:
    """Return observations by day of report, report and severity; days without any are absent.

    Args:
        actor: sees its own organisations', and nobody's where it may.
        files: the files of ``COUNTS`` for the period (``selectors.count_files``).

    """
    sql = sql_file(PACKAGE, "per_day.sql").replace(
        "$counts", visible_rows(COUNTS, files, actor=actor)
    )
    with reading() as bench:
        return [DayCount(*row) for row in bench.rows(sql)]


def top(*, actor: Actor, files: Sequence[Path], by: str, limit: int = 10) -> list[Count]:
    """Return the commonest reports, types, countries ... and their observations.

    Raises:
        ValueError: ``by`` is none of ``BY``.

    """
    return _counted(actor, files, by, limit, "true")


def unattributed(*, actor: Actor, files: Sequence[Path], by: str, limit: int = 50) -> list[Count]:
    """Return how many observations belong to nobody, by one of ``BY``.

    Raises:
        ValueError: ``by`` is none of ``BY``.

    """
    return _counted(actor, files, by, limit, "organisation_id is null")


def _counted(
    actor: Actor, files: Sequence[Path], by: str, limit: int, condition: str
) -> list[Count]:
    if by not in BY:
        raise ValueError(by)
    sql = (
        sql_file(PACKAGE, "top.sql")
        .replace("$counts", visible_rows(COUNTS, files, actor=actor))
        .replace("$by", by)
        .replace("$condition", condition)
        .replace("$limit", str(int(limit)))
    )
    with reading() as bench:
        return [Count(*row) for row in bench.rows(sql)]


def files_of(batches: Sequence[tuple[date, str, str]]) -> list[Path]:
    """Return the files of counts for batches given as day, identity and register."""
    return [batch_file(COUNTS, on, identity, claims) for on, identity, claims in batches]


__all__ = ["BY", "Count", "DayCount", "files_of", "per_day", "top", "unattributed"]
