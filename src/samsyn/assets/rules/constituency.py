"""The constituency file: who is served and what they have, one fact a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from samsyn.kernel.cells import csv_lines
from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.texts import name_key

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
OPTIONAL = (
    "organisation_number",
    "municipality_code",
    "population",
    "operated_by",  # who runs the resource for its owner
    "overlap",  # why another has the resource, or a part of it, as well
)
FACTS = (  # what is said of an organisation itself
    "country", "language", "kind", "organisation_number", "municipality_code", "population",
)  # fmt: skip
NAMES = ("organisation", "parent", "operated_by")  # the columns that name an organisation
ERRORS_SHOWN = 50
CHOICES = {
    "country": {"", "NO", "SE", "DK", "FI", "IS"},
    "language": {"", "sv", "nb", "en"},
    "kind": {
        "", "operator", "municipality", "company", "intermunicipal", "region", "other", "unit",
    },
    "resource_type": {"", "prefix", "asn", "domain", "mail_domain"},
    "contact_purpose": {"", "technical", "management", "24-7"},
    "overlap": {"", "part_of", "run_for", "taken_over"},
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
    organisation_number: str = ""
    municipality_code: str = ""
    population: str = ""
    overlap: str = ""


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


def problem_in(row: int, problem: str) -> str:
    """Return what is wrong with a row.

    Source:
        Our own words; docs/operations.md, the constituency file.

    """
    return _("Row %(row)d: %(said)s") % {"row": row, "said": problem}


def quoted(word: str) -> str:
    """Return what a cell holds, as a message names it.

    Source:
        Our own words; docs/operations.md, the constituency file.

    """
    return _("“%s”") % word


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
    names = [*COLUMNS, *(name for name in OPTIONAL if any(getattr(f, name) for f in facts))]
    rows = ([getattr(fact, name) for name in names] for fact in facts)
    return "".join(csv_lines([names, *rows], line_end="\n"))


def conflicts(facts: list[ConstituencyRow]) -> list[str]:
    """Name the rows that say something else of an organisation than an earlier row did.

    Source:
        docs/operations.md, the constituency file: one fact a row.

    """
    said: dict[tuple[str, str], str] = {}
    problems = []
    for fact in facts:
        for name in (*FACTS, "parent"):
            word = getattr(fact, name)
            earlier = said.setdefault((fact.organisation, name), word) if word else word
            if word != earlier:
                differs = _("%(word)s, but an earlier row says %(earlier)s") % {
                    "word": quoted(word),
                    "earlier": quoted(earlier),
                }
                problems.append(problem_at(fact.row, name, differs))
    return problems
