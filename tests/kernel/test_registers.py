"""Numbers that national registers give: the country decides what is right."""

from __future__ import annotations

import pytest

from samsyn.kernel.registers import (
    NumberRefused,
    municipality_code,
    organisation_number,
    organisation_number_text,
)


@pytest.mark.parametrize(
    ("country", "written", "kept", "shown"),
    [
        ("SE", "212000-0142", "2120000142", "212000-0142"),
        ("SE", "162120001355", "2120001355", "212000-1355"),
        ("NO", "958 935 420", "958935420", "958 935 420"),
        ("NO", "958935420.0", "958935420", "958 935 420"),
        ("NO", "958\u00a0935\u00a0420", "958935420", "958 935 420"),
        ("DK", "64942212", "64942212", "64942212"),
        ("FI", "0201256-6", "02012566", "0201256-6"),
        ("IS", "530269-7609", "5302697609", "530269-7609"),
        ("NO", " ", "", ""),
    ],
)
def test_a_number_has_one_form_however_it_is_written(country, written, kept, shown):
    assert organisation_number(country, written) == kept
    assert organisation_number_text(country, kept) == shown


@pytest.mark.parametrize(
    ("country", "written", "says"),
    [
        ("SE", "212000-0143", "a digit is wrong"),
        ("SE", "811218-9876", "a digit is wrong"),  # a person's
        ("SE", "958 935 420", "write 10 digits, as 212000-0142"),
        ("NO", "964 123 456", "a digit is wrong"),
        ("NO", "95893542", "write 9 digits, as 958 935 420"),
        ("NO", "95893542O", "write 9 digits"),
        ("NO", "٩٥٨٩٣٥٤٢٠", "write 9 digits"),
        ("DK", "64942213", "a digit is wrong"),
        ("FI", "0201256-7", "a digit is wrong"),
    ],
)
def test_a_wrong_number_is_refused_in_words(country, written, says):
    with pytest.raises(NumberRefused, match=says):
        organisation_number(country, written)


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [("NO", "301", "0301"), ("SE", "0180", "0180"), ("SE", "114.0", "0114"), ("DK", "101", "101")],
)
def test_a_municipality_code_gets_the_zeros_back_that_a_spreadsheet_took(country, written, kept):
    assert municipality_code(country, written) == kept


@pytest.mark.parametrize("written", ["12345", "018A", "0000"])
def test_a_wrong_municipality_code_is_refused(written):
    with pytest.raises(NumberRefused, match="write 4 digits"):
        municipality_code("SE", written)
