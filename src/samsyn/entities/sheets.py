"""Read a sheet of things: CSV or XLSX as our export writes it, or as a spreadsheet saves it.

A cell that our export guarded against being run as a formula is read without its guard.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import FloatField
from django.forms import ChoiceField, DateField
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.access.limited import run_limited
from samsyn.entities.columns import OWNER, columns
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import ThingForm, label_of
from samsyn.entities.pointing import ThingChoice, choice_refused
from samsyn.entities.sheet_help import DAY_EXAMPLE
from samsyn.entities.workbooks import COLUMNS_MOST, LIMITS, TOO_MANY_CELLS, WORK
from samsyn.kernel.cells import unguarded
from samsyn.kernel.contained import ProcessEnded, WorkRefused
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.sheets import WORKBOOK, Row, SheetRefused, saved_sheet, with_content
from samsyn.kernel.texts import name_key

ROWS_MOST = 2000
BYTES_MOST = 1024 * 1024
PROBLEMS_SHOWN = 20
LANGUAGES = ("en", "sv", "nb")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: its number as a spreadsheet counts, and its cells by field."""

    number: int
    cells: dict[str, str]

    @property
    def owner(self) -> str:
        """Return the organisation that the row says it is of, if it does."""
        return self.cells.get(OWNER.name, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and what stands in it that is not read.

    Attributes:
        rows: those that say something.
        derived: headings of columns that follow from others, as the file has them.
        unnamed: how many columns without a heading hold something.
        notes: what to know of how the file was read.

    """

    rows: list[SheetRow]
    derived: tuple[str, ...] = ()
    unnamed: int = 0
    notes: tuple[str, ...] = ()


def rows_of(entity: Entity, content: bytes) -> list[SheetRow]:
    """Return the rows of a sheet; see ``sheet_of``."""
    return sheet_of(entity, content).rows


def sheet_of(entity: Entity, content: bytes) -> Sheet:
    """Return a sheet, with the cells of the fields that it has a column for.

    The heading names fields as they are called in any of our languages, in any order. Columns
    that the list shows besides the fields are not read, but named.

    Raises:
        RuleViolation: it is no text or workbook that can be read, is too long, or has a column
            that is not known, or one twice.

    """
    lines, notes = _lines(content)
    if not lines:
        raise RuleViolation(_("The file is empty."), field="file")
    (_first, heading), *said = lines
    fields = _heading(entity, heading)
    if len(said) > ROWS_MOST:
        raise RuleViolation(_("A file has at most %d rows.") % ROWS_MOST, field="file")
    heads = [cell.strip() for cell in heading]
    derived = [head for head, name in zip(heads, fields, strict=True) if head and not name]
    named = {n for n, head in enumerate(heads) if head}
    held = {n for _row, cells in said for n, cell in enumerate(cells) if cell.strip()} - named
    rows = [SheetRow(number, _cells(fields, cells)) for number, cells in said]
    return Sheet(rows, tuple(derived), len(held), tuple(notes))


def _cells(fields: list[str], cells: list[str]) -> dict[str, str]:
    pairs = zip_longest(fields, cells[: len(fields)], fillvalue="")
    return {name: unguarded(cell.strip()) for name, cell in pairs if name}


def _lines(content: bytes) -> tuple[list[Row], list[str]]:
    """Return the rows that say something, and what to know of how the file was read."""
    if content.startswith(WORKBOOK):
        return list(with_content(_sheet(content))), []
    try:
        sheet = saved_sheet(content)
        return list(islice(sheet.rows, ROWS_MOST + 2)), sheet.notes
    except SheetRefused as error:
        said = (
            _("Row %(row)d: %(said)s") % {"row": error.row, "said": error} if error.row else error
        )
        raise RuleViolation(str(said), field="file") from error


def _sheet(content: bytes) -> list[list[str]]:
    most = ROWS_MOST + 2  # the heading, and one more to see that there are too many
    try:
        rows: list[list[str]] = json.loads(run_limited(WORK, content, most, limits=LIMITS))
    except (WorkRefused, ProcessEnded) as error:
        said = _("The file is not an XLSX workbook that can be read. Save it again, or as CSV.")
        if getattr(error, "code", "") == TOO_MANY_CELLS:
            said = _(
                "The workbook has more than %(cells)d cells in all its sheets: more than"
                " %(rows)d rows of %(columns)d columns need. Save the sheet as CSV, or delete"
                " other sheets and what is empty but has a format."
            ) % {"cells": ROWS_MOST * COLUMNS_MOST, "rows": ROWS_MOST, "columns": COLUMNS_MOST}
        raise RuleViolation(said, field="file") from error
    return rows


def _heading(entity: Entity, cells: list[str]) -> list[str]:
    """Return the field that each column is of; empty for a column that is not read."""
    if sum(1 for cell in cells if cell.strip()) > COLUMNS_MOST:  # each row is read by column
        raise RuleViolation(_("A file has at most %d columns.") % COLUMNS_MOST, field="file")
    known = _names(entity)
    found, strange = [], []
    for cell in cells:
        key = name_key(cell)
        if not key or key in known:  # a column without a heading is a remark of somebody's
            found.append(known.get(key, ""))
        else:
            strange.append(cell)
    if strange:
        words = ", ".join(str(column.label) for column in columns(entity))
        said = _("Not known as a column: %(strange)s. The columns are: %(known)s.")
        values = {"strange": ", ".join(strange), "known": words}
        raise RuleViolation(said % values, field="file")
    _require_once(cells, found)
    for field in entity.fields:
        if field.name in entity.known_by and field.name not in found:
            said = _("The column %s is missing.") % label_of(entity, field)
            raise RuleViolation(said, field="file")
    return found


def _require_once(cells: list[str], found: list[str]) -> None:
    """Require that no two columns are of the same field: only one of them would be read."""
    for name in filter(None, found):
        same = [cell for cell, field in zip(cells, found, strict=True) if field == name]
        if len(same) > 1:
            said = _("These headings name the same column: %s. Keep one of them.")
            raise RuleViolation(said % ", ".join(same), field="file")


def _names(entity: Entity) -> dict[str, str]:
    """Return the field, or nothing, for each heading that our export may have written."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for column in columns(entity):
                is_field = column.name in entity.names
                is_read = is_field or column is OWNER
                found[name_key(str(column.label))] = column.name if is_read else ""
            for field in entity.fields:
                found.setdefault(name_key(str(label_of(entity, field))), field.name)
    return found | {name: name for name in entity.names}


def typed(entity: Entity, row: SheetRow) -> dict[str, str]:
    """Return the cells of a row as a form is sent them."""
    cells = row.cells.items()
    return {name: _as_typed(entity, name, text) for name, text in cells if name in entity.names}


def of_new(entity: Entity, row: SheetRow) -> SheetRow:
    """Return the row of a new thing: where a cell is empty, a field begins as it usually does."""
    begins = {field.name for field in entity.fields if entity.of(field).has_default()}
    cells = {name: cell for name, cell in row.cells.items() if cell or name not in begins}
    return SheetRow(row.number, cells)


def facts_of(entity: Entity, row: SheetRow, form: ThingForm) -> dict[str, Any]:
    """Return what a row says, as the form that changes one would take it.

    Args:
        entity: what the row is.
        row: of the sheet.
        form: filled with what is ``typed``.

    Raises:
        RuleViolation: a cell is refused; the text names row and column.

    """
    for name in set(form.fields) - set(row.cells):
        del form.fields[name]  # what the sheet has no column for stays as it is
    for name, field in form.fields.items():
        if isinstance(field, ThingChoice):
            _by_name(entity, row, form, name)
    if form.is_valid():
        return dict(form.cleaned_data)
    name = next(iter(form.errors))
    asked, text = form.fields.get(name), row.cells.get(name, "")
    is_choice = isinstance(asked, ChoiceField) and form.has_error(name, "invalid_choice")
    said = choice_refused(asked, text) if is_choice else " ".join(map(str, form.errors[name]))
    if isinstance(asked, DateField) and form.has_error(name, "invalid"):
        said = _("%(cell)s is no date that can be read. Write it as %(example)s.")
        said %= {"cell": text, "example": DAY_EXAMPLE}
    raise RuleViolation(in_row(entity, row, name, said), field="file")


def _by_name(entity: Entity, row: SheetRow, form: ThingForm, name: str) -> None:
    """Put the key of what a cell names in its place."""
    choice: Any = form.fields[name]
    try:
        form.data = {**form.data, name: choice.key_of(row.cells[name])}
    except ValidationError as error:
        raise RuleViolation(in_row(entity, row, name, error.messages[0]), field="file") from error


def in_row(entity: Entity, row: SheetRow, name: str, text: str) -> str:
    """Return what is wrong in a field of a row, in one line."""
    label = next((label_of(entity, each) for each in entity.fields if each.name == name), name)
    return problem(row, label, text)


def problem(row: SheetRow, label: object, text: str) -> str:
    """Return what is wrong in a row, in one line."""
    words = {"row": row.number, "column": label, "said": text}
    return _("Row %(row)d, %(column)s: %(said)s") % words


def _as_typed(entity: Entity, name: str, text: str) -> str:
    """Return a cell as the form is sent it: a choice by its key, whatever language it is in."""
    field = next(field for field in entity.fields if field.name == name)
    known = entity.of(field)
    if isinstance(known, FloatField) and "." not in text:  # a spreadsheet in our languages
        return text.replace(",", ".")
    return _choice(known, text) if known.choices else text


def _choice(known: Any, text: str) -> str:
    return _keys(known).get(name_key(text), text)


@lru_cache(maxsize=100)
def _keys(known: Any) -> dict[str, str]:
    """Return the key of a choice by what it is called in any language, and by itself."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for key, word in known.flatchoices:
                found.setdefault(name_key(str(word)), str(key))
                found.setdefault(name_key(str(key)), str(key))
    return found
