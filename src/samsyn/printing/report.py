"""What a printed report is: a frame and blocks, as typed values. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from samsyn.kernel.texts import has_words, printable

TONES = ("neutral", "info", "success", "warning", "danger")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a report. ``kind`` is how the template knows it."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class Heading(Block):
    """A heading; level 1 begins a part, and no level may be skipped."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True, kw_only=True)
class Text(Block):
    """Paragraphs, apart at empty lines. Always plain: nothing in it is markup."""

    kind: ClassVar[str] = "text"
    text: str
    is_lead: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One tile: a figure that matters, as it shall be read."""

    label: str
    value: str
    note: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Tiles(Block):
    """Figures side by side, at most four in a row."""

    kind: ClassVar[str] = "tiles"
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class Table(Block):
    """A table with its heading row repeated on every page.

    ``numeric`` names the columns (from 0) that are set to the right; ``toned`` the
    column whose words stand in a coloured box, with ``tones`` by word; ``shares``
    the widths of the columns in proportion, all alike by default.
    """

    kind: ClassVar[str] = "table"
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    toned: int | None = None
    tones: Mapping[str, str] = field(default_factory=dict)
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chart(Block):
    """A drawing with what it says in words, for those who do not see it."""

    kind: ClassVar[str] = "chart"
    svg: str
    alt: str
    caption: str
    share: float = 1.0  # of the width of the page


@dataclass(frozen=True, kw_only=True)
class Points(Block):
    """A list, with dots or numbers."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice(Block):
    """Something that shall not be overlooked, in a coloured box."""

    kind: ClassVar[str] = "notice"
    title: str
    text: str = ""
    tone: str = "info"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole report. ``made_at`` goes into the file, so that the same report is the same file."""

    title: str
    organisation: str
    period: str
    label: str  # TLP, without "TLP:"
    language: str  # sv, nb or en
    made_at: datetime
    blocks: tuple[Block, ...]
    author: str = "Samsyn"
    subtitle: str = ""
    has_cover: bool = True


def as_values(report: Report) -> dict[str, Any]:
    """Return the report as plain values for the template, without signs that cannot be printed.

    Texts are cleaned here and not where they come in: what was frozen before must print, too.
    """
    return {
        "title": _words(report.title),
        "organisation": printable(report.organisation),
        "period": printable(report.period),
        "label": f"TLP:{report.label.upper().removeprefix('TLP:')}",
        "language": report.language,
        "author": printable(report.author),
        "subtitle": printable(report.subtitle),
        "cover": report.has_cover,
        "blocks": [_block_values(block) for block in report.blocks],
    }


def _words(text: str) -> str:
    """Return a text that must say something, or a dash when nothing of it can be printed."""
    shown = printable(text)
    return shown if has_words(shown) else "–"


def _block_values(block: Block) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in vars(block).items()}
    if isinstance(block, Heading):
        values["text"] = _words(block.text)
    elif isinstance(block, Chart) and block.alt:  # none at all is a fault of ours
        values["alt"] = _words(block.alt)
    return {"kind": block.kind, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Figure):
        return _plain(vars(value))
    if isinstance(value, Mapping):
        return {printable(str(name)): _plain(each) for name, each in value.items()}
    if isinstance(value, bool | int | float) or value is None:
        return value
    return printable(str(value))
