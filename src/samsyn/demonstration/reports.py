"""A year of Shadowserver reports about the demonstration sector, as files on disk."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from samsyn.demonstration.episodes import (
    DAILY_DAYS,
    SEED,
    DemonstrationPeriod,
    SimulatedEpisode,
    dice,
    everyday,
)
from samsyn.demonstration.events import cleaned, the_year
from samsyn.demonstration.sector import Sector, sector_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

STREAM = "nordic-sector"
DAMAGED_REPORT = "scan_snmp"
DAMAGED_DAYS_AGO = 5
REGIONS = {"NO": "FJORDLANDET", "SE": "SKOGSLANDET"}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """All that happened in the period; the same for the same sector, last day and seed."""

    period: DemonstrationPeriod
    episodes: tuple[SimulatedEpisode, ...]
    seed: int

    def open_on(self, day: date, report: str) -> Iterator[SimulatedEpisode]:
        """Yield what a report of that day shows."""
        for episode in self.episodes:
            if episode.report == report and episode.is_open(day) and self._shows(episode, day):
                yield episode

    def _shows(self, episode: SimulatedEpisode, day: date) -> bool:
        if episode.chance >= 1:
            return True
        return dice(self.seed, day, episode.report, episode.address).random() < episode.chance


def make_story(
    *, until: date, months: int = 12, seed: int = SEED, sector: Sector | None = None
) -> Scenario:
    """Return what happened in the sector during the months that end with ``until``."""
    sector = sector or sector_read()
    period = DemonstrationPeriod(first=until - timedelta(days=round(months * 30.44)), last=until)
    usual = everyday(sector, period, seed)
    told = [cleaned(episode, period) for episode in usual]
    episodes = [episode for episode in told if episode]
    return Scenario(
        period=period,
        episodes=(*episodes, *the_year(sector, period, episodes, seed)),
        seed=seed,
    )


def make_reports(
    folder: Path,
    *,
    until: date,
    months: int = 12,
    schema: Mapping[str, Any],
    seed: int = SEED,
) -> list[Path]:
    """Write the reports of the demonstration sector and return their files, oldest first.

    Weekly over the months, then daily for the last fourteen days. A report without a row on
    a day has no file, as with the real feed.

    Args:
        folder: where the files go; made if it is not there.
        until: the day of the newest report.
        months: how far back the story goes.
        schema: the pack of reports (``packs/reports/shadowserver.json``): ``reports`` with
            ``columns`` and ``layout`` each.
        seed: another seed tells another year; it is written to ``seed.txt`` beside the files.

    Returns:
        The files, named as Shadowserver names them.

    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed.txt").write_text(f"{seed}\n", encoding="ascii")
    story = make_story(until=until, months=months, seed=seed)
    reports = sorted({episode.report for episode in story.episodes})
    written = [
        _write(folder, day, report, story, schema["reports"][report])
        for day in report_days(story.period)
        for report in reports
    ]
    return [path for path in written if path is not None]


def report_days(period: DemonstrationPeriod) -> list[date]:
    """Return the days that have reports: each week, then each of the last fourteen days."""
    daily_from = period.last - timedelta(days=DAILY_DAYS - 1)
    weekly = []
    day = period.first
    while day < daily_from:
        weekly.append(day)
        day += timedelta(weeks=1)
    return [*weekly, *(daily_from + timedelta(days=n) for n in range(DAILY_DAYS))]


def _write(
    folder: Path, day: date, report: str, story: Scenario, facts: Mapping[str, Any]
) -> Path | None:
    rows = sorted(_rows(day, story.open_on(day, report), facts, story.seed))
    if not rows:
        return None
    path = folder / f"{day.isoformat()}-{report}-{STREAM}.csv"
    lines = [_line(facts["columns"]), *(_line(row) for row in rows)]
    if report == DAMAGED_REPORT and day == story.period.ago(DAMAGED_DAYS_AGO):
        middle = len(lines) // 2
        lines[middle:middle] = damaged_lines(rows[middle - 1], facts["columns"])
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


def damaged_lines(good: list[str], columns: list[str]) -> list[str]:
    """Return what a cut transfer and a sensor gone wrong make of a good row: four bad lines."""
    timestamp, address = columns.index("timestamp"), columns.index("ip")
    no_moment, no_address = [*good], [*good]
    no_moment[timestamp] = "2026-13-41 99:99:99"
    no_address[address] = "999.18.20.7"
    cut = _line(good[:5])
    return [_line(no_moment), cut, _line(no_address), cut.rstrip().removesuffix('"') + "\n"]


def _rows(
    day: date, episodes: Iterable[SimulatedEpisode], facts: Mapping[str, Any], seed: int
) -> Iterator[list[str]]:
    for episode in episodes:
        cells = _cells(day, episode, facts["layout"], seed)
        yield [cells.get(column, "") for column in facts["columns"]]


def _cells(
    day: date, episode: SimulatedEpisode, layout: Mapping[str, str], seed: int
) -> dict[str, str]:
    """Return the cells of a row, under the names that this report gives them."""
    random = dice(seed, "row", day, episode.report, episode.address, sorted(episode.cells.items()))
    moment = f"{random.randrange(24):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"
    known = {
        "severity": episode.severity,
        "tag": episode.tag,
        "protocol": episode.protocol,
        "address": episode.address,
        # A host that calls out does so from another port each time.
        "port": str(episode.port or random.randint(32768, 60999)),
        "host": episode.host,
        "asn": str(episode.asn or ""),
        "country": episode.country,
        "region": REGIONS.get(episode.country, ""),
        "city": episode.city,
        "sector": "Government" if episode.owner else "Communications",
    }
    named = {layout[word]: value for word, value in known.items() if word in layout}
    prefix = "src_" if layout.get("address", "").startswith("src_") else ""
    extra = {f"{prefix}naics": "921190", "hostname_source": "ptr" if episode.host else ""}
    return {"timestamp": f"{day.isoformat()} {moment}", **extra, **named, **episode.cells}


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
