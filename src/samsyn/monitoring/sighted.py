"""The observations behind one finding: the days it was seen on, and each row as received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.rows import beyond_scope
from samsyn.findings.models import Finding
from samsyn.kernel.cells import csv_lines
from samsyn.monitoring.models import Batch, BatchState
from samsyn.monitoring.selectors import ObservationFilter, observation_list
from samsyn.monitoring.stored import has_port

DAYS = 60
ROWS_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SightedDay:
    """One day: how often the finding was seen, and whether its report came at all."""

    on: date
    times: int
    has_report: bool

    @property
    def look(self) -> str:
        """How the day looks: ``seen``, ``gone`` (a report without it) or ``none`` (no report)."""
        if self.times:
            return "seen"
        return "gone" if self.has_report else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """What was observed of a finding in a period, newest first; ``is_cut`` when there is more."""

    days: tuple[SightedDay, ...]
    rows: tuple[dict[str, Any], ...]
    is_cut: bool


def sightings_of(
    *, actor: Actor, finding: Finding, until: date, with_raw: bool = False
) -> Sightings:
    """Return the observations of a finding in the sixty days up to a day.

    Args:
        actor: sees the finding.
        finding: whose observations.
        until: the last day.
        with_raw: whether each row is read again from the file as it was received.

    """
    since = until - timedelta(days=DAYS - 1)
    wanted = ObservationFilter(
        report=finding.report,
        since=since,
        until=until,
        organisation=finding.organisation_id,
        subject=finding.subject,
        port=finding.port if has_port(finding.report) else None,
    )
    found = observation_list(actor=actor, wanted=wanted, limit=ROWS_MOST + 1, with_raw=with_raw)
    rows = list(found)
    return Sightings(
        days=_days(finding, rows, since, until),
        rows=tuple(rows[:ROWS_MOST]),
        is_cut=len(rows) > ROWS_MOST,
    )


def _days(
    finding: Finding, rows: Iterable[Mapping[str, Any]], since: date, until: date
) -> tuple[SightedDay, ...]:
    day_of, reported = _came(finding, since, until)
    times: dict[date, int] = {}
    for row in rows:
        on = day_of.get(row["batch"])
        if on is not None:
            times[on] = times.get(on, 0) + 1
    every = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return tuple(
        SightedDay(on=on, times=times.get(on, 0), has_report=on in reported or on in times)
        for on in every
    )


@beyond_scope("on which days a report came; a member does not see the files themselves")
def _came(finding: Finding, since: date, until: date) -> tuple[dict[str, date], set[date]]:
    """Return the day of each batch of a finding's report, and the days on which its stream came."""
    came = Batch.unscoped.filter(  # scope: days only, of a finding that the reader may see
        report=finding.report, state=BatchState.FOLDED, report_on__range=(since, until)
    )
    batches = list(came.only("identity", "report_on", "stream"))
    mine = {batch.day for batch in batches if batch.stream == finding.stream}
    return {batch.identity or "": batch.day for batch in batches}, mine


def raw_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the rows as they were received as CSV, with the columns of all of them."""
    told = [row["raw"] or {} for row in rows]
    columns = list(dict.fromkeys(column for raw in told for column in raw))
    yield from csv_lines([columns, *([raw.get(c, "") for c in columns] for raw in told)])
