"""The constituency file: who is served and what they have, one fact a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from samsyn.assets.rules.resources import Unreadable, canonical
from samsyn.kernel.cells import csv_lines, unguarded
from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.texts import has_words, name_key, one_line

COLUMNS = (
    "organisation",
    "country",
    "language",
    "parent",
    "kind",
    "resource_type",
    "value",
    "contact_purpose",
    "contact_email",
)
NAMES = ("organisation", "parent", "operated_by")  # the columns that name an organisation
HOST_COLUMN = "operated_by"  # optional: who runs the resource for its owner
BYTES_MAX = 20_000_000
ROWS_MAX = 200_000
CELL_MAX = 400
COLUMNS_MAX = 100
ERRORS_SHOWN = 50
EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+\Z")
CHOICES = {
    "country": {"", "NO", "SE", "DK", "FI", "IS"},
    "language": {"", "sv", "nb", "en"},
    "kind": {
        "", "operator", "municipality", "company", "intermunicipal", "region", "other", "unit",
    },
    "resource_type": {"", "prefix", "asn", "domain", "mail_domain"},
    "contact_purpose": {"", "technical", "management", "24-7"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConstituencyRow:
    """One row: what it says of an organisation; ``row`` is its number in the file, from 2."""

    row: int
    organisation: str
    country: str = ""
    language: str = ""
    parent: str = ""
    kind: str = ""
    resource_type: str = ""
    value: str = ""
    contact_purpose: str = ""
    contact_email: str = ""
    operated_by: str = ""


@dataclass
class FileError(ValueError):
    """The file cannot be taken; each problem names its row and column."""

    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        shown = self.problems[:ERRORS_SHOWN]
        more = len(self.problems) - len(shown)
        return "\n".join([*shown, *([_("… and %d more") % more] if more else [])])


def problem_at(row: int, column: str, problem: str) -> str:
    """Return what is wrong in one cell.

    Source:
        Our own words; docs/operations.md, the constituency file.

    """
    return _("Row %(row)d, %(column)s: %(said)s") % {"row": row, "column": column, "said": problem}


def _quoted(word: str) -> str:
    return _("“%s”") % word


def _at(row: int, problem: str) -> str:
    return _("Row %(row)d: %(said)s") % {"row": row, "said": problem}


def facts_in(content: bytes) -> list[ConstituencyRow]:
    """Return the facts of a constituency file.

    Args:
        content: the file: UTF-8 (a byte order mark is fine), commas or semicolons.

    Raises:
        FileError: it is too large, not UTF-8, lacks a column, or a row is wrong; all
            problems are named at once, with row and column.

    Source:
        Our own format, given in docs/operations.md.

    """
    rows = _readable(_rows(content))
    header = [name.strip().lower() for name in next(rows, [])]
    _check_header(header)
    facts: list[ConstituencyRow] = []
    problems: list[str] = []
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > ROWS_MAX:
            raise FileError([_at(number, _("more than %d rows") % ROWS_MAX)])
        fact, wrong = _fact(number, header, cells)
        facts.append(fact)
        problems += wrong
    facts = spelled(facts)
    problems += _conflicts(facts)
    if problems:
        raise FileError(problems)
    return facts


def spelled(facts: Iterable[ConstituencyRow], known: Iterable[str] = ()) -> list[ConstituencyRow]:
    """Return the facts with each organisation's name written as the register has it.

    A name is the same whatever its case; one that is new is written as its first row has it.

    Args:
        facts: of a file.
        known: the names in the register.

    Source:
        docs/operations.md, the constituency file: how names are compared.

    """
    facts = list(facts)
    written = {name: name for name in known}
    first = {name_key(name): name for name in written}

    def as_known(name: str) -> str:
        if name and name not in written:
            written[name] = first.setdefault(name_key(name), name)
        return written.get(name, "")

    for fact in facts:
        as_known(fact.organisation)
    return [
        replace(
            fact,
            organisation=as_known(fact.organisation),
            parent=as_known(fact.parent),
            operated_by=as_known(fact.operated_by),
        )
        for fact in facts
    ]


def facts_written(facts: Iterable[ConstituencyRow]) -> str:
    """Return the file that says these facts; reading it gives them back.

    Source:
        Our own format, given in docs/operations.md.

    """
    facts = list(facts)
    names = [*COLUMNS, *([HOST_COLUMN] if any(f.operated_by for f in facts) else [])]
    rows = ([getattr(fact, name) for name in names] for fact in facts)
    return "".join(csv_lines([names, *rows], line_end="\n"))


def _rows(content: bytes) -> Iterator[list[str]]:
    if len(content) > BYTES_MAX:
        raise FileError([_("The file is larger than %d MB.") % (BYTES_MAX // 1_000_000)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise FileError([_at(row, _("the file is not UTF-8; save it as CSV UTF-8"))]) from None
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows; a cell that the parser refuses (an open quote) is said with its row."""
    number = 0
    try:
        for number, cells in enumerate(rows, start=1):  # noqa: B007  the message names it
            yield cells
    except csv.Error:
        said = _at(number + 1, _("a cell is not closed, or far too long"))
        raise FileError([said]) from None


def _check_header(header: list[str]) -> None:
    if len(header) > COLUMNS_MAX:
        raise FileError([_at(1, _("more than %d columns") % COLUMNS_MAX)])
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in {*COLUMNS, HOST_COLUMN}]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [_at(1, _("the column %s is missing") % name) for name in missing]
    problems += [_at(1, _("there is no column called %s") % name) for name in unknown]
    problems += [_at(1, _("the column %s is there twice") % name) for name in twice]
    if problems:
        raise FileError(problems)


def _fact(number: int, header: list[str], cells: list[str]) -> tuple[ConstituencyRow, list[str]]:
    given = {n: unguarded(c).strip() for n, c in zip(header, cells, strict=False)}
    if len(cells) > len(header):
        return ConstituencyRow(number, ""), [_at(number, _("more cells than columns"))]
    problems = [
        problem_at(number, name, _("longer than %d characters") % CELL_MAX)
        for name, cell in given.items()
        if len(cell) > CELL_MAX
    ]
    if problems:  # nothing else looks at such a cell: some checks take its length squared
        return ConstituencyRow(number, ""), problems
    given |= {n: _name(given[n]) for n in NAMES if n in given}
    given["country"] = given.get("country", "").upper()
    fact = ConstituencyRow(number, **given)
    problems = _wrong_words(fact)
    value, wrong = _value(fact)
    return ConstituencyRow(number, **{**given, "value": value}), problems + wrong


def _name(cell: str) -> str:
    return one_line(cell) if has_words(cell) else ""


def _wrong_words(fact: ConstituencyRow) -> list[str]:
    problems = [
        problem_at(fact.row, name, _none_of(getattr(fact, name), known))
        for name, known in CHOICES.items()
        if getattr(fact, name) not in known
    ]
    if not fact.organisation:
        problems.append(problem_at(fact.row, "organisation", _("say whose fact it is")))
    if bool(fact.contact_purpose) != bool(fact.contact_email):
        name = "contact_email" if fact.contact_purpose else "contact_purpose"
        problems.append(problem_at(fact.row, name, _("a contact needs both purpose and address")))
    if fact.contact_email and not EMAIL.match(fact.contact_email):
        said = _("%s is no e-mail address") % _quoted(fact.contact_email)
        problems.append(problem_at(fact.row, "contact_email", said))
    return problems


def _none_of(word: str, known: set[str]) -> str:
    names = ", ".join(sorted(each for each in known if each))
    return _("%(word)s is none of %(names)s") % {"word": _quoted(word), "names": names}


def _value(fact: ConstituencyRow) -> tuple[str, list[str]]:
    if not fact.resource_type and not fact.value:
        return "", []
    if not fact.value or not fact.resource_type:
        name = "value" if fact.resource_type else "resource_type"
        said = _("a resource needs both type and value")
        return fact.value, [problem_at(fact.row, name, said)]
    if fact.resource_type not in CHOICES["resource_type"]:
        return fact.value, []  # already named
    try:
        return canonical(fact.resource_type, fact.value), []
    except Unreadable as error:
        return fact.value, [problem_at(fact.row, "value", str(error))]


def _conflicts(facts: list[ConstituencyRow]) -> list[str]:
    """Name the rows that say something else of an organisation than an earlier row did."""
    said: dict[tuple[str, str], str] = {}
    problems = []
    for fact in facts:
        for name in ("country", "language", "parent", "kind"):
            word = getattr(fact, name)
            earlier = said.setdefault((fact.organisation, name), word) if word else word
            if word != earlier:
                differs = _("%(word)s, but an earlier row says %(earlier)s") % {
                    "word": _quoted(word),
                    "earlier": _quoted(earlier),
                }
                problems.append(problem_at(fact.row, name, differs))
    return problems
