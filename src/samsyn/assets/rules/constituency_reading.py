"""Read a constituency file, as somebody typed it and a spreadsheet saved it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from samsyn.assets.rules.constituency import (
    CHOICES,
    COLUMNS,
    NAMES,
    OPTIONAL,
    ConstituencyRow,
    FileError,
    conflicts,
    problem_at,
    problem_in,
    quoted,
    spelled,
)
from samsyn.assets.rules.resources import Unreadable, canonical_parts
from samsyn.kernel.cells import unguarded
from samsyn.kernel.mail_addresses import address_in
from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.sheets import Row, SheetRefused, saved_sheet
from samsyn.kernel.texts import has_words, name_key, one_line

BYTES_MAX = 20_000_000
ROWS_MAX = 200_000
CELL_MAX = 400
COLUMNS_MAX = 100
EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+\Z")
WHOLE = re.compile(r"(\d[\d \u00a0\u202f]*)(?:[.,]0+)?")
ALSO_CALLED = {  # as registers of both countries head these columns
    "organisationsnummer": "organisation_number",
    "organisasjonsnummer": "organisation_number",
    "orgnr": "organisation_number",
    "kommunkod": "municipality_code",
    "kommunenummer": "municipality_code",
    "invånare": "population",
    "folkmängd": "population",
    "innbyggere": "population",
    "folketall": "population",
}


@dataclass(frozen=True, slots=True)
class ConstituencyFacts:
    """The facts of a file, and what to know of how it was read."""

    facts: list[ConstituencyRow]
    notes: list[str]


def facts_in(content: bytes, *, private: bool = False) -> list[ConstituencyRow]:
    """Return the facts of a constituency file; see ``constituency_file``.

    Source:
        Our own format, given in docs/operations.md.

    """
    return constituency_file(content, private=private).facts


def constituency_file(content: bytes, *, private: bool = False) -> ConstituencyFacts:
    """Return the facts of a constituency file.

    Args:
        content: the file, in any of the ways in which a spreadsheet saves CSV.
        private: whether ranges and names that networks use within themselves may be claimed.

    Raises:
        FileError: it is too large, no text, lacks a column, or a row is wrong; all
            problems are named at once, with row and column.

    Source:
        Our own format, given in docs/operations.md.

    """
    if len(content) > BYTES_MAX:
        raise FileError([_("The file is larger than %d MB.") % (BYTES_MAX // 1_000_000)])
    try:
        sheet = saved_sheet(content)
        return ConstituencyFacts(_facts(sheet.rows, private=private), sheet.notes)
    except SheetRefused as error:
        said = str(error)
        raise FileError([problem_in(error.row, said) if error.row else said]) from None


def _facts(rows: Iterator[Row], *, private: bool) -> list[ConstituencyRow]:
    first, heading = next(rows, (1, []))
    columns = _columns(first, heading)
    facts: list[ConstituencyRow] = []
    problems: list[str] = []
    for number, cells in rows:
        if number > ROWS_MAX:
            raise FileError([problem_in(number, _("more than %d rows") % ROWS_MAX)])
        found, wrong = _Reader(number, columns, heading).read(cells, private=private)
        facts += found
        problems += wrong
    facts = spelled(facts)
    problems += conflicts(facts)
    if problems:
        raise FileError(problems)
    return facts


def _columns(row: int, heading: list[str]) -> list[str]:
    """Return what each column holds; nothing for one without a heading.

    Raises:
        FileError: a column is missing, there twice, or not known.

    """
    keys = [name_key(cell) for cell in heading]
    if len([key for key in keys if key]) > COLUMNS_MAX:
        raise FileError([problem_in(row, _("more than %d columns") % COLUMNS_MAX)])
    names = [ALSO_CALLED.get(key, key) for key in keys]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name and name not in {*COLUMNS, *OPTIONAL}]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems = [problem_in(row, _("the column %s is missing") % name) for name in missing]
    problems += [problem_in(row, _("there is no column called %s") % name) for name in unknown]
    problems += [problem_in(row, _("the column %s is there twice") % name) for name in twice]
    if problems:
        raise FileError(problems)
    return names


@dataclass
class _Reader:
    """Reads one row; what is wrong is named by the heading that the file has."""

    row: int
    columns: list[str]
    heading: list[str]

    def read(self, cells: list[str], *, private: bool) -> tuple[list[ConstituencyRow], list[str]]:
        """Return the facts of a row: several where one range is several networks."""
        given, problems = self._given(cells)
        if problems:  # nothing else looks at such a cell: some checks take its length squared
            return [], problems
        fact = ConstituencyRow(self.row, **given)
        problems = self._wrong_words(fact)
        values, wrong = self._values(fact, private=private)
        facts = [ConstituencyRow(self.row, **{**given, "value": value}) for value in values]
        return facts, problems + wrong

    def _given(self, cells: list[str]) -> tuple[dict[str, str], list[str]]:
        given, problems = {}, []
        for place, cell in enumerate(cells):
            name = self.columns[place] if place < len(self.columns) else ""
            if not name:
                if cell.strip():
                    problems.append(problem_in(self.row, _outside(place + 1)))
                continue
            given[name] = unguarded(cell).strip()
            if len(cell) > CELL_MAX:
                problems.append(self._at(name, _("longer than %d characters") % CELL_MAX))
        if problems:
            return {}, problems
        given |= {name: _name(given[name]) for name in NAMES if name in given}
        given["country"] = given.get("country", "").upper()
        given["contact_email"] = address_in(given.get("contact_email", ""))
        return given, []

    def _at(self, column: str, text: str) -> str:
        if column in self.columns:
            column = self.heading[self.columns.index(column)].strip()
        return problem_at(self.row, column, text)

    def _wrong_words(self, fact: ConstituencyRow) -> list[str]:
        problems = [
            self._at(name, _none_of(getattr(fact, name), known))
            for name, known in CHOICES.items()
            if getattr(fact, name) not in known
        ]
        if not fact.organisation:
            problems.append(self._at("organisation", _("say whose fact it is")))
        if bool(fact.contact_purpose) != bool(fact.contact_email):
            name = "contact_email" if fact.contact_purpose else "contact_purpose"
            problems.append(self._at(name, _("a contact needs both purpose and address")))
        if fact.contact_email and not EMAIL.match(fact.contact_email):
            said = _("%s is no e-mail address") % quoted(fact.contact_email)
            if fact.contact_email.count("@") > 1:
                said = _("%s is several addresses: write one a row") % quoted(fact.contact_email)
            problems.append(self._at("contact_email", said))
        if fact.population and not WHOLE.fullmatch(fact.population):
            said = _("%s is no whole number") % quoted(fact.population)
            problems.append(self._at("population", said))
        return problems

    def _values(self, fact: ConstituencyRow, *, private: bool) -> tuple[list[str], list[str]]:
        if not fact.resource_type and not fact.value:
            return [""], []
        if not fact.value or not fact.resource_type:
            name = "value" if fact.resource_type else "resource_type"
            return [fact.value], [self._at(name, _("a resource needs both type and value"))]
        if fact.resource_type not in CHOICES["resource_type"]:
            return [fact.value], []  # already named
        try:
            return canonical_parts(fact.resource_type, fact.value, private=private), []
        except Unreadable as error:
            return [fact.value], [self._at("value", str(error))]


def whole_number(text: str) -> int | None:
    """Return the number that a cell holds, also with blanks in it or as a spreadsheet's 12.0.

    Source:
        Our own format, given in docs/operations.md.

    Example:
        >>> whole_number("12 500"), whole_number("")
        (12500, None)

    """
    found = WHOLE.fullmatch(text)
    return int(re.sub(r"\D", "", found[1])) if found else None


def _outside(place: int) -> str:
    return _("column %d has no heading, but something in it") % place


def _name(cell: str) -> str:
    return one_line(cell) if has_words(cell) else ""


def _none_of(word: str, known: set[str]) -> str:
    names = ", ".join(sorted(each for each in known if each))
    return _("%(word)s is none of %(names)s") % {"word": quoted(word), "names": names}
