"""What the home pages are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from samsyn.cockpit.selectors import OrganisationStanding
from samsyn.findings.models import Finding
from samsyn.findings.texts import report_title
from samsyn.ui.charts import Stack, Tile, columns_svg, tiles_svg
from samsyn.ui.components import (
    BarLine,
    BarList,
    ChartCard,
    EmptyState,
    NumberTile,
    Panel,
    TileRow,
    Tone,
)
from samsyn.ui.components.badges import SEVERITY_WORDS, severity_html
from samsyn.ui.components.base import joined
from samsyn.ui.moments import Reader, day_of_year_text, day_text, short_html

LEVEL_WORDS = (
    gettext_lazy("nothing open"),
    gettext_lazy("only minor things open"),
    gettext_lazy("high findings open"),
    gettext_lazy("critical findings open"),
    gettext_lazy("critical findings old or many"),
)


def findings_url(**narrowed: Any) -> str:
    """Return the address of the list of findings, narrowed."""
    given = {name: value for name, value in narrowed.items() if value not in {None, ""}}
    return f"{reverse('findings:list')}?{urlencode({'state': 'unsolved', **given})}"


def standing_tiles(
    one: OrganisationStanding, *, organisation: int | None = None, trend: dict[date, dict[int, int]]
) -> TileRow:
    """Return the figures of a home page: open, critical, new and old critical."""
    sums = tuple(float(sum(row.values())) for row in trend.values())
    critical = tuple(float(row.get(4, 0)) for row in trend.values())
    return TileRow(
        tiles=(
            NumberTile(
                label=pgettext("findings", "Critical"),
                value=one.critical,
                tone=Tone.DANGER if one.critical else Tone.SUCCESS,
                note=_new_note(one.new_critical),
                trend=critical,
                trend_meaning=_("Critical findings, week by week"),
                url=findings_url(severity=4, organisation=organisation),
            ),
            NumberTile(
                label=pgettext("findings", "Open"),
                value=one.open,
                trend=sums,
                trend_meaning=_("Open findings, week by week"),
                url=findings_url(organisation=organisation),
            ),
            NumberTile(
                label=_("New since yesterday"),
                value=one.new,
                tone=Tone.INFO if one.new else Tone.NEUTRAL,
                url=_new_url(organisation),
            ),
            NumberTile(
                label=_("Critical for over 30 days"),
                value=one.old_critical,
                tone=Tone.WARNING if one.old_critical else Tone.SUCCESS,
                url=findings_url(severity=4, age=30, organisation=organisation),
            ),
        )
    )


def _new_note(count: int) -> str:
    if not count:
        return ""
    return ngettext("%d new since yesterday", "%d new since yesterday", count) % count


def _new_url(organisation: int | None) -> str:
    return findings_url(organisation=organisation, is_new="on", order="-first_seen_at")


def trend_card(trend: dict[date, dict[int, int]]) -> ChartCard:
    """Return the chart of what was open, week by week, by severity."""
    labels = [day_of_year_text(day) for day in trend]
    return ChartCard(
        title=_("Open findings, the last half year"),
        reading=_trend_reading(trend),
        draw=lambda width: columns_svg(
            _stacks(trend),
            labels,
            title=_("Open findings, the last half year"),
            description=_trend_reading(trend),
            width=width,
        ),
        heads=(_("Week until"), *(str(SEVERITY_WORDS[level]) for level in range(4, -1, -1))),
        rows=tuple(
            (day_text(day), *(row.get(level, 0) for level in range(4, -1, -1)))
            for day, row in trend.items()
        ),
        width=680,
    )


def _stacks(trend: dict[date, dict[int, int]]) -> list[Stack]:
    return [
        Stack(
            name=str(SEVERITY_WORDS[level]),
            values=[row.get(level, 0) for row in trend.values()],
            role=f"level{level}",
        )
        for level in range(4, -1, -1)
        if any(row.get(level) for row in trend.values())
    ]


def _trend_reading(trend: dict[date, dict[int, int]]) -> str:
    sums = [sum(row.values()) for row in trend.values()]
    if not any(sums):
        return _("Nothing was open.")
    return _("From %(first)d to %(last)d, with %(most)d at the highest.") % {
        "first": sums[0],
        "last": sums[-1],
        "most": max(sums),
    }


def finding_lines(findings: Iterable[Finding], *, with_owner: bool) -> SafeString | None:
    """Return findings as a short list: what, where, whose and since when; None when empty."""
    reader = Reader.here()
    rows = [_finding_line(f, reader, with_owner=with_owner) for f in findings]
    return format_html('<ul class="rows">{}</ul>', joined(rows)) if rows else None


def _finding_line(finding: Finding, reader: Reader, *, with_owner: bool) -> SafeString:
    where = f"{finding.subject}:{finding.port}" if finding.port else finding.subject
    whose = f"{finding.organisation.name} · {where}" if with_owner else where
    return format_html(
        '<li><span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></span>'
        '<span class="row-end">{}<span class="sub">{}</span></span></li>',
        finding.get_absolute_url(),
        report_title(finding.report),
        whose,
        severity_html(finding.severity),
        short_html(finding.first_seen_at, reader=reader),
    )


def findings_panel(
    title: str, findings: Iterable[Finding], *, empty: str, url: str, with_owner: bool
) -> Panel:
    """Return a card with a short list of findings and the way to all of them."""
    lines = finding_lines(findings, with_owner=with_owner)
    aside = format_html('<a class="ds-link" href="{}">{}</a>', url, _("See all")) if lines else ""
    return Panel(title=title, body=lines or EmptyState(title=empty), aside=aside)


def concerned_panel(rows: list[OrganisationStanding]) -> Panel:
    """Return whom the new findings concern, the worst first."""
    concerned = [r for r in rows if r.new]
    concerned.sort(key=lambda r: (-r.new_critical, -r.new, r.name))
    if not concerned:
        return Panel(
            title=_("Whom it concerns"), body=EmptyState(title=_("Nobody has any new findings"))
        )
    bars = tuple(
        BarLine(
            label=row.name,
            value=row.new,
            url=row.get_absolute_url(),
            note=_critical_note(row.new_critical),
            tone=Tone.DANGER if row.new_critical else Tone.NEUTRAL,
        )
        for row in concerned[:10]
    )
    return Panel(title=_("Whom it concerns"), body=BarList(bars=bars, caption=_("New findings")))


def _critical_note(count: int) -> str:
    if not count:
        return ""
    return ngettext("%d critical", "%d critical", count) % count


def kinds_panel(kinds: list[tuple[str, int]], *, organisation: int | None = None) -> Panel:
    """Return which kinds are open the most."""
    if not kinds:
        return Panel(title=_("What is open"), body=EmptyState(title=_("Nothing is open")))
    bars = tuple(
        BarLine(
            label=report_title(report),
            value=number,
            url=findings_url(report=report, organisation=organisation),
        )
        for report, number in kinds
    )
    return Panel(title=_("What is open"), body=BarList(bars=bars, caption=_("Open findings")))


def map_card(rows: list[OrganisationStanding]) -> Panel:
    """Return the members as a map of tiles; each is a link, its state in colour and words."""
    tiles = [
        Tile(
            x=row.organisation.tile_x,
            y=row.organisation.tile_y,
            code=row.organisation.mark,
            name=row.name,
            level=row.level if row.is_known else None,
            meaning=_map_meaning(row),
            figure=str(row.open) if row.open else "",
            url=row.get_absolute_url(),
        )
        for row in rows
        if row.organisation
        and row.organisation.tile_x is not None
        and row.organisation.tile_y is not None
    ]
    title = _("The members by state")
    if not tiles:
        body: object = EmptyState(
            title=_("No member has a place on the map"),
            text=_(
                "Give the members a column and a row on the map, where their facts are changed."
            ),
        )
    else:
        drawing = tiles_svg(
            tiles, title=title, description=_("Darker is worse; the figure is open findings.")
        )
        body = mark_safe(drawing)  # noqa: S308  the chart escapes its texts
    is_known = all(row.is_known for row in rows)
    return Panel(title=title, body=format_html("{}{}", body, _legend(is_known=is_known)))


def _map_meaning(row: OrganisationStanding) -> str:
    if not row.is_known:
        return _("not known: no confirmed resource")
    level = row.level if row.open else 0
    opened = ngettext("%d open finding", "%d open findings", row.open) % row.open
    return f"{LEVEL_WORDS[level]}: {opened}"


def _legend(*, is_known: bool) -> SafeString:
    """Return what the colours mean; what is not known only where it is shown."""
    levels: list[tuple[str, object]] = [(f"level{n}", w) for n, w in enumerate(LEVEL_WORDS)]
    shown = levels if is_known else [*levels, ("unknown", _("not known"))]
    items = joined(
        format_html('<li><span class="swatch {}"></span>{}</li>', look, words)
        for look, words in shown
    )
    return format_html('<ul class="legend">{}</ul>', items)
