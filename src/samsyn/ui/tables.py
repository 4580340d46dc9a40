"""Tables as values: which columns, what is in a cell, and the HTML of the whole at once.

The table is written in Python rather than by a template loop: a list of fifty rows
and eight columns then costs about a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from samsyn.ui.components.base import Text, escaped
from samsyn.ui.moments import Reader, day_text, short_html

Row = Any


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list: what it is called, what it holds and how it is shown.

    ``value`` gives the plain value: it is exported, and shown unless ``cell`` gives
    HTML (a component) instead. Without ``value`` it is the attribute ``name``, with
    dots to go further. ``sort`` names the database fields to order by; ``url`` makes
    the cell a link and the heading of its row.
    """

    name: str
    label: Text
    value: Callable[[Row], Any] | None = None
    cell: Callable[[Row], object] | None = None
    url: Callable[[Row], str] | None = None
    note: Callable[[Row], object] | None = None  # a quiet second line, not exported
    same_by: Callable[[Row], Hashable] | None = None  # where this is the same, so is the cell
    sort: tuple[str, ...] = ()
    is_numeric: bool = False
    is_shown: bool = True  # in the choice of columns that one begins with
    is_fixed: bool = False  # cannot be left out

    def plain(self, row: Row) -> Any:
        """Return the plain value of this column for a row."""
        if self.value is not None:
            return self.value(row)
        found = row
        for step in _steps(self.name):
            found = getattr(found, step, None)
        return found

    def content(self, row: Row, reader: Reader) -> str:
        """Return what the cell says as HTML, escaped where it is plain."""
        return escaped(self.cell(row) if self.cell else as_text(self.plain(row), reader))

    def shown(self, row: Row, reader: Reader, made: dict[Hashable, str]) -> str:
        """Return the HTML of the cell.

        Args:
            row: whose cell it is.
            reader: who reads the list.
            made: cells of this column made before, by ``same_by``; what is made is added.

        """
        if self.same_by is None:
            html = self.content(row, reader)
        elif (mark := self.same_by(row)) in made:
            html = made[mark]
        else:
            html = made[mark] = self.content(row, reader)
        if self.url is not None:
            html = f'<a class="ds-link" href="{escaped(self.url(row))}">{html}</a>'
        if self.note is not None and (note := self.note(row)):
            html = f'{html}<span class="sub">{escaped(note)}</span>'
        return html


@lru_cache(maxsize=1000)
def _steps(name: str) -> tuple[str, ...]:
    return tuple(name.split("."))


def as_text(value: Any, reader: Reader) -> object:
    """Return a value as a cell shows it: times relative, numbers grouped, nothing as a dash."""
    if value is None or type(value) is str:  # most are
        return value or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return short_html(value, reader=reader)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, int | float):
        return _figure(value, reader.language)
    return value


@lru_cache(maxsize=5000)
def _figure(value: float, _language: str) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


@dataclass(frozen=True, kw_only=True)
class ColumnHeading:
    """The heading of a column: its link for sorting, and which way it is sorted now."""

    column: Column
    url: str = ""
    direction: str = ""  # "", ascending or descending


def table_html(
    headings: Sequence[ColumnHeading],
    rows: Iterable[Row],
    *,
    caption: Text,
    has_choice: bool = False,
) -> SafeString:
    """Return the table. ``has_choice`` puts a box before each row, to act on several at once."""
    reader = Reader.here()
    columns = [_Cells(heading.column) for heading in headings]
    choice = _("Choose %s") if has_choice else ""
    body = "".join(_row_html(row, columns, reader, choice) for row in rows)
    head = "".join(_heading_html(heading) for heading in headings)
    box = _choose_all() if has_choice else ""
    # Safe: every part was escaped where it was made.
    return mark_safe(  # noqa: S308
        '<table class="ds-table list" role="table" data-hover>'
        f'<caption class="sr">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{box}{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


class _Cells:
    """The cells of one column of a table: how each begins and ends, and those that come again."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.start, self.end = _cell_start(column), "</th>" if column.url else "</td>"
        self.made: dict[Hashable, str] = {}

    def html(self, row: Row, reader: Reader) -> str:
        return f"{self.start}{self.column.shown(row, reader, self.made)}{self.end}"


def _cell_start(column: Column) -> str:
    numeric = ' class="num"' if column.is_numeric else ""
    if column.url is not None:
        return f'<th scope="row" role="rowheader"{numeric}>'
    return f'<td role="cell"{numeric} data-label="{escape(column.label)}">'


def _row_html(row: Row, columns: list[_Cells], reader: Reader, choice: str) -> str:
    cells = [column.html(row, reader) for column in columns]
    box = ""
    if choice:
        label = escaped(choice % row)
        box = (
            f'<td role="cell" class="choose"><input type="checkbox" class="ds-input" name="chosen"'
            f' value="{escaped(row.pk)}" aria-label="{label}"></td>'
        )
    return f'<tr role="row">{box}{"".join(cells)}</tr>'


def _choose_all() -> str:
    label = escape(_("Choose all on this page"))
    return (
        '<th role="columnheader" scope="col" class="choose"><input type="checkbox" class="ds-input"'
        f' data-choose-all aria-label="{label}"></th>'
    )


def _heading_html(heading: ColumnHeading) -> str:
    column = heading.column
    numeric = ' class="num"' if column.is_numeric else ""
    label = str(escape(column.label))
    if heading.url:
        url = escape(heading.url)
        sign = '<span aria-hidden="true"></span>'
        label = f'<a class="sort" href="{url}" hx-get="{url}">{label}{sign}</a>'
    sorted_so = f' aria-sort="{heading.direction}"' if heading.direction else ""
    return f'<th scope="col" role="columnheader"{numeric}{sorted_so}>{label}</th>'
