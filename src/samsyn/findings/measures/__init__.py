"""What is counted about findings over time, from their episodes in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby
from operator import add, itemgetter
from pathlib import Path

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.analytics.engine import literal, reading, sql_file
from samsyn.analytics.store import Dataset, require_files, visible_rows
from samsyn.analytics.version_cache import cached_by_version

PACKAGE = "samsyn.findings.measures"
BY = ("severity", "taxonomy", "rsit_type", "report", "organisation_id")
VIEW = Dataset(
    name="finding_episodes",
    columns={
        "finding_id": "bigint",
        "organisation_id": "bigint",
        "operated_by_id": "bigint",
        "report": "varchar",
        "taxonomy": "varchar",
        "rsit_type": "varchar",
        "severity": "tinyint",
        "episode": "integer",
        "opened_on": "date",
        "closed_on": "date",
    },
    permission=Permission.FINDINGS_VIEW,
    scoped_by=("organisation_id", "operated_by_id"),
)


@dataclass(frozen=True, slots=True)
class OpenOverTime:
    """How many findings were open at the end of each of some days.

    Attributes:
        days: the days, the first one first.
        counts: for each organisation, and each label of it, one number a day.

    """

    days: tuple[date, ...]
    counts: dict[int, dict[str, list[int]]]

    def together(self, organisation: int | None = None) -> dict[str, list[int]]:
        """Return the numbers by label, of one organisation or of all of them together."""
        chosen = (
            self.counts.values() if organisation is None else [self.counts.get(organisation, {})]
        )
        found: dict[str, list[int]] = {}
        for labels in chosen:
            for label, numbers in labels.items():
                so_far = found.get(label)
                found[label] = numbers if so_far is None else list(map(add, so_far, numbers))
        return found


@dataclass(frozen=True, slots=True)
class Episode:
    """One time that a finding was there: from the first report to the day it was closed."""

    finding_id: int
    organisation_id: int
    operated_by_id: int | None
    report: str
    taxonomy: str
    rsit_type: str
    severity: int
    episode: int
    opened_on: date
    closed_on: date | None


def open_over_time(
    *,
    actor: Actor,
    files: Sequence[tuple[str, Path]],
    since: date,
    until: date,
    by: str,
    step_days: int = 1,
) -> OpenOverTime:
    """Return how many findings were open at the end of each day of a period, by organisation.

    All organisations are counted at once, and once until the episodes change: a page about one
    of them takes its own numbers out.

    Args:
        actor: sees its own organisations'.
        files: report and its file of episodes.
        since: first day.
        until: last day, included.
        by: one of ``BY``.
        step_days: 7 gives every seventh day.

    Raises:
        ValueError: ``by`` is none of ``BY``.

    """
    if by not in BY:
        raise ValueError(by)
    sql = _filled("open_over_time.sql", actor, files, since, until)
    sql = sql.replace("$by", by).replace("$step", str(int(step_days)))
    days = tuple(since + timedelta(n) for n in range(0, (until - since).days + 1, step_days))
    # Files of episodes never change under their name, and the query names them and whose it is.
    return cached_by_version(
        "open_over_time", sql, lambda: OpenOverTime(days, _counted(sql, len(days)))
    )


def _counted(sql: str, days: int) -> dict[int, dict[str, list[int]]]:
    with reading() as db:
        rows = db.rows(sql)
    found: dict[int, dict[str, list[int]]] = {}
    for (organisation, label), changes in groupby(rows, key=itemgetter(0, 1)):
        more = [0] * days
        for _organisation, _label, step, change in changes:
            if step < days:  # what changed after the last step is no longer shown
                more[step] = change
        found.setdefault(organisation, {})[label] = list(accumulate(more))
    return found


def episodes_in(
    *, actor: Actor, files: Sequence[tuple[str, Path]], since: date, until: date
) -> list[Episode]:
    """Return the episodes that were open at some time of a period."""
    sql = _filled("episodes_in.sql", actor, files, since, until)
    with reading() as db:
        return [Episode(*row) for row in db.rows(sql)]


def _filled(
    file: str,
    actor: Actor,
    files: Sequence[tuple[str, Path]],
    since: date,
    until: date,
) -> str:
    episodes = episodes_sql(actor=actor, files=files)
    return (
        sql_file(PACKAGE, file)
        .replace("$episodes", episodes)
        .replace("$since", literal(since))
        .replace("$until", literal(until))
    )


def episodes_sql(*, actor: Actor, files: Sequence[tuple[str, Path]]) -> str:
    """Return SQL for the episodes that the actor may see, flat and with their report.

    Raises:
        KeptDamaged: a file is missing.

    """
    flat = [
        f"select finding_id, organisation_id, said.operated_by_id as operated_by_id, "
        f"{literal(report)} as report, said.taxonomy as taxonomy, said.rsit_type as rsit_type, "
        "said.severity as severity, episode, opened_on, closed_on "
        f"from read_parquet({literal(path)})"
        for report, path in files
    ]
    require_files(path for _report, path in files)
    if not flat:
        return visible_rows(VIEW, [], actor=actor)
    every = f"({' union all '.join(flat)})"
    if actor.is_system and actor.only is None:
        return every
    ids = ", ".join(map(str, sorted(actor.organisation_ids(VIEW.permission)))) or "null"
    return f"(select * from {every} where organisation_id in ({ids}) or operated_by_id in ({ids}))"


@dataclass(frozen=True, slots=True)
class StandingOn:
    """How an organisation's findings stood at the end of a day."""

    organisation_id: int
    days_to_fix: float | None
    fixed: int
    critical_open: int
    oldest_days: int | None


def standing_on(
    *,
    actor: Actor,
    files: Sequence[tuple[str, Path]],
    on: date,
    since: date,
    serious: int,
    critical: int,
) -> list[StandingOn]:
    """Return how the findings of every organisation stood at the end of a day.

    Args:
        actor: sees its own organisations'.
        files: report and its file of episodes.
        on: the day.
        since: what was closed after this day counts as lately fixed.
        serious: severity from which the time to fix is counted, 0 to 4.
        critical: severity from which a finding is critical, 0 to 4.

    """
    sql = sql_file(PACKAGE, "standing.sql").replace(
        "$episodes", episodes_sql(actor=actor, files=files)
    )
    for name, value in (("$on", literal(on)), ("$since", literal(since))):
        sql = sql.replace(name, value)
    sql = sql.replace("$serious", str(int(serious))).replace("$critical", str(int(critical)))
    # The query names the files, which never change under their name: three measures read it once.
    return cached_by_version("standing_on", sql, lambda: _stood(sql))


def _stood(sql: str) -> list[StandingOn]:
    with reading() as db:
        return [StandingOn(*row) for row in db.rows(sql)]
