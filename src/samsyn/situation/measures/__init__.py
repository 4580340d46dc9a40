"""Counting episodes: one pass over the store for every member at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from samsyn.analytics.engine import ScratchDatabase, literal, scratch_database, sql_file
from samsyn.analytics.store import write
from samsyn.kernel.periods import Period
from samsyn.situation.rules import (
    Figures,
    MemberRow,
    Newcomer,
    Oldest,
    PeriodCount,
    sector_quartiles,
)

TREND_MONTHS = 12
OLDEST_MOST = 10
SECTOR = 0  # stands for all members together; no organisation has this id
CUTS = {  # which columns a row of figures.sql is cut by; see grouping() in its select
    0b0111: ("total", True),
    0b0011: ("by_severity", True),
    0b0101: ("by_taxonomy", True),
    0b0110: ("by_report", True),
    0b1111: ("total", False),
    0b1011: ("by_severity", False),
    0b1101: ("by_taxonomy", False),
    0b1110: ("by_report", False),
}


def freeze(relation: str, *, members: Iterable[int], period: Period, path: Path) -> Path:
    """Write the episodes that a period's editions are drawn from, and nothing later.

    What happened after the period's end is left out, so that the file says the same
    whenever it is made.

    Args:
        relation: SQL for episodes with finding_id, organisation_id, report, taxonomy,
            rsit_type, severity, opened_on, closed_on.
        members: ids of the organisations that the sector consists of.
        period: what the editions are about.
        path: the file to write.

    Returns:
        The path.

    """
    ids = ", ".join(map(str, sorted(members))) or "null"
    ends = literal(period.ends_on)
    with scratch_database() as db:
        return write(
            db,
            "select finding_id, organisation_id, report, taxonomy, rsit_type, severity, opened_on, "
            f"case when closed_on <= {ends}::date then closed_on end as closed_on "
            f"from {relation} where organisation_id in ({ids}) and opened_on <= {ends}::date "
            "order by organisation_id, finding_id, opened_on",
            path,
        )


def figures_of_all(path: Path, *, members: dict[int, str], period: Period) -> dict[int, Figures]:
    """Return the figures of every member, and of all together under ``SECTOR``.

    Args:
        path: the frozen episodes.
        members: names by organisation id.
        period: what the figures are about.

    Returns:
        Figures by organisation id; the sector's alone have ``members`` filled.

    """
    found: dict[int, Figures] = {pk: Figures() for pk in [*members, SECTOR]}
    with scratch_database() as db:
        db.run(f"create view episodes as from read_parquet({literal(path)})")
        _count(db, found, period)
        _tell_oldest(db, found, period)
        _tell_newcomers(db, found, period)
        _draw_trend(db, found, period)
    rows = [_member_row(pk, name, found[pk]) for pk, name in sorted(members.items())]
    group = sector_quartiles(rows)
    for one in found.values():
        one.sector, one.members_count = group, len(rows)
    worst_first = sorted(rows, key=lambda r: (-r.critical, -r.open, r.name))
    found[SECTOR].members = worst_first
    return found


def finding_ids(
    path: Path,
    *,
    members: Iterable[int],
    figure: str,
    period: Period,
    cut: str = "",
    key: str = "",
) -> list[int]:
    """Return the findings behind a figure of an edition.

    Args:
        path: the frozen episodes of the edition.
        members: whose findings count.
        figure: open, open_before, new or closed.
        period: the edition's.
        cut: severity, taxonomy, report or nothing.
        key: the value of the cut.

    """
    conditions = {
        "open": "opened_on <= $ends and (closed_on is null or closed_on > $ends)",
        "open_before": "opened_on <= $before and (closed_on is null or closed_on > $before)",
        "new": "opened_on between $begins and $ends",
        "closed": "closed_on between $begins and $ends",
    }
    columns = {"severity": "severity::varchar", "taxonomy": "taxonomy", "report": "report"}
    ids = ", ".join(map(str, sorted(members))) or "null"
    where = f"organisation_id in ({ids}) and {conditions[figure]}"
    given: dict[str, Any] = _days(period, conditions[figure])
    if cut:
        where += f" and {columns[cut]} = $key"
        given["key"] = key
    sql = f"select distinct finding_id from read_parquet({literal(path)}) where {where}"
    with scratch_database() as db:
        return [row[0] for row in db.rows(sql, given)]


def _days(period: Period, condition: str) -> dict[str, date]:
    days = {
        "begins": period.begins_on,
        "ends": period.ends_on,
        "before": period.before.ends_on,
    }
    return {name: day for name, day in days.items() if f"${name}" in condition}


def _count(db: ScratchDatabase, found: dict[int, Figures], period: Period) -> None:
    before = period.before
    given = {
        "begins": period.begins_on,
        "ends": period.ends_on,
        "before_begins": before.begins_on,
        "before_ends": before.ends_on,
    }
    sql = sql_file("samsyn.situation.measures", "figures.sql")
    for organisation, severity, taxonomy, report, cut, *counts in db.rows(sql, given):
        name, is_member = CUTS[cut]
        figures = found.get(organisation if is_member else SECTOR)
        if figures is None:
            continue
        if name == "total":
            figures.total = PeriodCount(*counts)
            continue
        key = {"by_severity": severity, "by_taxonomy": taxonomy, "by_report": report}[name]
        getattr(figures, name)[str(key)] = PeriodCount(*counts)


def _tell_oldest(db: ScratchDatabase, found: dict[int, Figures], period: Period) -> None:
    sql = sql_file("samsyn.situation.measures", "oldest.sql")
    everyone: list[Oldest] = []
    for organisation, finding, report, severity, opened in db.rows(
        sql, {"ends": period.ends_on, "most": OLDEST_MOST}
    ):
        old = Oldest(finding, report, severity, opened.isoformat())
        found[organisation].oldest.append(old)
        everyone.append(old)
    everyone.sort(key=lambda o: (-o.severity, o.opened_on, o.finding_id))
    found[SECTOR].oldest = everyone[:OLDEST_MOST]


def _tell_newcomers(db: ScratchDatabase, found: dict[int, Figures], period: Period) -> None:
    sql = sql_file("samsyn.situation.measures", "newcomers.sql")
    given = {"begins": period.begins_on, "ends": period.ends_on}
    sector: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for organisation, report, severity, findings in db.rows(sql, given):
        found[organisation].newcomers.append(Newcomer(report, severity, findings))
        sector[report][0] = max(sector[report][0], severity)
        sector[report][1] += findings
    found[SECTOR].newcomers = [
        Newcomer(report, severity, findings)
        for report, (severity, findings) in sorted(
            sector.items(), key=lambda item: (-item[1][0], -item[1][1], item[0])
        )
    ]


def _draw_trend(db: ScratchDatabase, found: dict[int, Figures], period: Period) -> None:
    days = period.month_ends(TREND_MONTHS)
    for figures in found.values():
        figures.trend = {day.isoformat(): {} for day in days}
    sql = sql_file("samsyn.situation.measures", "trend.sql")
    for organisation, day, severity, number in db.rows(sql, {"days": days}):
        for key in (organisation, SECTOR):
            row = found[key].trend[day.isoformat()]
            row[str(severity)] = row.get(str(severity), 0) + number


def _member_row(pk: int, name: str, figures: Figures) -> MemberRow:
    total = figures.total
    return MemberRow(
        organisation_id=pk,
        name=name,
        open=total.open,
        critical=figures.critical.open,
        new=total.new,
        closed=total.closed,
        days_to_fix=total.days_to_fix,
    )
