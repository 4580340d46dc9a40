"""A picture in words: what the figures say, in the reader's language, for page and print alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.access.letters import as_read
from samsyn.findings.texts import advice, report_title, taxonomy_name
from samsyn.kernel.numbers import Quartiles
from samsyn.kernel.periods import MONTHS_IN_QUARTER, MONTHS_IN_YEAR, Period
from samsyn.situation.models import Audience, Edition
from samsyn.situation.rules import ChangeDirection, Figures, PeriodCount, against, direction
from samsyn.ui.components.badges import SEVERITY_WORDS
from samsyn.ui.moments import day_text

EXPOSURES_MOST = 3
ROWS_MOST = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureText:
    """One figure in words: its label, value, what it is compared with, and its tone."""

    label: str
    value: str
    note: str = ""
    tone: str = "neutral"
    figure: str = "open"
    cut: str = ""
    key: str = ""
    is_count: bool = True  # else it says something else of the rows that it leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One of the things that matter most: what, how many, why it matters and the first step."""

    report: str
    title: str
    severity: int
    open: int
    members: int
    why: str
    first_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """One line of a table, with the key that its numbers open by."""

    key: str
    name: str
    count: PeriodCount


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStanding:
    """Where one stands among the members: own value and the group's quartiles, or withheld."""

    name: str
    own: float | None
    group: Quartiles | None
    place: str | None

    @property
    def says(self) -> str:
        """The place in words."""
        words = {
            "best": _("better than most members"),
            "middle": _("about the same as most members"),
            "worst": _("worse than most members"),
        }
        return words.get(self.place or "", _("withheld: fewer than five members to compare with"))


@dataclass(slots=True, kw_only=True)
class SituationPicture:
    """All that an edition says, ready to be shown."""

    edition: Edition
    figures: Figures
    title: str
    period: str
    sentence: str
    words: str
    tiles: list[FigureText] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    severities: list[CountRow] = field(default_factory=list)
    taxonomies: list[CountRow] = field(default_factory=list)
    reports: list[CountRow] = field(default_factory=list)
    standings: list[PeerStanding] = field(default_factory=list)
    oldest: list[tuple[int, str, int, str]] = field(default_factory=list)
    newcomers: list[tuple[str, int, int]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def is_for_management(self) -> bool:
        return self.edition.audience == Audience.MANAGEMENT


def picture_of(edition: Edition, *, language: str) -> SituationPicture:
    """Return an edition in words; the active language must be ``language``.

    The analyst's words are shown in that language, else in one that they were written in.
    """
    figures = edition.picture
    picture = SituationPicture(
        edition=edition,
        figures=figures,
        title=_title(edition),
        period=period_text(edition.period),
        sentence=_sentence(edition, figures),
        words=_words(edition, language),
    )
    picture.tiles = _tiles(figures)
    picture.exposures = _exposures(figures)
    picture.severities = _by_severity(figures)
    picture.taxonomies = _sorted_rows(figures.by_taxonomy, taxonomy_name)
    picture.reports = _sorted_rows(figures.by_report, report_title)[:ROWS_MOST]
    picture.standings = [] if edition.is_sector else _standings(figures)
    picture.oldest = [
        (o.finding_id, report_title(o.report), o.severity, o.opened_on) for o in figures.oldest
    ]
    picture.newcomers = [
        (report_title(n.report), n.severity, n.findings) for n in figures.newcomers[:ROWS_MOST]
    ]
    picture.questions = _questions(figures, is_sector=edition.is_sector)
    return picture


def period_text(period: Period) -> str:
    """Return a period as people say it: October 2026, 3rd quarter 2026, 2026."""
    if period.months == MONTHS_IN_YEAR:
        return str(period.begins_on.year)
    if period.months == MONTHS_IN_QUARTER:
        number = (period.begins_on.month + 2) // 3
        return _("quarter %(number)d of %(year)d") % {
            "number": number,
            "year": period.begins_on.year,
        }
    return formats.date_format(period.begins_on, "F Y")


def _title(edition: Edition) -> str:
    names = {"name": edition.organisation.name, "period": period_text(edition.period)}
    if edition.is_sector:
        return _("The situation in the sector, %(period)s") % names
    return _("The situation at %(name)s, %(period)s") % names


def _words(edition: Edition, language: str) -> str:
    written = edition.words or {}
    return str(written.get(language) or next((w for w in written.values() if w), ""))


def _sentence(edition: Edition, figures: Figures) -> str:
    """Return the state in three short sentences; each is whole, so that it can be translated."""
    total, critical = figures.total, figures.critical.open
    if total.open == 0:
        return _("Nothing that we know of is open at the end of the period.")
    way = direction(total.open, total.open_before)
    said = (_how_many(total.open, is_sector=edition.is_sector), _how_bad(total.open, critical))
    return " ".join((*said, _which_way(way)))


def _how_many(count: int, *, is_sector: bool) -> str:
    said = ngettext("%(count)d finding is open.", "%(count)d findings are open.", count)
    if is_sector:
        said = ngettext(
            "In the sector, %(count)d finding is open.",
            "In the sector, %(count)d findings are open.",
            count,
        )
    return said % {"count": count}


def _how_bad(count: int, critical: int) -> str:
    if count == 1:
        return _("It is critical.") if critical else _("It is not critical.")
    if critical == 0:
        return _("None of them is critical.")
    return ngettext(
        "%(count)d of them is critical.", "%(count)d of them are critical.", critical
    ) % {"count": critical}


def _which_way(way: ChangeDirection) -> str:
    return {
        ChangeDirection.BETTER: _("There are fewer than in the period before."),
        ChangeDirection.WORSE: _("There are more than in the period before."),
        ChangeDirection.SAME: _("There are about as many as in the period before."),
    }[way]


def _tiles(figures: Figures) -> list[FigureText]:
    total, critical = figures.total, figures.critical
    return [
        FigureText(
            label=pgettext("findings", "Open"),
            value=number(total.open),
            note=_against_before(total.open, total.open_before),
            tone=_tone(total.open, total.open_before),
            figure="open",
        ),
        FigureText(
            label=pgettext("findings", "Critical"),
            value=number(critical.open),
            note=_against_before(critical.open, critical.open_before),
            tone="danger" if critical.open else "success",
            cut="severity",
            key="4",
        ),
        FigureText(
            label=pgettext("findings", "New"),
            value=number(total.new),
            note=_against_before(total.new, total.new_before),
            figure="new",
        ),
        FigureText(
            label=_("Days to fix (median)"),
            value=days(total.days_to_fix),
            note=_("before: %s") % days(total.days_to_fix_before),
            figure="closed",
            is_count=False,
        ),
    ]


def _exposures(figures: Figures) -> list[Exposure]:
    severity = {o.report: o.severity for o in reversed(figures.oldest)}
    rows = [(name, c) for name, c in figures.by_report.items() if c.open]
    rows.sort(key=lambda row: (-severity.get(row[0], 0), -row[1].open, row[0]))
    found = []
    for report, count in rows[:EXPOSURES_MOST]:
        text = advice(report)
        found.append(
            Exposure(
                report=report,
                title=text.title,
                severity=severity.get(report, 0),
                open=count.open,
                members=count.members,
                why=text.why or text.meaning,
                first_step=text.steps[0] if text.steps else "",
            )
        )
    return found


def _by_severity(figures: Figures) -> list[CountRow]:
    return [
        CountRow(
            key=str(level), name=str(SEVERITY_WORDS[level]), count=figures.by_severity[str(level)]
        )
        for level in range(4, -1, -1)
        if str(level) in figures.by_severity
    ]


def _sorted_rows(counts: dict[str, PeriodCount], name_of: Callable[[str], str]) -> list[CountRow]:
    rows = [CountRow(key=key, name=name_of(key), count=count) for key, count in counts.items()]
    rows = [row for row in rows if row.count.open or row.count.new or row.count.closed]
    return sorted(rows, key=lambda row: (-row.count.open, -row.count.new, as_read(row.name)))


def _standings(figures: Figures) -> list[PeerStanding]:
    own: list[tuple[str, str, float | None]] = [
        ("open", _("Open findings"), figures.total.open),
        ("critical", _("Critical findings"), figures.critical.open),
        ("new", _("New findings"), figures.total.new),
        ("days_to_fix", _("Days to fix"), figures.total.days_to_fix),
    ]
    return [
        PeerStanding(
            name=name,
            own=value,
            group=figures.sector.get(key),
            place=against(value, figures.sector.get(key)),
        )
        for key, name, value in own
        if value is not None
    ]


def _questions(figures: Figures, *, is_sector: bool) -> list[str]:
    """Return what management should ask next, from what the figures show."""
    asked = []
    if figures.critical.open:
        asked.append(_("When will the critical findings be fixed, and who is responsible?"))
    if figures.oldest:
        oldest = day_text(date.fromisoformat(figures.oldest[0].opened_on))
        asked.append(_("Why has the oldest serious finding been open since %s?") % oldest)
    if figures.newcomers:
        asked.append(_("How did the new kinds of findings arise, and are there more of them?"))
    if not is_sector and any(s.place == "worst" for s in _standings(figures)):
        asked.append(_("What do the members with better figures do that we do not?"))
    return asked or [_("What do we do to keep it this way?")]


def _against_before(now: int, before: int) -> str:
    change = now - before
    if change == 0:
        return _("same as the period before")
    sign = "+" if change > 0 else "\u2212"
    return _("%(change)s since the period before") % {"change": f"{sign}{abs(change)}"}


def _tone(now: int, before: int) -> str:
    tones = {
        ChangeDirection.BETTER: "success",
        ChangeDirection.WORSE: "warning",
        ChangeDirection.SAME: "neutral",
    }
    return tones[direction(now, before)]


def number(value: float) -> str:
    """Return a figure as the reader's language writes it."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def days(value: float | None) -> str:
    """Return a number of days, with at most one decimal; a dash when there is none."""
    if value is None:
        return "–"
    return formats.number_format(value, decimal_pos=0 if float(value).is_integer() else 1)
