"""The pieces of a page: words first, texts escaped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import format_html

from samsyn.ui import components as ui

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE = '<img src=x onerror="alert(1)">'
HOSTILE_PIECES = [
    ui.Tag(text=HOSTILE),
    ui.StateBadge(state=HOSTILE),
    ui.SharingLabel(label=HOSTILE),
    ui.NumberTile(label=HOSTILE, value=HOSTILE, note=HOSTILE, unit=HOSTILE, url=HOSTILE),
    ui.NumberTile(label="a", value=1, trend=(1, 2), trend_meaning=HOSTILE),
    ui.BarList(bars=(ui.BarLine(label=HOSTILE, value=1, note=HOSTILE, url=HOSTILE),)),
    ui.FactList(facts=(ui.Fact(name=HOSTILE, value=HOSTILE, note=HOSTILE),)),
    ui.Story(moments=(ui.Moment(at=NOON, text=HOSTILE, who=HOSTILE, note=HOSTILE),)),
    ui.Stepper(steps=(ui.Step(label=HOSTILE, state="done"),)),
    ui.Alert(title=HOSTILE, text=HOSTILE),
    ui.EmptyState(title=HOSTILE, text=HOSTILE, action=HOSTILE, url=HOSTILE),
    ui.Who(name=HOSTILE, note=HOSTILE, url=HOSTILE),
    ui.Term(term=HOSTILE, meaning=HOSTILE),
    ui.Panel(title=HOSTILE, body=HOSTILE, aside=HOSTILE),
    ui.Tabs(label=HOSTILE, tabs=(ui.Tab(label=HOSTILE, body=HOSTILE),)),
    ui.Progress(label=HOSTILE, done=1, total=2, doing=HOSTILE),
    ui.ChartCard(
        title=HOSTILE,
        reading=HOSTILE,
        draw=lambda _w: "",
        heads=(HOSTILE,),
        rows=((HOSTILE, HOSTILE),),
    ),
]


@pytest.mark.parametrize("piece", HOSTILE_PIECES, ids=lambda piece: type(piece).__name__)
def test_a_hostile_text_stays_a_text(piece):
    assert "<img" not in str(piece)
    assert 'onerror="' not in str(piece)


@pytest.mark.parametrize("piece", HOSTILE_PIECES, ids=lambda piece: type(piece).__name__)
def test_no_piece_carries_a_style(piece):
    assert "style=" not in str(piece)


@pytest.mark.parametrize(
    ("hours", "state", "word"),
    [(-1, "late", "Late"), (5, "soon", "Due soon"), (99, "ahead", "Due")],
)
def test_a_deadline_says_in_words_how_near_it_is(hours, state, word):
    badge = ui.DueBadge(due_at=NOON + timedelta(hours=hours), now=NOON)
    assert badge.state == state
    assert f">{word}<" in str(badge)


@pytest.mark.parametrize(
    ("level", "word"), [(0, "For information"), (4, "Critical"), (9, "Critical")]
)
def test_severity_is_a_word(level, word):
    assert word in str(ui.SeverityBadge(severity=level))


def test_a_piece_inside_a_piece_is_not_escaped_twice():
    panel = ui.Panel(title="a", body=ui.Tag(text="b & c"))
    assert "b &amp; c" in str(panel)
    assert "&amp;amp;" not in str(format_html("{}", panel))


def test_a_figure_is_grouped_as_the_language_does():
    assert "1,327" in str(ui.NumberTile(label="a", value=1327))
