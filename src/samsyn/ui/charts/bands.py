"""Where one stands in a group: one's own mark on the band between the group's quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.ui.charts.drawing import WEB, Palette, svg, text_svg, text_width, wrapped

ROW = 64.0
BAND_TOP, BAND_HIGH = 24.0, 18.0
MARK = 7.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """One figure: the group's quartiles and one's own value, between the ends of its scale."""

    name: str
    low: float
    median: float
    high: float
    own: float | None
    least: float
    most: float
    own_text: str = ""
    median_text: str = ""
    ticks: tuple[float, ...] = ()  # places on the scale that are worth a mark


def bands_svg(
    rows: Sequence[BandRow],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    palette: Palette = WEB,
) -> str:
    """Return figures under each other: the middle half as a band, its median a line, oneself a dot.

    On a narrow drawing the names stand above their bands.
    """
    is_narrow = width < 480  # noqa: PLR2004  a phone
    room = 0.0 if is_narrow else min(_widest(rows) + 20, width * 0.36)
    high = ROW + (18 if is_narrow else 0)
    body = []
    for number, row in enumerate(rows):
        top = number * high
        body += _name(row, top, room, width, palette, is_narrow=is_narrow)
        body += _band(row, top + (18 if is_narrow else 0), room, width - 14, palette)
    return svg(width, high * len(rows) + 4, body, title=title, description=description)


def _widest(rows: Sequence[BandRow]) -> float:
    return max((text_width(row.name, 13) for row in rows), default=0)


def _name(
    row: BandRow, top: float, room: float, width: float, palette: Palette, *, is_narrow: bool
) -> list[str]:
    if is_narrow:
        return [text_svg(0, top + 14, row.name, fill=palette["ink"], size=13, weight=550)]
    lines = wrapped(row.name, min(room, width) - 20, 13)[:2]
    begin = top + BAND_TOP + BAND_HIGH / 2 + 4.5 - (len(lines) - 1) * 7.5
    return [
        text_svg(0, begin + 15 * n, line, fill=palette["ink"], size=13, weight=550)
        for n, line in enumerate(lines)
    ]


def _band(row: BandRow, top: float, left: float, right: float, palette: Palette) -> list[str]:
    begin = left + 14

    def at(value: float) -> float:
        share = (value - row.least) / ((row.most - row.least) or 1)
        return begin + (right - begin) * min(max(share, 0), 1)

    y = top + BAND_TOP
    ticks = [at(tick) for tick in row.ticks]
    low, high, median = at(row.low), at(row.high), at(row.median)
    edge = f'fill="{palette["level1"]}" stroke="{palette["three"]}"'
    middle, quiet = y + BAND_HIGH / 2, palette["quiet"]
    drawn = [
        _line(begin, middle, right, middle, f'stroke="{palette["line"]}" stroke-width="2"'),
        *(_line(x, middle - 5, x, middle + 5, f'stroke="{palette["line"]}"') for x in ticks),
        _box(low - 3, y, high - low + 6, edge),
        _line(median, y - 3, median, y + BAND_HIGH + 3, f'{edge} stroke-width="3"'),
        _written(median, y + BAND_HIGH + 16, row.median_text, (begin, right), quiet, 400),
    ]
    if row.own is not None:
        x = at(row.own)
        fill = f'fill="{palette["one"]}" stroke="{palette["paper"]}" stroke-width="2"'
        drawn.append(f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="{MARK}" {fill}/>')
        drawn.append(_written(x, y - 7, row.own_text, (begin, right), palette["one"], 650))
    return drawn


def _written(
    x: float, y: float, text: str, ends: tuple[float, float], colour: str, weight: int
) -> str:
    """Write a text centred on a place, but never past the ends of its band."""
    half = text_width(text) / 2
    place = min(max(x, ends[0] + half), max(ends[1] - half, ends[0] + half))
    return text_svg(place, y, text, fill=colour, anchor="middle", weight=weight)


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {stroke}/>'


def _box(x: float, y: float, wide: float, colours: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BAND_HIGH:g}"'
    return f'<rect {place} rx="6" {colours}/>'
