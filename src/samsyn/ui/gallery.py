"""Invented content for the gallery: the same every time, so that pictures can be compared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from samsyn.ui.charts import (
    ChartBar,
    Series,
    Stack,
    Tile,
    bars_svg,
    columns_svg,
    heat_svg,
    tiles_svg,
    trend_svg,
)
from samsyn.ui.components import (
    Alert,
    BarLine,
    BarList,
    ChartCard,
    DueBadge,
    EmptyState,
    Fact,
    FactList,
    Moment,
    NumberTile,
    Panel,
    Progress,
    SeverityBadge,
    SharingLabel,
    StateBadge,
    Step,
    Stepper,
    Story,
    Tab,
    Tabs,
    Tag,
    TagList,
    TileRow,
    Tone,
    Who,
)
from samsyn.ui.components.badges import STATE_WORDS
from samsyn.ui.terms import explained, labels_known

MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


def pieces(*, actor: Any) -> dict[str, Any]:  # noqa: ARG001  a selector's signature
    """Return the sections of the gallery: a heading and its pieces."""
    now = timezone.now()
    return {
        "tiles": _tiles(),
        "badges": _badges(now),
        "blocks": _blocks(now),
        "charts": _charts(),
        "wide": True,
    }


def _tiles() -> TileRow:
    return TileRow(
        tiles=(
            NumberTile(
                label="Open findings",
                value=1327,
                url="/ui/gallery/list",
                note="−14 in two months",
                tone=Tone.SUCCESS,
                trend=(9, 10, 8, 8, 7, 6, 5, 4),
                trend_meaning="Falling, eight weeks",
            ),
            NumberTile(
                label="Critical now",
                value=3,
                url="/ui/gallery/list?severity=4",
                note="+1 since Friday",
                tone=Tone.DANGER,
                trend=(1, 2, 2, 1, 3, 3, 4),
                trend_meaning="Rising",
            ),
            NumberTile(
                label="Median days to fix",
                value=8.5,
                unit="days",
                note="As usual",
                tone=Tone.INFO,
                trend=(2, 3, 2, 3, 4, 3, 4, 3),
                trend_meaning="Steady",
            ),
            NumberTile(
                label="Members concerned",
                value=12,
                unit="of 30",
                note="Goal: 8",
                tone=Tone.WARNING,
                trend=(2, 2, 3, 3, 4, 5, 6),
                trend_meaning="Rising",
            ),
        )
    )


def _badges(now: datetime) -> list[tuple[Any, list[Any]]]:
    return [
        (_("Severity"), [SeverityBadge(severity=level) for level in range(4, -1, -1)]),
        (_("State"), [StateBadge(state=name) for name in STATE_WORDS]),
        (
            _("Sharing label"),
            [SharingLabel(label=name, is_explained=True) for name in labels_known()],
        ),
        (
            _("Deadlines"),
            [DueBadge(due_at=now + timedelta(hours=h), now=now) for h in (-30, 5, 200)],
        ),
        (
            _("People and organisations"),
            [
                Who(name="Ingrid Nordlie", note="analyst"),
                Who(
                    name="Fjellvik kommune", note="member", url="/ui/gallery", is_organisation=True
                ),
            ],
        ),
        (
            _("Words"),
            [
                TagList(tags=(Tag(text="scan"), Tag(text="new", tone=Tone.INFO))),
                explained("rsit"),
                explained("severity"),
            ],
        ),
    ]


def _blocks(now: datetime) -> list[Any]:
    story = Story(
        now=now,
        moments=(
            Moment(
                at=now - timedelta(hours=2),
                text="Fjellvik answered: planned until Friday",
                who="Kari Moen",
                note="We change the firewall on Friday evening.",
                tone=Tone.INFO,
            ),
            Moment(at=now - timedelta(days=1), text="Told by mail", who="Samsyn"),
            Moment(at=now - timedelta(days=3), text="Seen for the first time", tone=Tone.DANGER),
        ),
    )
    bars = BarList(
        bars=(
            BarLine(
                label="Remote desktop open to the internet",
                value=42,
                url="/ui/gallery/list",
                tone=Tone.DANGER,
            ),
            BarLine(label="Old encryption on web sites", value=31, note="since March"),
            BarLine(label="Infected devices", value=6, tone=Tone.WARNING),
        )
    )
    facts = FactList(
        facts=(
            Fact(name="Address", value="198.51.100.23", note="port 3389"),
            Fact(name="Owner", value="Fjellvik kommune"),
            Fact(name="Run by", value=""),
        )
    )
    return [
        Panel(title="History", body=story),
        Panel(
            title="Most common",
            body=bars,
            aside=format_html('<a class="ds-link" href="{}">See all</a>', "/ui/gallery/list"),
        ),
        Panel(title="Facts", body=facts),
        Panel(
            title="Import",
            body=Progress(
                label="Reading reports", done=340, total=1200, doing="scan_rdp, 18 November"
            ),
        ),
        Panel(
            title="Steps",
            body=Stepper(
                steps=(
                    Step(label="Collected", state="done"),
                    Step(label="Written", state="current"),
                    Step(label="Published"),
                )
            ),
        ),
        Alert(
            title="Two reports have not arrived today",
            text="They usually come before 06:00.",
            tone=Tone.WARNING,
        ),
        Alert(title="Everything was read", tone=Tone.SUCCESS),
        Panel(
            title="Views",
            is_flush=True,
            body=Tabs(
                label="Views",
                tabs=(
                    Tab(label="New", body="Three new findings.", count=3),
                    Tab(label="Old", body="Nothing old."),
                ),
            ),
        ),
        Panel(
            title="Empty",
            body=EmptyState(
                title="No advisories yet",
                text="What you publish to your members stands here.",
                action="Write the first",
                url="/ui/gallery/form",
            ),
        ),
    ]


def _charts() -> list[Any]:
    series = (
        Series(name="Open services", values=[62, 60, 57, 58, 52, 50, 47, 44, 45, 39, 36, 31]),
        Series(name="Infected devices", values=[20, 24, 22, 28, 25, 29, 26, 30, 24, 27, 31, 30]),
        Series(
            name="Vulnerable products and systems",
            values=[None, None, 8, 12, 18, 14, 12, 22, 35, 28, 24, 21],
        ),
    )
    stacks = (
        Stack(name="Critical", values=[2, 1, 3, 2, 5, 4, 2, 3, 9, 6, 4, 3], role="level4"),
        Stack(name="High", values=[12, 14, 11, 16, 14, 12, 10, 12, 19, 15, 13, 11], role="level3"),
        Stack(
            name="Medium and low",
            values=[30, 31, 28, 27, 25, 24, 22, 23, 24, 22, 20, 18],
            role="six",
        ),
    )
    codes = ("FJE", "ELV", "NOR", "STO", "VIK", "HAV", "SKO", "DAL", "ÅSN", "ØYR")
    tiles = tuple(
        Tile(
            x=x,
            y=y,
            code=codes[(x + y * 3) % 10],
            name=f"Member {x + y * 8 + 1}",
            level=None if (x, y) == (4, 2) else (x * y + x) % 5,
            meaning="state in words",
            figure=str((x * y + x) % 5 * 3 or ""),
            url="/ui/gallery/list",
        )
        for y in range(5)
        for x in range(8)
        if (x * 3 + y * 5) % 4
    )
    return [
        ChartCard(
            title="Open findings by kind",
            reading="Open services have halved since December.",
            draw=lambda width: trend_svg(
                series,
                MONTHS,
                title="Open findings by kind",
                description="Three lines over twelve months.",
                width=width,
            ),
            heads=("Month", "Open services", "Infected devices"),
            rows=tuple(zip(MONTHS, series[0].values, series[1].values, strict=True)),
        ),
        ChartCard(
            title="New findings by severity",
            draw=lambda width: columns_svg(
                stacks, MONTHS, title="New findings by severity", width=width
            ),
        ),
        ChartCard(
            title="Top reports",
            draw=_bars,
        ),
        ChartCard(
            title="Members by state",
            draw=lambda width: tiles_svg(tiles, title="Members by state", side=width / 8),
        ),
        ChartCard(
            title="Risks",
            draw=lambda width: heat_svg(
                [
                    [0, 0, 1, 0, 1],
                    [0, 2, 1, 2, 0],
                    [1, 3, 4, 1, 0],
                    [2, 2, 0, 1, 0],
                    [1, 0, 0, 0, 0],
                ],
                [[min(max((5 - r) * (c + 1) // 5, 0), 4) for c in range(5)] for r in range(5)],
                title="Risks",
                x_name="Consequence",
                y_name="Likelihood",
                x_labels="12345",
                y_labels="54321",
                side=60 if width > 400 else 54,  # noqa: PLR2004  a drawing's width
            ),
        ),
    ]


def _bars(width: float) -> str:
    return bars_svg(
        (
            ChartBar(name="Remote desktop open to the internet", value=42, role="level4"),
            ChartBar(name="Mail servers with a hole that is known and used", value=18),
            ChartBar(name="Printers", value=7, note="+2"),
        ),
        title="Top reports",
        width=width,
    )
