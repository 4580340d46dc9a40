"""The drawings of a picture: the same for the page and for print, by palette."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.situation.rules import Figures
from samsyn.situation.wording import PeerStanding, days
from samsyn.ui.charts import WEB, ChartBar, Palette, Stack, bars_svg, columns_svg
from samsyn.ui.components.badges import SEVERITY_WORDS
from samsyn.ui.moments import month_text


def trend_chart(figures: Figures, *, width: float = 680, palette: Palette = WEB) -> str:
    """Return how many findings of each severity were open at the end of each month."""
    labels = [month_text(date.fromisoformat(day)) for day in figures.trend]
    stacks = [
        Stack(
            name=str(SEVERITY_WORDS[level]),
            values=[row.get(str(level), 0) for row in figures.trend.values()],
            role=f"level{level}",
        )
        for level in range(4, -1, -1)
        if any(row.get(str(level)) for row in figures.trend.values())
    ]
    return columns_svg(
        stacks,
        labels,
        title=_("Open findings at the end of each month"),
        description=trend_reading(figures),
        width=width,
        palette=palette,
    )


def trend_reading(figures: Figures) -> str:
    """Return what the trend shows, in a sentence."""
    sums = [sum(row.values()) for row in figures.trend.values()]
    if not sums or not any(sums):
        return _("Nothing was open in these months.")
    return _("Open findings: %(first)d a year ago, %(last)d now, %(most)d at the highest.") % {
        "first": sums[0],
        "last": sums[-1],
        "most": max(sums),
    }


def trend_rows(figures: Figures) -> list[tuple[str, ...]]:
    """Return the trend as a table: month, then one column for each severity from the worst."""
    return [
        (
            formats.date_format(date.fromisoformat(day), "F Y"),
            *(str(row.get(str(level), 0)) for level in range(4, -1, -1)),
        )
        for day, row in figures.trend.items()
    ]


def standing_chart(standing: PeerStanding, *, width: float = 680, palette: Palette = WEB) -> str:
    """Return one's own value beside the group's quartiles, as bars."""
    group = standing.group
    bars = [_bar(_("We"), standing.own or 0, "one")]
    if group is not None:
        bars += [
            _bar(_("The best quarter, at most"), group.low, "three"),
            _bar(_("Half of the members, at most"), group.median, "three"),
            _bar(_("Three quarters, at most"), group.high, "three"),
        ]
    return bars_svg(bars, title=standing.name, width=width, palette=palette)


def _bar(name: str, value: float, role: str) -> ChartBar:
    return ChartBar(name=name, value=value, role=role, figure=days(value))
