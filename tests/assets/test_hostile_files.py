"""A constituency file made to take hours is refused, or read in time that grows with its size."""

from __future__ import annotations

import json

import pytest

from samsyn.assets.rules import Unreadable, canonical
from samsyn.kernel.contained import ProcessLimits, run_contained
from tests.assets.hostile import COLUMNS, HEADER, order_of_a_chain, problems

LIMITS = ProcessLimits(memory_mb=1_024, cpu_seconds=60, wall_seconds=240)


def within_limits(work, argument):
    return json.loads(run_contained(f"{work.__module__}:{work.__name__}", argument, limits=LIMITS))


def with_cell(column: str, cell: str) -> bytes:
    given = {"organisation": "Fjellvik", "resource_type": "domain", "value": "a.example"}
    given |= {"contact_purpose": "technical", "contact_email": "a@b.example", column: cell}
    return (HEADER + ",".join(f'"{given.get(name, "")}"' for name in COLUMNS) + "\n").encode()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("contact_email", "a@" + "." * 130_000 + "@"),  # the pattern of addresses went back
        ("value", "ø" * 130_000),  # IDNA takes the length squared
        ("value", "9" * 130_000),
    ],
)
def test_a_cell_that_is_too_long_is_said_and_not_looked_into(column, cell):
    (said,) = within_limits(problems, with_cell(column, cell))
    assert said == f"Row 2, {column}: longer than 400 characters"


def test_an_open_quote_over_the_rest_of_the_file_is_said():
    said = within_limits(problems, (HEADER + 'Fjellvik,"' + "x\n" * 500_000).encode())
    assert said == ["Row 2: a cell is not closed, or far too long"]


def test_a_million_columns_are_refused_at_once():
    assert within_limits(problems, b"a," * 1_000_000) == ["Row 1: more than 100 columns"]


def test_parents_that_come_last_in_a_long_chain_are_put_first():
    assert within_limits(order_of_a_chain, 30_000) == ["o30000", "o29999"]


@pytest.mark.parametrize("kind", ["prefix", "asn", "domain", "mail_domain"])
def test_a_resource_typed_by_a_person_has_a_limit_too(kind):
    for text in ("9" * 5_000, "ø" * 100_000 + ".example", "1." * 50_000):
        with pytest.raises(Unreadable):
            canonical(kind, text)
