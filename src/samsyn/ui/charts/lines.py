"""Lines over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from samsyn.ui.charts.drawing import (
    SERIES,
    WEB,
    Palette,
    nice_top,
    shown,
    spread,
    svg,
    text_svg,
    text_width,
    wrapped,
)

LABEL_MOST = 170  # a longer name at a line's end goes on two lines
TOP, BOTTOM = 16, 28
MARK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: its name and a value for each label; None where nothing is known."""

    name: str
    values: Sequence[float | None]
    role: str = ""  # a colour role; without one, the next of SERIES


def trend_svg(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    height: float = 260,
    palette: Palette = WEB,
) -> str:
    """Return lines over time, each named at its end, with a few round grid lines."""
    known = [v for s in series for v in s.values if v is not None]
    top, step = nice_top(max(known, default=0))
    ends = _end_labels(series, width)
    left = text_width(shown(top)) + 12
    right = max((text_width(line, 12) for lines in ends for line in lines), default=0) + 16
    plane = _Plane(left, width - right, TOP, height - BOTTOM, len(labels), top)
    body = [*_grid(plane, top, step, palette), *_x_labels(plane, labels, palette)]
    for number, each in enumerate(series):
        body.append(_line(plane, each, palette[each.role or SERIES[number % len(SERIES)]]))
    body += _names(plane, series, ends, palette)
    return svg(width, height, body, title=title, description=description)


def spark_svg(values: Sequence[float], *, title: str, width: float = 96, height: float = 36) -> str:
    """Return a small line without axes, in the colour of what surrounds it."""
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = (width - 8) / max(len(values) - 1, 1)
    points = [
        (4 + i * step, height - 5 - (height - 10) * (v - low) / reach) for i, v in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2.25"'
        f' stroke-linecap="round" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.25" fill="currentColor"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where a value lies on the drawing."""

    left: float
    right: float
    top: float
    bottom: float
    count: int
    most: float

    def x(self, i: float) -> float:
        return self.left + i * (self.right - self.left) / max(self.count - 1, 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most


def _grid(plane: _Plane, top: float, step: float, palette: Palette) -> list[str]:
    drawn = []
    for i in range(round(top / step) + 1):
        y = plane.y(i * step)
        drawn.append(
            f'<line x1="{plane.left:.1f}" x2="{plane.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{palette["line"]}"/>'
        )
        drawn.append(
            text_svg(plane.left - 8, y + 4, shown(i * step), fill=palette["quiet"], anchor="end")
        )
    return drawn


def _x_labels(plane: _Plane, labels: Sequence[str], palette: Palette) -> list[str]:
    """Write as many labels as there is room for, always the first and the last."""
    if not labels:
        return []
    widest = max(text_width(label) for label in labels) + 14
    fits = max(int((plane.right - plane.left) // widest), 1)
    every = -(-(len(labels) - 1) // fits) or 1
    last = len(labels) - 1
    chosen = [
        i for i in range(0, len(labels), every) if i == last or plane.x(last) - plane.x(i) > widest
    ]
    return [
        text_svg(plane.x(i), plane.bottom + 20, labels[i], fill=palette["quiet"], anchor="middle")
        for i in dict.fromkeys([*chosen, last])
    ]


def _line(plane: _Plane, series: Series, colour: str) -> str:
    """Draw the line in pieces: where nothing is known there is a gap, not a zero."""
    pieces: list[list[str]] = [[]]
    last: tuple[float, float] | None = None
    for i, value in enumerate(series.values):
        if value is None:
            pieces.append([])
            continue
        last = (plane.x(i), plane.y(value))
        pieces[-1].append(f"{last[0]:.1f},{last[1]:.1f}")
    drawn = "".join(
        f'<polyline points="{" ".join(piece)}" fill="none" stroke="{colour}" stroke-width="2.5"'
        f' stroke-linejoin="round" stroke-linecap="round"/>'
        for piece in pieces
        if len(piece) > 1
    )
    if last is None:
        return drawn
    return f'{drawn}<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="{MARK}" fill="{colour}"/>'


def _end_labels(series: Sequence[Series], width: float) -> list[list[str]]:
    room = min(LABEL_MOST, width * 0.3)
    return [wrapped(each.name, room) for each in series]


def _names(
    plane: _Plane, series: Sequence[Series], ends: list[list[str]], palette: Palette
) -> list[str]:
    """Write each name at the end of its line, apart from each other."""
    wanted = [
        plane.y(next((v for v in reversed(each.values) if v is not None), 0)) for each in series
    ]
    tallest = max((len(lines) for lines in ends), default=1)
    lowest = plane.bottom - 7 * (tallest - 1)
    placed = spread(wanted, 15.0 * tallest, plane.top, lowest)
    drawn = []
    for number, lines in enumerate(ends):
        colour = palette[series[number].role or SERIES[number % len(SERIES)]]
        begin = placed[number] + 4 - 7 * (len(lines) - 1)
        drawn += [
            text_svg(plane.right + 10, begin + 14 * i, line, fill=colour, weight=600)
            for i, line in enumerate(lines)
        ]
    return drawn
