"""Amounts side by side: horizontal bars by name, stacked columns over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.ui.charts.drawing import (
    SERIES,
    WEB,
    Palette,
    nice_top,
    shown,
    svg,
    text_svg,
    text_width,
    wrapped,
)

NAME_SHARE = 0.42  # the names take at most this share of the width; longer ones are wrapped
LINE = 16
LEGEND_HIGH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBar:
    """One bar: what it is, how much, and its colour role."""

    name: str
    value: float
    role: str = "one"
    note: str = ""  # written after the figure
    figure: str = ""  # the value as the reader's language writes it; without it, as English does


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One layer of stacked columns: its name and a value for each label."""

    name: str
    values: Sequence[float]
    role: str = ""


def bars_svg(
    bars: Sequence[ChartBar],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    palette: Palette = WEB,
) -> str:
    """Return horizontal bars under each other, with the whole name and the figure beside each."""
    room = min(max((text_width(b.name) for b in bars), default=0) + 4, width * NAME_SHARE)
    names = [wrapped(b.name, room) for b in bars]
    left = max([room, *(text_width(line) for lines in names for line in lines)]) + 12
    ends = [f"{b.figure or shown(b.value)} {b.note}".strip() for b in bars]
    right = max((text_width(end) for end in ends), default=0) + 12
    most = max((b.value for b in bars), default=0) or 1
    body, y = [], 0.0
    for bar, lines, end in zip(bars, names, ends, strict=True):
        high = max(LINE * len(lines), LINE) + 12
        middle = y + high / 2
        long = max((width - left - right) * bar.value / most, 2 if bar.value else 0)
        body += _name_lines(lines, left - 12, middle, palette)
        body.append(
            f'<rect x="{left:.1f}" y="{middle - 8:.1f}" width="{long:.1f}" height="16" rx="3"'
            f' fill="{palette[bar.role]}"/>'
        )
        body.append(text_svg(left + long + 8, middle + 4, end, fill=palette["ink"], weight=600))
        y += high
    return svg(width, max(y, LINE), body, title=title, description=description)


def _name_lines(lines: list[str], x: float, middle: float, palette: Palette) -> list[str]:
    begin = middle + 4 - LINE * (len(lines) - 1) / 2
    return [
        text_svg(x, begin + LINE * i, line, fill=palette["ink"], anchor="end")
        for i, line in enumerate(lines)
    ]


def columns_svg(
    stacks: Sequence[Stack],
    labels: Sequence[str],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    height: float = 260,
    palette: Palette = WEB,
) -> str:
    """Return stacked columns over time, with a legend in words above them."""
    totals = [sum(s.values[i] for s in stacks) for i in range(len(labels))]
    top, step = nice_top(max(totals, default=0))
    left = text_width(shown(top)) + 12
    legend, used = _legend(stacks, width, palette)
    base, roof = height - 28, 12.0 + used
    scale = (base - roof) / top
    body = [*legend, *_columns_grid(left, width, base, scale, (top, step), palette)]
    slot = (width - left) / max(len(labels), 1)
    thick = min(slot * 0.72, 44)
    for i in range(len(labels)):
        body += _column(stacks, i, left + slot * (i + 0.5) - thick / 2, thick, base, scale, palette)
    body += _column_labels(labels, left, slot, base, palette)
    return svg(width, height, body, title=title, description=description)


def _legend(stacks: Sequence[Stack], width: float, palette: Palette) -> tuple[list[str], float]:
    drawn, x, y = [], 0.0, 12.0
    for number, stack in enumerate(stacks):
        wide = text_width(stack.name) + 36
        if x and x + wide > width:
            x, y = 0.0, y + LEGEND_HIGH
        colour = palette[stack.role or SERIES[number % len(SERIES)]]
        drawn.append(
            f'<rect x="{x:.1f}" y="{y - 9:.1f}" width="12" height="12" rx="3" fill="{colour}"/>'
        )
        drawn.append(text_svg(x + 18, y + 2, stack.name, fill=palette["ink"]))
        x += wide
    return drawn, y + LEGEND_HIGH - 12


def _columns_grid(
    left: float,
    width: float,
    base: float,
    scale: float,
    axis: tuple[float, float],
    palette: Palette,
) -> list[str]:
    top, step = axis
    drawn = []
    for i in range(round(top / step) + 1):
        y = base - scale * step * i
        drawn.append(
            f'<line x1="{left:.1f}" x2="{width:g}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{palette["line"]}"/>'
        )
        drawn.append(
            text_svg(left - 8, y + 4, shown(i * step), fill=palette["quiet"], anchor="end")
        )
    return drawn


def _column(
    stacks: Sequence[Stack],
    i: int,
    x: float,
    thick: float,
    base: float,
    scale: float,
    palette: Palette,
) -> list[str]:
    drawn, y = [], base
    for number, stack in enumerate(stacks):
        high = stack.values[i] * scale
        if high <= 0:
            continue
        y -= high
        colour = palette[stack.role or SERIES[number % len(SERIES)]]
        drawn.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{thick:.1f}" height="{max(high - 1, 0.5):.1f}"'
            f' rx="1.5" fill="{colour}"/>'
        )
    return drawn


def _column_labels(
    labels: Sequence[str], left: float, slot: float, base: float, palette: Palette
) -> list[str]:
    """Name as many columns as there is room for, from the newest, which always has its name."""
    widest = max((text_width(label) for label in labels), default=0) + 10
    right = left + slot * len(labels)
    free = right + widest  # up to here nothing is written
    found = []
    for i in range(len(labels) - 1, -1, -1):
        middle = left + slot * (i + 0.5)
        cut = middle + text_width(labels[i]) / 2 > right
        x, anchor = (right, "end") if cut else (middle, "middle")
        if not cut and middle + widest / 2 > free:
            continue
        if cut and free <= right:
            continue
        found.append(text_svg(x, base + 20, labels[i], fill=palette["quiet"], anchor=anchor))
        free = right - widest if cut else middle - widest / 2
    return found
