"""What slides are made of: typed values, with no thought of how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from samsyn.kernel.texts import printable


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide: its heading, and what the speaker says to it."""

    kind: ClassVar[str] = ""
    title: str
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class TitleSlide(Slide):
    """The first slide."""

    kind: ClassVar[str] = "title"
    subtitle: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PointsSlide(Slide):
    """A sentence and points under it."""

    kind: ClassVar[str] = "points"
    lead: str = ""
    points: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class TableSlide(Slide):
    """A table; ``toned`` gives the tone of a cell by its row and column."""

    kind: ClassVar[str] = "table"
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float] = ()
    toned: dict[tuple[int, int], str] | None = None


@dataclass(frozen=True, kw_only=True)
class AccountSlide(Slide):
    """Why and what on one slide: points above, and a table under them."""

    kind: ClassVar[str] = "account"
    lead: str = ""
    points: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    shares: Sequence[float] = ()


@dataclass(frozen=True, kw_only=True)
class ChartSlide(Slide):
    """A bar chart that can be changed in the slides: categories, and one or more series."""

    kind: ClassVar[str] = "chart"
    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    lead: str = ""
    most: float | None = None  # where the axis ends
    is_lying: bool = True

    def in_words(self, language: str) -> str:
        """Return what the chart says: its title, then each category with its values.

        Example:
            >>> shown = ChartSlide(title="Levels", categories=["Backup"], series=[("Today", [2.5])])
            >>> shown.in_words("nb")
            'Levels. Backup: 2,5'

        """
        lines = [self.title]
        for place, category in enumerate(self.categories):
            values = [(name, row[place]) for name, row in self.series]
            said = [
                f"{name} {_number(value, language)}"
                if len(values) > 1
                else _number(value, language)
                for name, value in values
            ]
            lines.append(f"{category}: {', '.join(said)}")
        return ". ".join(lines)


def _number(value: float | None, language: str) -> str:
    """Return a value as a language writes it; of one that is not there a dash."""
    if value is None:
        return "–"
    return f"{value:g}" if language == "en" else f"{value:g}".replace(".", ",")


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A whole set of slides; ``label`` is its TLP, on every page (on the first in a template)."""

    title: str
    organisation: str
    language: str
    made_at: datetime
    slides: Sequence[Slide]
    label: str = "AMBER"
    author: str = "Samsyn"


def cleaned(deck: Deck) -> Deck:
    """Return a deck whose texts hold only what a slide can show."""
    return replace(
        deck,
        title=printable(deck.title),
        organisation=printable(deck.organisation),
        author=printable(deck.author),
        slides=[_cleaned_slide(slide) for slide in deck.slides],
    )


def _cleaned_slide(slide: Slide) -> Slide:
    return replace(slide, **{name: _clean(value) for name, value in vars(slide).items()})


def _clean(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_clean(each) for each in value)
    return printable(value) if isinstance(value, str) else value
