"""The year as a circle: months outside, then quarters, the marks of the year, and what is due."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from samsyn.ui.charts.drawing import WEB, Palette, arc_path, spread, svg, text_svg, text_width

SIDE = 720.0
MIDDLE = SIDE / 2
MONTHS_RING, QUARTERS_RING, MARKS_RING = (318.0, 350.0), (296.0, 316.0), (272.0, 292.0)
RINGS = {"yearly": 246.0, "quarterly": 208.0, "monthly": 170.0, "other": 132.0}
INNERMOST = 92.0
CELL_DEGREES = {"yearly": 6, "quarterly": 6, "monthly": 10, "other": 12}
DOT, HIT = 9.0, 13.0
NARROW_MARK = 40.0  # a mark shorter than this many degrees carries no words
QUARTER_TURN, HALF_TURN, FULL_TURN = 90, 180, 360
# What a dot says without its colour, and how much it matters when several lie on each other.
SIGNS = {"late": "!", "open": "●", "ahead": "", "skipped": "–", "done": "✓", "other": "◆"}
ORDER = ("late", "open", "other", "ahead", "skipped", "done")
ROLES = {
    "late": "level4",
    "open": "two",
    "ahead": "one",
    "skipped": "six",
    "done": "three",
    "other": "four",
}
FILLED = frozenset({"late", "done", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelDot:
    """Something due on a day: ``ring`` is one of RINGS, ``state`` one of ORDER."""

    on: date
    ring: str
    state: str
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelMark:
    """A stretch of whole months, which may run over the turn of the year."""

    from_month: int
    to_month: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelWords:
    """What stands on the wheel in the reader's language."""

    months: Sequence[str]
    quarter: str  # with %d
    today: str
    several: str  # with %d
    middle: str
    below: str = ""


SeveralUrl = Callable[[str, date, date], str]


def _nowhere(_ring: str, _first: date, _last: date) -> str:
    return ""


def wheel_svg(
    dots: Sequence[WheelDot],
    *,
    year: int,
    words: WheelWords,
    marks: Sequence[WheelMark] = (),
    today: date | None = None,
    several_url: SeveralUrl = _nowhere,
    title: str,
    description: str = "",
    palette: Palette = WEB,
) -> str:
    """Return the wheel of a year.

    Args:
        dots: what is due; those outside the year are left out.
        year: the year.
        words: what stands on it.
        marks: the organisation's own year.
        today: drawn as a line if it lies in the year.
        several_url: returns where several things on one spot of a ring lead, by their days.
        title: for those who do not see it.
        description: the same at length.
        palette: WEB or PAPER.

    """
    inside = [dot for dot in dots if dot.on.year == year]
    body = [
        *_months(words, palette),
        *_quarters(words, palette),
        *_marks(marks, palette),
        *_rings(palette),
        *(_today(today, words, palette) if today and today.year == year else ()),
        *_dots(inside, words, several_url, palette),
        *_middle(words, palette),
    ]
    return svg(SIDE, SIDE, body, title=title, description=description, role="group")


def degrees_of(day: date) -> float:
    """Return where a day lies, clockwise from the top: every month has a twelfth of the circle."""
    length = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - day.replace(day=1)).days
    return 30 * (day.month - 1 + (day.day - 0.5) / length)


def _place(radius: float, degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees - QUARTER_TURN)
    return MIDDLE + radius * math.cos(angle), MIDDLE + radius * math.sin(angle)


def _ring_piece(ring: tuple[float, float], begin: float, end: float, fill: str, edge: str) -> str:
    path = arc_path(MIDDLE, MIDDLE, *ring, begin, end)
    return f'<path d="{path}" fill="{fill}" stroke="{edge}"/>'


def _turned_text(
    ring: tuple[float, float], degrees: float, text: str, *, fill: str, size: float, weight: int
) -> str:
    """Return a word on a ring, turned so that it is never upside down."""
    x, y = _place((ring[0] + ring[1]) / 2, degrees)
    is_below = QUARTER_TURN < degrees % FULL_TURN < FULL_TURN - QUARTER_TURN
    turn = degrees + (HALF_TURN if is_below else 0)
    word = text_svg(0, size * 0.35, text, fill=fill, anchor="middle", size=size, weight=weight)
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f})">{word}</g>'


def _months(words: WheelWords, palette: Palette) -> list[str]:
    drawn = []
    for number, name in enumerate(words.months):
        begin = 30.0 * number
        drawn.append(_ring_piece(MONTHS_RING, begin, begin + 30, palette["none"], palette["paper"]))
        drawn.append(
            _turned_text(MONTHS_RING, begin + 15, name, fill=palette["ink"], size=15, weight=600)
        )
    return drawn


def _quarters(words: WheelWords, palette: Palette) -> list[str]:
    drawn = []
    for number in range(4):
        begin = 90.0 * number
        drawn.append(
            _ring_piece(QUARTERS_RING, begin, begin + 90, palette["paper"], palette["line"])
        )
        name = words.quarter % (number + 1)
        drawn.append(
            _turned_text(
                QUARTERS_RING, begin + 45, name, fill=palette["quiet"], size=12, weight=400
            )
        )
    return drawn


def _marks(marks: Sequence[WheelMark], palette: Palette) -> list[str]:
    drawn = []
    for mark in marks:
        months = (mark.to_month - mark.from_month) % 12 + 1
        begin = 30.0 * (mark.from_month - 1)
        end = min(begin + 30.0 * months, begin + FULL_TURN - 0.1)
        piece = _ring_piece(MARKS_RING, begin, end, palette["level1"], palette["line"])
        drawn.append(f"<g>{piece}<title>{escape(mark.name)}</title></g>")
        room = math.radians(end - begin) * sum(MARKS_RING) / 2
        if end - begin > NARROW_MARK or text_width(mark.name) < room:
            drawn.append(
                _turned_text(
                    MARKS_RING,
                    (begin + end) / 2,
                    mark.name,
                    fill=palette["ink"],
                    size=12,
                    weight=400,
                )
            )
    return drawn


def _rings(palette: Palette) -> list[str]:
    drawn = [
        f'<circle cx="{MIDDLE:g}" cy="{MIDDLE:g}" r="{radius:g}" fill="none"'
        f' stroke="{palette["line"]}"/>'
        for radius in RINGS.values()
    ]
    for number in range(12):
        (x1, y1), (x2, y2) = _place(INNERMOST, 30 * number), _place(MARKS_RING[0], 30 * number)
        drawn.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            f' stroke="{palette["none"]}"/>'
        )
    return drawn


def _today(today: date, words: WheelWords, palette: Palette) -> list[str]:
    degrees = degrees_of(today)
    (x1, y1), (x2, y2) = _place(INNERMOST, degrees), _place(MONTHS_RING[1], degrees)
    line = (
        f'<g class="wheel-today"><line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        f' stroke="{palette["level4"]}" stroke-width="2"/><title>{escape(words.today)}</title></g>'
    )
    return [line]


def _dots(
    dots: Sequence[WheelDot], words: WheelWords, several_url: SeveralUrl, palette: Palette
) -> list[str]:
    """Return the dots; those that would lie on each other become one with their number."""
    cells: dict[str, dict[int, list[WheelDot]]] = {ring: {} for ring in RINGS}
    for dot in sorted(dots, key=lambda each: each.on):
        cell = int(degrees_of(dot.on) // CELL_DEGREES[dot.ring])
        cells[dot.ring].setdefault(cell, []).append(dot)
    drawn = []
    for ring, spots in cells.items():
        wanted = [sum(degrees_of(d.on) for d in here) / len(here) for here in spots.values()]
        gap = math.degrees(2 * (DOT + 2) / RINGS[ring])
        placed = spread(wanted, gap, 1, FULL_TURN - 1)
        drawn += [
            _spot(ring, here, degrees, words, several_url, palette)
            for here, degrees in zip(spots.values(), placed, strict=True)
        ]
    return drawn


def _spot(
    ring: str,
    dots: list[WheelDot],
    degrees: float,
    words: WheelWords,
    several_url: SeveralUrl,
    palette: Palette,
) -> str:
    state = min((dot.state for dot in dots), key=ORDER.index)
    x, y = _place(RINGS[ring], degrees)
    if len(dots) == 1:
        url, text, sign = dots[0].url, dots[0].text, SIGNS[state]
    else:
        days = sorted(dot.on for dot in dots)
        url = several_url(ring, days[0], days[-1]) or dots[0].url
        text = "\n".join([words.several % len(dots), *(dot.text for dot in dots)])
        sign = str(len(dots))
    return (
        f'<a href="{escape(url)}" aria-label="{escape(text)}" class="wheel-dot">'
        f"<title>{escape(text)}</title>{_mark(x, y, state, sign, palette)}</a>"
    )


def _mark(x: float, y: float, state: str, sign: str, palette: Palette) -> str:
    colour, is_filled = palette[ROLES[state]], state in FILLED
    fill = colour if is_filled else palette["paper"]
    dash = ' stroke-dasharray="3 2"' if state == "skipped" else ""
    size = DOT + (1.5 if sign.isdigit() else 0)
    word = text_svg(
        x,
        y + 4,
        sign,
        fill=palette["paper"] if is_filled else colour,
        anchor="middle",
        weight=700,
    )
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{HIT:g}" fill="transparent"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" class="tile-shape" fill="{fill}"'
        f' stroke="{colour}" stroke-width="2"{dash}/>{word if sign else ""}'
    )


def _middle(words: WheelWords, palette: Palette) -> list[str]:
    return [
        text_svg(
            MIDDLE,
            MIDDLE + 4,
            words.middle,
            fill=palette["ink"],
            anchor="middle",
            size=34,
            weight=600,
        ),
        text_svg(MIDDLE, MIDDLE + 28, words.below, fill=palette["quiet"], anchor="middle", size=14),
    ]
