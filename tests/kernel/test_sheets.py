"""A sheet that a spreadsheet has saved is read whichever of its ways it was saved."""

from __future__ import annotations

import pytest

from samsyn.kernel.sheets import Lettering, SheetRefused, saved_sheet

ROWS = [(1, ["name", "note"]), (2, ["Ås", "a, b; c"])]


@pytest.mark.parametrize(
    ("content", "lettering"),
    [
        ('name;note\nÅs;"a, b; c"\n'.encode(), Lettering.UTF8),
        ('name,note\r\nÅs,"a, b; c"\r\n'.encode("utf-8-sig"), Lettering.UTF8),
        ("name\tnote\rÅs\ta, b; c\r".encode("utf-16"), Lettering.UTF16),
        ('name;note\r\nÅs;"a, b; c"\r\n'.encode("cp1252"), Lettering.WINDOWS),
        ('name;note\rÅs;"a, b; c"\r'.encode("mac_roman"), Lettering.MAC),
        ('sep=|\nname|note\nÅs|"a, b; c"'.encode(), Lettering.UTF8),
        ('"name";"note"\nÅs;"a, b; c"'.encode(), Lettering.UTF8),
    ],
)
def test_every_way_gives_the_same_rows(content, lettering):
    sheet = saved_sheet(content)
    assert (list(sheet.rows), sheet.lettering) == (ROWS, lettering)


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    content = b'\n;;\nname;note\n"two\nlines";x\n\nlast;y\n'
    numbers = [number for number, _cells in saved_sheet(content).rows]
    assert numbers == [3, 4, 6]


def test_a_comma_in_a_quoted_heading_parts_nothing():
    [(_row, cells)] = saved_sheet(b'"a, b, c";d\n').rows
    assert cells == ["a, b, c", "d"]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"PK\x03\x04", 0),
        (b"\xd0\xcf\x11\xe0", 0),
        (b"\xff\xfea", 0),
        ("Ås\nÅ".encode()[:-1], 2),  # cut in the middle of a letter: no other letters are guessed
        (b"a\nb\x01\xe5", 2),
        (b"a;b\n\x81;c", 2),
    ],
)
def test_what_is_no_text_is_refused_with_its_row(content, row):
    with pytest.raises(SheetRefused) as caught:
        list(saved_sheet(content).rows)
    assert caught.value.row == row


def test_a_cell_that_is_not_closed_is_refused_with_its_row():
    with pytest.raises(SheetRefused) as caught:
        list(saved_sheet(b'a;b\nc;"d\n').rows)
    assert caught.value.row == 2
