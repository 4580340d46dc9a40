"""Pictures of maturity: areas by level, the stairs, and how far apart ratings are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.ui.charts.drawing import WEB, Palette, svg, text_svg, text_width, wrapped

ROW, HEAD, STEP_ROLES = 46.0, 46.0, ("level4", "level3", "level2", "level0")
LEVELS = 4
NAME_SIZE = 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """One area: where it stands today, stood last time, and shall stand; 1 to 4 or unknown."""

    name: str
    today: int | None
    last: int | None = None
    target: int | None = None


def levels_svg(
    rows: Sequence[LevelRow],
    heads: Sequence[str],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    palette: Palette = WEB,
) -> str:
    """Return areas by level: today as a filled mark on its track, last time hollow, target a flag.

    Args:
        rows: the areas, from the top down.
        heads: what the four levels are called.

    """
    left = min(max((text_width(row.name, 13) for row in rows), default=0) + 20, width * 0.36)
    step = (width - left) / LEVELS
    body = [_head(left + (i + 0.5) * step, i, head, step, palette) for i, head in enumerate(heads)]
    for number, row in enumerate(rows):
        body.append(_row(row, HEAD + number * ROW, left, step, palette))
    height = HEAD + len(rows) * ROW + 6
    return svg(width, height, body, title=title, description=description)


def _head(x: float, place: int, head: str, room: float, palette: Palette) -> str:
    top = text_svg(x, 14, str(place + 1), fill=palette["ink"], anchor="middle", size=14, weight=650)
    size = 12.0 if text_width(head, 12) < room - 6 else 9.5
    lines = wrapped(head, room - 4, size)[:2]
    return top + "".join(
        text_svg(x, 29 + n * 11, line, fill=palette["quiet"], anchor="middle", size=size)
        for n, line in enumerate(lines)
    )


def _row(row: LevelRow, top: float, left: float, step: float, palette: Palette) -> str:
    middle = top + ROW / 2
    parts = [_track(left, top, LEVELS * step, palette["none"])]
    lines = wrapped(row.name, left - 16, NAME_SIZE)[:2]
    # A word longer than the room is written smaller, not under the track.
    longest = max(text_width(line, NAME_SIZE) for line in lines)
    size = NAME_SIZE * min(1.0, (left - 8) / longest) if longest else NAME_SIZE
    for n, line in enumerate(lines):
        y = middle + 4.5 + (n - (len(lines) - 1) / 2) * 15
        parts.append(text_svg(0, y, line, fill=palette["ink"], size=size, weight=550))
    if row.today:
        role = STEP_ROLES[row.today - 1]
        parts.append(_track(left, top, row.today * step, palette[role]))
    parts += _marks(row, middle, left, step, palette)
    return "".join(parts)


def _track(left: float, top: float, wide: float, colour: str) -> str:
    return (
        f'<rect x="{left:.1f}" y="{top + 4:.1f}" width="{wide:.1f}" height="{ROW - 8:.1f}"'
        f' rx="8" fill="{colour}"/>'
    )


def _marks(row: LevelRow, middle: float, left: float, step: float, palette: Palette) -> list[str]:
    def at(level: int) -> float:
        return left + (level - 0.5) * step

    parts = []
    if row.last:
        x = at(row.last) - (17 if row.last == row.today else 0)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="7" fill="none" stroke="{palette["ink"]}"'
            f' stroke-width="2" stroke-dasharray="3 2.5"/>'
        )
    if row.target:
        x = at(row.target) + (17 if row.target in (row.today, row.last) else 0)
        parts.append(
            f'<path d="M{x - 4:.1f} {middle + 10:.1f}V{middle - 10:.1f}l13 5-13 5" fill="none"'
            f' stroke="{palette["one"]}" stroke-width="2.5" stroke-linejoin="round"/>'
        )
    if row.today:
        ink = palette["paper"] if row.today == 1 else palette["ink"]
        parts.append(f'<circle cx="{at(row.today):.1f}" cy="{middle:.1f}" r="8" fill="{ink}"/>')
    return parts


def spread_svg(
    counts: Sequence[int],
    heads: Sequence[str],
    *,
    title: str,
    description: str = "",
    agreed: int | None = None,
    width: float = 680,
    palette: Palette = WEB,
) -> str:
    """Return where ratings fell: a dot for each, piled on its level; the agreed level is marked.

    Args:
        counts: how many chose level 1, 2, 3 and 4.
        heads: what the four levels are called.
        agreed: the level that was agreed on.

    """
    step, most = width / LEVELS, max(*counts, 1)
    size = min(26.0, 190 / most)
    high = most * size + 16
    body = []
    for place, count in enumerate(counts):
        x = (place + 0.5) * step
        if agreed == place + 1:
            body.append(
                f'<rect x="{place * step + 6:.1f}" y="0" width="{step - 12:.1f}"'
                f' height="{high + 40:.1f}" rx="10" fill="{palette["none"]}"/>'
            )
        body += [
            f'<circle cx="{x:.1f}" cy="{high - (n + 0.5) * size:.1f}" r="{size * 0.4:.1f}"'
            f' fill="{palette["one"]}"/>'
            for n in range(count)
        ]
        body.append(_foot(x, high, place, count, heads[place], step, palette))
    return svg(width, high + 44, body, title=title, description=description)


def _foot(
    x: float, high: float, place: int, count: int, head: str, room: float, palette: Palette
) -> str:
    line = (
        f'<line x1="{x - room / 2 + 14:.1f}" x2="{x + room / 2 - 14:.1f}" y1="{high:.1f}"'
        f' y2="{high:.1f}" stroke="{palette["line"]}" stroke-width="2"/>'
    )
    figure = text_svg(
        x, high + 18, f"{place + 1}  ({count})", fill=palette["ink"], anchor="middle", size=14,
        weight=650,
    )  # fmt: skip
    size = 12.0 if text_width(head, 12) < room - 6 else 9.0
    word = wrapped(head, room, size)[0]
    return (
        line
        + figure
        + text_svg(x, high + 34, word, fill=palette["quiet"], anchor="middle", size=size)
    )


def stairs_svg(
    rows: Sequence[LevelRow],
    heads: Sequence[str],
    *,
    title: str,
    description: str = "",
    width: float = 680,
    palette: Palette = WEB,
) -> str:
    """Return the four levels as stairs with each area standing on its step."""
    step, rise = width / LEVELS, 44.0
    standing = [_standing(rows, level, step) for level in range(1, LEVELS + 1)]
    room = max(*(len(lines) - n for n, lines in enumerate(standing)), 1) * 17 + 14.0
    floor = room + rise * LEVELS
    body = []
    for place, head in enumerate(heads):
        top = floor - rise * (place + 1)
        x = place * step
        role = STEP_ROLES[place]
        body.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{step:.1f}" height="{floor - top:.1f}"'
            f' fill="{palette[role]}"/>'
        )
        ink = palette["paper"] if place == 0 else palette["ink"]
        size = 12.0 if text_width(f"{place + 1} {head}", 12) < step - 10 else 9.0
        body.append(
            text_svg(x + step / 2, top + 24, f"{place + 1} {head}", fill=ink, anchor="middle",
                     size=size, weight=600)
        )  # fmt: skip
        body += [
            text_svg(x + step / 2, top - 8 - n * 17, line, fill=palette["ink"], anchor="middle")
            for n, line in enumerate(standing[place])
        ]
    return svg(width, floor, body, title=title, description=description)


def _standing(rows: Sequence[LevelRow], level: int, room: float) -> list[str]:
    """Return the names on a step, line by line from the step up."""
    names = [row.name for row in rows if row.today == level]
    return [line for name in names for line in reversed(wrapped(name, room - 6))]
