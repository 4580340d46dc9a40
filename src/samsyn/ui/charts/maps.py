"""Pictures of many at once: the members as tiles, and a matrix of two questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from samsyn.ui.charts.drawing import LEVELS, WEB, Palette, svg, text_svg, text_width

# A sign for each level, so that the picture can be read without its colours.
SIGNS = ("", "·", "▲", "▲▲", "●")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One member on the map: where it stands, its short code, and its state from 0 to 4.

    ``level`` None means that nothing is known. ``meaning`` is the state in words.
    """

    x: int
    y: int
    code: str
    name: str
    level: int | None
    meaning: str
    figure: str = ""  # written in the tile under the code
    url: str = ""


def tiles_svg(
    tiles: Sequence[Tile],
    *,
    title: str,
    description: str = "",
    side: float = 62,
    palette: Palette = WEB,
) -> str:
    """Return the members as tiles; state by colour, by the figure and in words, each a link."""
    columns = max((tile.x for tile in tiles), default=0) + 1
    rows = max((tile.y for tile in tiles), default=0) + 1
    body = [_tile(tile, side, palette) for tile in sorted(tiles, key=lambda t: (t.y, t.x))]
    role = "group" if any(tile.url for tile in tiles) else "img"
    return svg(
        columns * side,
        rows * side,
        body,
        title=title,
        description=description,
        role=role,
        is_filling=False,
    )


def _tile(tile: Tile, side: float, palette: Palette) -> str:
    x, y, wide = tile.x * side + 2, tile.y * side + 2, side - 5
    role = "none" if tile.level is None else LEVELS[min(max(tile.level, 0), 4)]
    ink = palette["paper"] if role == "level4" else palette["ink"]
    middle = x + wide / 2
    sign = tile.figure or ("?" if tile.level is None else SIGNS[tile.level])
    size = min(13.0, 13 * (wide - 8) / max(text_width(tile.code, 13), 1))
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{wide:.1f}" rx="8"'
        f' fill="{palette[role]}" class="tile-shape"/>'
        + text_svg(
            middle, y + wide * 0.46, tile.code, fill=ink, anchor="middle", size=size, weight=600
        )
        + text_svg(middle, y + wide * 0.76, sign, fill=ink, anchor="middle", size=12)
    )
    name = escape(f"{tile.name}: {tile.meaning}")
    if not tile.url:
        return f"<g><title>{name}</title>{shape}</g>"
    return f'<a href="{escape(tile.url)}" aria-label="{name}"><title>{name}</title>{shape}</a>'


def heat_svg(
    counts: Sequence[Sequence[int]],
    levels: Sequence[Sequence[int]],
    *,
    title: str,
    x_name: str,
    y_name: str,
    x_labels: Sequence[str],
    y_labels: Sequence[str],
    description: str = "",
    side: float = 60,
    palette: Palette = WEB,
) -> str:
    """Return a matrix with a figure in each cell that has one; rows from the top down.

    Args:
        counts: how many things are in each cell.
        levels: how grave each cell is, 0 to 4; decides its colour.

    """
    left = max((text_width(label) for label in y_labels), default=0) + 34
    columns = len(x_labels)
    width = max(left + columns * side, left + text_width(x_name, 12))
    height = len(y_labels) * side + 46
    body = []
    for row, label in enumerate(y_labels):
        middle = row * side + side / 2
        body.append(text_svg(left - 10, middle + 4, label, fill=palette["quiet"], anchor="end"))
        body += [
            _cell(
                left + column * side,
                row * side,
                side,
                counts[row][column],
                LEVELS[levels[row][column]],
                palette,
            )
            for column in range(columns)
        ]
    foot = len(y_labels) * side + 16
    body += [
        text_svg(left + (i + 0.5) * side, foot, label, fill=palette["quiet"], anchor="middle")
        for i, label in enumerate(x_labels)
    ]
    body.append(
        text_svg(
            left + columns * side / 2,
            foot + 24,
            x_name,
            fill=palette["ink"],
            anchor="middle",
            weight=600,
        )
    )
    up = len(y_labels) * side / 2
    body.append(
        f'<text transform="translate(12 {up:.1f}) rotate(-90)" text-anchor="middle"'
        f' font-weight="600" fill="{palette["ink"]}">{escape(y_name)}</text>'
    )
    return svg(width, height, body, title=title, description=description, is_filling=False)


def _cell(x: float, y: float, side: float, count: int, role: str, palette: Palette) -> str:
    ink = palette["paper"] if role == "level4" else palette["ink"]
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{side - 4:.1f}" height="{side - 4:.1f}" rx="6"'
        f' fill="{palette[role]}"/>'
    )
    if not count:
        return shape
    middle = x + side / 2 - 2
    return shape + text_svg(
        middle, y + side / 2 + 4, str(count), fill=ink, anchor="middle", size=16, weight=650
    )
