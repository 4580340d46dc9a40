"""The pieces that pages are made of: typed values in, HTML out.

Each is shown in all its states at /ui/gallery. ``{{ component }}`` in a template
renders it; so does ``str(component)`` in Python. Words come first: colour and
symbol only repeat them.
"""

from __future__ import annotations

from samsyn.ui.components.badges import (
    DueBadge,
    SeverityBadge,
    SharingLabel,
    StateBadge,
    Tag,
    TagList,
)
from samsyn.ui.components.base import Component, Tone
from samsyn.ui.components.blocks import (
    Alert,
    ChartCard,
    EmptyState,
    Fact,
    FactList,
    Panel,
    Tab,
    Tabs,
    Term,
    Who,
)
from samsyn.ui.components.numbers import BarLine, BarList, NumberTile, Progress, Spark, TileRow
from samsyn.ui.components.story import Moment, Step, Stepper, Story, Timeline

__all__ = [
    "Alert",
    "BarLine",
    "BarList",
    "ChartCard",
    "Component",
    "DueBadge",
    "EmptyState",
    "Fact",
    "FactList",
    "Moment",
    "NumberTile",
    "Panel",
    "Progress",
    "SeverityBadge",
    "SharingLabel",
    "Spark",
    "StateBadge",
    "Step",
    "Stepper",
    "Story",
    "Tab",
    "Tabs",
    "Tag",
    "TagList",
    "Term",
    "TileRow",
    "Timeline",
    "Tone",
    "Who",
]
