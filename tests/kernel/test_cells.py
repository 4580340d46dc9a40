"""Cells of CSV that no spreadsheet runs, and the way back."""

from __future__ import annotations

import csv
import io

import pytest

from samsyn.kernel.cells import csv_lines, guarded, is_formula, unguarded

SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "−"]
LEADS = ["", " ", "  ", "\xa0", "\u200b", "\ufeff", "'", '"', " '", '" ', "''"]
HARMLESS = ["", "Fjellvik", "a=b", "1-2", "x@y.example", "'tis", "5", "a; b", "a\nb", "a - b"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("lead", LEADS)
def test_a_formula_gets_an_apostrophe_whatever_stands_before_its_sign(sign, lead):
    text = f"{lead}{sign}1+1"
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("lead", ["\t", "\r", "\n", " \t"])
def test_a_text_that_begins_with_a_control_sign_gets_one_too(lead):
    assert guarded(f"{lead}x") == f"'{lead}x"
    assert unguarded(f"'{lead}x") == f"{lead}x"


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("lead", ["", " ", '"', "'"])
def test_a_formula_after_a_separator_of_another_country_gets_one(separator, lead):
    text = f"x{separator}{lead}=1+1"
    assert guarded(text) == f"x{separator}'{lead}=1+1"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_is_left_alone(text):
    assert guarded(text) == text
    assert unguarded(text) == text
    assert not is_formula(text)


@pytest.mark.parametrize("number", [-5, -0.5, 0, 7])
def test_a_number_stays_a_number(number):
    assert guarded(number) == number


def test_every_cell_of_a_row_is_guarded():
    line = "".join(csv_lines([["=1", -1, 'say "=2"', "\t3"]]))
    assert next(csv.reader(io.StringIO(line, newline=""))) == ["'=1", "-1", 'say "=2"', "'\t3"]
