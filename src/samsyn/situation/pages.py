"""An edition as a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.findings.selectors import finding_list
from samsyn.situation.charts import standing_chart, trend_chart, trend_reading, trend_rows
from samsyn.situation.models import Edition
from samsyn.situation.selectors import may_open_rows
from samsyn.situation.wording import (
    CountRow,
    Exposure,
    FigureText,
    SituationPicture,
    days,
    number,
    picture_of,
)
from samsyn.ui.components import ChartCard, EmptyState, NumberTile, Panel, TileRow, Tone
from samsyn.ui.components.badges import SEVERITY_WORDS, severity_html
from samsyn.ui.components.base import joined
from samsyn.ui.moments import day_text


def edition_page(*, actor: Actor, subject: Edition) -> dict[str, Any]:
    """Return what an edition's page shows; every number leads to its rows."""
    picture = picture_of(subject, language=get_language() or "en")
    opens = _Ways(subject, is_open=may_open_rows(actor=actor, edition=subject))
    return {
        "title": picture.title,
        "picture": picture,
        "tiles": TileRow(tiles=tuple(_tile(opens, said) for said in picture.tiles)),
        "trend": _trend(picture),
        "exposures": [_exposure(opens, e) for e in picture.exposures],
        "standings": [_standing(s) for s in picture.standings],
        "tables": _tables(actor, picture, opens),
        "members": _members(picture),
    }


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways to the findings behind the numbers of an edition, for who may see findings."""

    edition: Edition
    is_open: bool

    def to(self, figure: str, cut: str = "", key: str = "") -> str:
        """Return the address of the findings behind a number; nothing for who may not see any."""
        if not self.is_open:
            return ""
        query = urlencode({k: v for k, v in {"cut": cut, "key": key}.items() if v})
        address = reverse("situation:rows", args=[self.edition.pk, figure])
        return f"{address}?{query}" if query else address


def _tile(opens: _Ways, figure: FigureText) -> NumberTile:
    return NumberTile(
        label=figure.label,
        value=figure.value,
        note=figure.note,
        tone=Tone(figure.tone),
        url=opens.to(figure.figure, figure.cut, figure.key),
        is_count=figure.is_count,
    )


def _trend(picture: SituationPicture) -> ChartCard:
    return ChartCard(
        title=_("Open findings at the end of each month"),
        reading=trend_reading(picture.figures),
        draw=lambda width: trend_chart(picture.figures, width=width),
        heads=(_("Month"), *(str(SEVERITY_WORDS[level]) for level in range(4, -1, -1))),
        rows=tuple(trend_rows(picture.figures)),
        width=1000,
    )


def _exposure(opens: _Ways, exposure: Exposure) -> dict[str, Any]:
    return {
        "title": exposure.title,
        "severity": severity_html(exposure.severity),
        "counted": _counted(exposure, with_members=opens.edition.is_sector),
        "why": exposure.why,
        "first_step": exposure.first_step,
        "url": opens.to("open", "report", exposure.report),
    }


def _counted(exposure: Exposure, *, with_members: bool) -> str:
    opened = ngettext("%d open", "%d open", exposure.open) % exposure.open
    if not with_members:
        return opened
    members = ngettext("%d member", "%d members", exposure.members) % exposure.members
    return f"{opened} · {members}"


def _standing(standing: Any) -> ChartCard:
    return ChartCard(
        title=standing.name,
        reading=standing.says,
        draw=lambda width: standing_chart(standing, width=width),
        level=3,
    )


def _tables(actor: Actor, picture: SituationPicture, opens: _Ways) -> list[Panel]:
    panels = [
        _counts(opens, _("By severity"), _("Severity"), "severity", picture.severities),
        _counts(opens, _("By class"), _("Class"), "taxonomy", picture.taxonomies),
        _counts(opens, _("By kind"), _("Kind"), "report", picture.reports),
    ]
    if picture.oldest:
        panels.append(_oldest(actor, picture))
    if picture.newcomers:
        panels.append(_newcomers(picture))
    return panels


def _counts(opens: _Ways, title: str, name: str, cut: str, rows: list[CountRow]) -> Panel:
    if not rows:
        return Panel(title=title, body=EmptyState(title=_("Nothing to count")))
    heads = (
        name,
        pgettext("findings", "Open"),
        _("Before"),
        pgettext("findings", "New"),
        pgettext("findings", "Closed"),
        _("Days to fix"),
    )
    body = [
        (
            row.name,
            _number(opens.to("open", cut, row.key), row.count.open),
            _number(opens.to("open_before", cut, row.key), row.count.open_before),
            _number(opens.to("new", cut, row.key), row.count.new),
            _number(opens.to("closed", cut, row.key), row.count.closed),
            days(row.count.days_to_fix),
        )
        for row in rows
    ]
    return Panel(title=title, body=_table(title, heads, body), is_flush=True)


def _number(url: str, value: int) -> object:
    if not value or not url:
        return number(value)
    return format_html('<a class="ds-link" href="{}">{}</a>', url, number(value))


def _oldest(actor: Actor, picture: SituationPicture) -> Panel:
    """Return the oldest; those that are there and that the actor may see lead to their pages."""
    ids = [pk for pk, _name, _severity, _opened in picture.oldest]
    there = set(finding_list(actor=actor).filter(pk__in=ids).values_list("pk", flat=True))
    title = _("The oldest serious findings")
    heads = (_("Kind"), _("Severity"), _("Open since"))
    link = '<a class="ds-link" href="{}">{}</a>'
    body = [
        (
            format_html(link, reverse("findings:detail", args=[pk]), name) if pk in there else name,
            severity_html(severity),
            day_text(date.fromisoformat(opened)),
        )
        for pk, name, severity, opened in picture.oldest
    ]
    return Panel(title=title, body=_table(title, heads, body, numeric=False), is_flush=True)


def _newcomers(picture: SituationPicture) -> Panel:
    title = _("Never seen before")
    heads = (_("Kind"), _("Severity"), _("Findings"))
    body = [(name, severity_html(level), number(n)) for name, level, n in picture.newcomers]
    return Panel(title=title, body=_table(title, heads, body, numeric=False), is_flush=True)


def _members(picture: SituationPicture) -> Panel | None:
    if not picture.figures.members:
        return None
    title = _("Members concerned")
    heads = (
        _("Member"),
        pgettext("findings", "Open"),
        pgettext("findings", "Critical"),
        pgettext("findings", "New"),
        pgettext("findings", "Closed"),
        _("Days to fix"),
    )
    body = [
        (
            format_html(
                '<a class="ds-link" href="{}">{}</a>',
                reverse("cockpit:member", args=[m.organisation_id]),
                m.name,
            ),
            *(number(value) for value in (m.open, m.critical, m.new, m.closed)),
            days(m.days_to_fix),
        )
        for m in picture.figures.members
    ]
    return Panel(title=title, body=_table(title, heads, body), is_flush=True)


def _table(
    title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]], *, numeric: bool = True
) -> SafeString:
    kind = ' class="num"' if numeric else ""
    cell = f"<td{kind}>{{}}</td>"
    lines = joined(
        format_html(
            '<tr><th scope="row">{}</th>{}</tr>',
            row[0],
            joined(format_html(cell, value) for value in row[1:]),
        )
        for row in rows
    )
    first = format_html('<th scope="col">{}</th>', heads[0])
    others = joined(format_html(f'<th scope="col"{kind}>{{}}</th>', head) for head in heads[1:])
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="ds-table">'
        "<thead><tr>{}{}</tr></thead><tbody>{}</tbody></table></div>",
        title,
        first,
        others,
        lines,
    )
