"""The law on CSV: what people open is written in one place, where formulas are made harmless."""

from __future__ import annotations

import ast

import pytest

from tests.house.laws import PACKAGE

HOME = "kernel/cells.py"
OTHERS = {
    "analytics/engine.py": "read by the query engine, then removed",
    "monitoring/reading.py": "read by the query engine, then removed",
    "demonstration/reports.py": "reports as Shadowserver sends them, for our own reader",
}


def writers(text: str) -> list[str]:
    """Return what in a module writes CSV: a use of ``csv.writer`` or ``csv.DictWriter``."""
    found = []
    for node in ast.walk(ast.parse(text)):
        names = [node.attr] if isinstance(node, ast.Attribute) else []
        if isinstance(node, ast.ImportFrom) and node.module == "csv":
            names = [each.name for each in node.names]
        found += [name for name in names if name in {"writer", "DictWriter", "to_csv"}]
    return found


def modules():
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.once
def test_csv_is_written_in_one_place():
    found = {str(p.relative_to(PACKAGE)) for p in modules() if writers(p.read_text())}
    assert found == {HOME, *OTHERS}


@pytest.mark.once
def test_whoever_sends_csv_takes_it_from_there():
    for path in modules():
        if "text/csv; charset" in path.read_text():
            assert any(way in path.read_text() for way in ("csv_lines", "facts_written", "raw_csv"))


@pytest.mark.once
@pytest.mark.parametrize(
    "fault",
    ["import csv\ncsv.writer(f)", "from csv import writer", "import csv as c\nc.DictWriter(f)"],
)
def test_the_law_catches_a_planted_fault(fault):
    assert writers(fault)
