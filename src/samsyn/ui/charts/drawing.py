"""The pencil of all charts: palettes, letters, scales and arcs. No Django here."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

SERIES = ("one", "two", "three", "four", "five", "six")
LEVELS = ("level0", "level1", "level2", "level3", "level4")
ROLES = ("ink", "quiet", "line", "paper", "none", *SERIES, *LEVELS)
# Width of Inter's letters in thousandths of the size: close enough for margins, never too small.
NARROW, MEDIUM, WIDE, BROAD = 300, 600, 700, 930
NARROW_LETTERS = frozenset("iljtfrI.,:;'|!()[] ·-")
BROAD_LETTERS = frozenset("mwMW@%—")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart by what they mean; see ROLES."""

    colours: Mapping[str, str]

    def __getitem__(self, role: str) -> str:
        return self.colours[role]


WEB = Palette({role: f"var(--chart-{role})" for role in ROLES})
PAPER = Palette(
    {
        "ink": "#202d36",
        "quiet": "#555f65",
        "line": "#d5dadd",
        "paper": "#ffffff",
        "none": "#eceff0",
        "one": "#0b4f6c",
        "two": "#d17a22",
        "three": "#0e7c7b",
        "four": "#5b5f97",
        "five": "#8a5a2b",
        "six": "#727a80",
        "level0": "#dcefe2",
        "level1": "#e9edc9",
        "level2": "#fbe3bd",
        "level3": "#f4b98f",
        "level4": "#c0392b",
    }
)


def text_width(text: str, size: float = 12) -> float:
    """Return about how wide a text is, in the unit of ``size``; rather too wide than too narrow."""
    total = 0
    for letter in text:
        if letter in NARROW_LETTERS:
            total += NARROW
        elif letter in BROAD_LETTERS:
            total += BROAD
        else:
            total += WIDE if letter.isupper() else MEDIUM
    return total * size / 1000


def wrapped(text: str, room: float, size: float = 12) -> list[str]:
    """Return the text in lines that fit ``room``; a word longer than that stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def nice_top(most: float, steps: int = 4) -> tuple[float, float]:
    """Return the top of an axis and its step: round figures, at most about ``steps`` lines.

    Example:
        >>> nice_top(62)
        (80, 20)
        >>> nice_top(3)
        (3, 1)

    """
    if most <= 0:
        return 1, 1
    raw = most / steps
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw - 1e-9)
    step = max(step, 1) if most >= 1 else step
    top = math.ceil(most / step - 1e-9) * step
    return (int(top), int(step)) if float(step).is_integer() else (top, step)


def shown(value: float) -> str:
    """Return a figure for an axis or a bar, thousands apart by a thin space."""
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:.1f}"


def text_svg(
    x: float,
    y: float,
    text: str,
    *,
    fill: str,
    anchor: str = "start",
    size: float = 12,
    weight: int = 400,
) -> str:
    """Return one line of text; the text is escaped."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004  the usual weight
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}"'
        f' text-anchor="{anchor}"{bold}>{escape(text)}</text>'
    )


def svg(
    width: float,
    height: float,
    body: Iterable[str],
    *,
    title: str,
    description: str = "",
    role: str = "img",
    is_filling: bool = True,
) -> str:
    """Return the whole drawing with its title and description for those who do not see it."""
    inside = "".join(body)
    key = hashlib.blake2s(
        f"{title}{width}{inside}".encode(errors="replace"), digest_size=5
    ).hexdigest()
    names = f"t{key} d{key}" if description else f"t{key}"
    kind = "chart fills" if is_filling else "chart"
    told = f'<desc id="d{key}">{escape(description)}</desc>' if description else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" class="{kind}"'
        f' width="{width:g}" height="{height:g}" role="{role}" aria-labelledby="{names}"'
        f' font-family="Inter, sans-serif" font-size="12">'
        f'<title id="t{key}">{escape(title)}</title>{told}{inside}</svg>'
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places near the wanted ones, in the same order, at least ``gap`` apart.

    Labels at the ends of lines would lie on each other otherwise.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    last = low - gap
    for i in order:
        last = placed[i] = max(wanted[i], last + gap)
    room = high
    for i in reversed(order):
        placed[i] = min(placed[i], room)
        room = placed[i] - gap
    return placed


def arc_path(cx: float, cy: float, inner: float, outer: float, begin: float, end: float) -> str:
    """Return the path of a piece of a ring, in degrees clockwise from the top.

    Used by the year wheel and by stairs; there are no pie charts here.
    """
    large = 1 if end - begin > 180 else 0  # noqa: PLR2004  degrees: more than half a turn
    (x0, y0), (x1, y1) = _on(cx, cy, outer, begin), _on(cx, cy, outer, end)
    (x2, y2), (x3, y3) = _on(cx, cy, inner, end), _on(cx, cy, inner, begin)
    return (
        f"M{x0:.1f} {y0:.1f}A{outer:g} {outer:g} 0 {large} 1 {x1:.1f} {y1:.1f}"
        f"L{x2:.1f} {y2:.1f}A{inner:g} {inner:g} 0 {large} 0 {x3:.1f} {y3:.1f}Z"
    )


def _on(cx: float, cy: float, radius: float, degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees - 90)
    return cx + radius * math.cos(angle), cy + radius * math.sin(angle)
