"""Charts as SVG, drawn by ourselves: plain Python, the same in page, PDF and slides.

Every chart is a function from typed values to a string. ``palette=WEB`` uses the
page's own colours and follows light and dark; ``palette=PAPER`` has literal
colours, for PDF. All texts are escaped here; each chart carries a title and a
description, and never cuts a label.
"""

from __future__ import annotations

from samsyn.ui.charts.bands import BandRow, bands_svg
from samsyn.ui.charts.bars import ChartBar, Stack, bars_svg, columns_svg
from samsyn.ui.charts.drawing import PAPER, WEB, Palette, arc_path, text_width
from samsyn.ui.charts.levels import LevelRow, levels_svg, spread_svg, stairs_svg
from samsyn.ui.charts.lines import Series, spark_svg, trend_svg
from samsyn.ui.charts.maps import Tile, heat_svg, tiles_svg

__all__ = [
    "PAPER",
    "WEB",
    "BandRow",
    "ChartBar",
    "LevelRow",
    "Palette",
    "Series",
    "Stack",
    "Tile",
    "arc_path",
    "bands_svg",
    "bars_svg",
    "columns_svg",
    "heat_svg",
    "levels_svg",
    "spark_svg",
    "spread_svg",
    "stairs_svg",
    "text_width",
    "tiles_svg",
    "trend_svg",
]
