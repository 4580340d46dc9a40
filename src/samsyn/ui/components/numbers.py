"""Figures that are looked at before they are read: tiles, bars, progress."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from samsyn.ui.charts import spark_svg
from samsyn.ui.components.base import Component, Text, Tone, joined

TREND: Text = _("Trend")


def shown(value: float | str | Text) -> str:
    """Return a figure as the reader's language writes it; a text stays as it is."""
    if isinstance(value, int | float):
        decimals = None if float(value).is_integer() else 1
        return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Spark(Component):
    """A small trend without axes. ``meaning`` says it in words for those who do not see it."""

    values: tuple[float, ...]
    meaning: Text
    tone: Tone = Tone.NEUTRAL

    def html(self) -> SafeString:
        # Safe: the chart escapes its texts.
        drawing = mark_safe(spark_svg(self.values, title=str(self.meaning)))  # noqa: S308  the drawing escapes its texts
        return format_html(
            '<span class="spark" data-color="{}">{}</span>', self.tone.value, drawing
        )


@dataclass(frozen=True, kw_only=True)
class NumberTile(Component):
    """One figure that matters, what it means, how it moves, and the way to its rows."""

    label: Text
    value: float | Text
    url: str = ""
    unit: Text = ""
    note: Text = ""
    tone: Tone = Tone.NEUTRAL
    trend: tuple[float, ...] = ()
    trend_meaning: Text = TREND
    is_count: bool = True  # of the rows that ``url`` opens

    def html(self) -> SafeString:
        figure = format_html(
            '<span class="tile-figure">{}{}</span>',
            shown(self.value),
            format_html('<span class="tile-unit">{}</span>', self.unit) if self.unit else "",
        )
        spark = ""
        if len(self.trend) > 1:
            spark = Spark(values=self.trend, meaning=self.trend_meaning, tone=self.tone).html()
        return format_html(
            '<div class="ds-card tile" data-tone="{}"><dt>{}</dt>'
            '<dd><span class="tile-row">{}{}</span>{}</dd></div>',
            self.tone.value,
            self._name(),
            figure,
            spark,
            self._note(),
        )

    def _name(self) -> SafeString | str:
        if not self.url:
            return str(self.label)
        return format_html(
            '<a class="tile-link" href="{}" data-figure="{}">{}</a>',
            self.url,
            shown(self.value) if self.is_count else "",
            self.label,
        )

    def _note(self) -> SafeString | str:
        if not self.note:
            return ""
        return format_html(
            '<span class="ds-tag" data-color="{}">{}</span>', self.tone.value, self.note
        )


@dataclass(frozen=True, kw_only=True)
class TileRow(Component):
    """The figures of a page, side by side."""

    tiles: tuple[NumberTile, ...]

    def html(self) -> SafeString:
        return format_html('<dl class="tiles">{}</dl>', joined(self.tiles))


@dataclass(frozen=True, kw_only=True)
class BarLine:
    """One line of a bar list."""

    label: Text
    value: float
    url: str = ""
    note: Text = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class BarList(Component):
    """Names with a bar and a figure, longest first or in the order given."""

    bars: tuple[BarLine, ...]
    caption: Text = ""

    def html(self) -> SafeString:
        most = max((bar.value for bar in self.bars), default=0) or 1
        return format_html(
            '<ul class="bars"{}>{}</ul>',
            format_html(' aria-label="{}"', self.caption) if self.caption else "",
            joined(_bar_html(bar, most) for bar in self.bars),
        )


def _bar_html(bar: BarLine, most: float) -> SafeString:
    name = format_html(
        '<a class="ds-link" href="{}" data-figure="{}">{}</a>', bar.url, shown(bar.value), bar.label
    )
    note = format_html('<span class="sub">{}</span>', bar.note) if bar.note else ""
    # A meter as SVG: widths in an attribute are allowed by the content policy, styles are not.
    return format_html(
        '<li data-tone="{}"><span class="bar-name">{}{}</span><span class="bar-figure">{}</span>'
        '<svg class="bar-line" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-track" width="100" height="4" rx="2"/>'
        '<rect class="bar-fill" width="{}" height="4" rx="2"/></svg></li>',
        bar.tone.value,
        name if bar.url else bar.label,
        note,
        shown(bar.value),
        round(max(100 * bar.value / most, 1.5 if bar.value else 0), 1),
    )


@dataclass(frozen=True, kw_only=True)
class Progress(Component):
    """How far something has come, in words and as a bar."""

    label: Text
    done: int
    total: int
    doing: Text = ""

    def html(self) -> SafeString:
        return format_html(
            '<div class="progress"><p><span>{}</span><span class="num">{}</span></p>'
            '<progress max="{}" value="{}" aria-label="{}"></progress>{}</div>',
            self.label,
            _("%(done)s of %(total)s") % {"done": shown(self.done), "total": shown(self.total)},
            max(self.total, 1),
            self.done,
            self.label,
            format_html('<p class="sub">{}</p>', self.doing) if self.doing else "",
        )
