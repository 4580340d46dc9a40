"""Reading a damaged report without losing a good row."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.monitoring.reader import Damage, HeaderDamaged, Record, header_of, records

pytestmark = pytest.mark.once  # reads files

HEADER = b'"timestamp","ip","tag"\n'
CELL = st.text(
    st.characters(
        exclude_categories=["Cs"], exclude_characters="\0\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    ),
    max_size=20,
)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8)
JUNK = st.one_of(
    st.sampled_from(
        [
            b'"a,b,c',
            b'"a","b"',
            b'a"b"c",',
            b'"',
            b'"""',
            b'","',
            b'"x","y","z","w"',
            b"\xff\xfe\xfd,",
        ]
    ),
    st.binary(max_size=30).map(
        lambda b: b.replace(b"\n", b"").replace(b"\r", b"").replace(b"\0", b"")
    ),
)
fuzz = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


def line(cells) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def read(tmp_path, content: bytes) -> list[Record | Damage]:
    path = tmp_path / "report.csv"
    path.write_bytes(content)
    return list(records(path))


def good(found) -> list[list[str]]:
    return [r.cells for r in found if isinstance(r, Record)]


@fuzz
@given(rows=ROWS)
def test_good_rows_come_back_as_they_were(tmp_path, rows):
    assert good(read(tmp_path, HEADER + b"".join(map(line, rows)))) == rows


@fuzz
@given(rows=ROWS, junk=st.lists(st.tuples(st.integers(0, 8), JUNK), max_size=4))
def test_a_broken_line_costs_no_good_row(tmp_path, rows, junk):
    lines = [line(["2026-03-02", "192.0.2.1", *row[2:]]) for row in rows]
    for place, text in junk:
        lines.insert(min(place, len(lines)), text + b"\n")
    found = good(read(tmp_path, HEADER + b"".join(lines)))
    kept = [cells for cells in found if cells[:2] == ["2026-03-02", "192.0.2.1"]]
    expected = [["2026-03-02", "192.0.2.1", *row[2:]] for row in rows]
    assert [c for c in kept if c in expected] == expected


@fuzz
@given(content=st.binary(max_size=400))
def test_no_bytes_make_it_fall(tmp_path, content):
    read(tmp_path, content)


def test_each_row_is_counted_once_good_or_damaged(tmp_path):
    found = read(tmp_path, HEADER + b'"1","2","3"\n"broken\n\n"4","5"\n"6","7","8"')
    assert [(r.row, r.line, isinstance(r, Record)) for r in found] == [
        (1, 2, True), (2, 3, False), (3, 5, False), (4, 6, True),
    ]  # fmt: skip


def test_a_line_break_inside_a_cell_belongs_to_it(tmp_path):
    assert good(read(tmp_path, HEADER + b'"1","2","a\nb"\n"3","4","c"\n')) == [
        ["1", "2", "a\nb"], ["3", "4", "c"],
    ]  # fmt: skip


def test_a_row_hidden_in_a_cell_stays_in_the_cell(tmp_path):
    hidden = 'x\n"2026-03-02","192.0.2.9","y"'
    assert good(read(tmp_path, HEADER + line(["1", "2", hidden]))) == [["1", "2", hidden]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_other_encodings_are_read(tmp_path, encoding):
    content = (HEADER.decode() + '"1","2","Sør-Våg"\n').encode(encoding)
    found = read(tmp_path, content)
    assert good(found) == [["1", "2", "Sør-Våg"]]
    assert header_of(tmp_path / "report.csv") == ["timestamp", "ip", "tag"]


def test_nuls_are_dropped_and_the_row_is_kept(tmp_path):
    assert good(read(tmp_path, HEADER + b'"1","2","a\0b"\n')) == [["1", "2", "ab"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_three_ways(tmp_path, end):
    content = (HEADER.decode() + '"1","2","3"\n').replace("\n", end).encode()
    assert good(read(tmp_path, content)) == [["1", "2", "3"]]


def test_a_cell_of_ten_megabytes_is_set_aside_alone(tmp_path):
    found = read(tmp_path, HEADER + b'"1","2","' + b"x" * 10_000_000 + b'"\n"3","4","5"\n')
    assert good(found) == [["3", "4", "5"]]
    assert [len(r.text) for r in found if isinstance(r, Damage)] == [500]


def test_many_open_quotes_take_no_longer_than_many_lines(tmp_path):
    start = time.process_time()
    found = read(
        tmp_path, HEADER + b'"open\n' * 1 + b'"1","2","3"\n' * 50_000 + b'"open\n' * 50_001
    )
    assert len(good(found)) == 50_000
    assert time.process_time() - start < 10


def test_a_column_named_twice_gets_a_number(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b'"IP","tag","tag"\n')
    assert header_of(path) == ["ip", "tag", "tag_2"]


@pytest.mark.parametrize("content", [b"", b"\n", b'"open\n', b",,,\n", b"a" * 2_000_000])
def test_what_has_no_header_is_said(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(HeaderDamaged):
        header_of(path)
