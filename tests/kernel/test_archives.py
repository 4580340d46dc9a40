"""Limits of archives are counted while unpacking; what headers say is not believed."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from samsyn.kernel.archives import ArchiveRefused, unpacked_size

MB = 1 << 20


def archive(entries, compression=zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in entries:
            made.writestr(name, content)
    return file


def overlapping(copies: int) -> io.BytesIO:
    """Make an archive whose directory names the same packed bytes again and again."""
    whole = archive([("a", b"\0" * MB)]).getvalue()
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    directory = whole[start:end] * copies
    closing = whole[end : end + 8] + struct.pack("<HHII", copies, copies, len(directory), start)
    return io.BytesIO(whole[:start] + directory + closing + b"\0\0")


def refused(file: io.BytesIO, *, entries=100, most=10 * MB) -> str:
    with pytest.raises(ArchiveRefused) as error:
        unpacked_size(file, entries=entries, most=most)
    return error.value.code


def test_what_fits_is_counted():
    assert unpacked_size(archive([("a", b"x" * 100), ("b", b"y")]), entries=2, most=101) == 101


def test_a_byte_more_than_allowed_is_refused():
    assert refused(archive([("a", b"x" * 100), ("b", b"yy")]), most=101) == "too_large"


def test_the_directory_is_not_read_when_it_is_too_long():
    file = archive([(str(n), b"") for n in range(101)])
    assert refused(file) == "too_many_entries"


def test_entries_that_share_their_bytes_count_each_time():
    file = overlapping(50)
    assert len(file.getvalue()) < 10_000
    assert refused(file) == "too_large"


def test_a_header_that_says_less_than_comes_out_is_not_believed():
    whole = bytearray(archive([("a", b"\0" * (20 * MB))]).getvalue())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = whole.index(mark)
        whole[at + place : at + place + 4] = struct.pack("<I", 10)
    assert refused(io.BytesIO(bytes(whole))) == "damaged_archive"


def test_rare_ways_of_packing_are_refused():
    assert refused(archive([("a", b"x" * 100)], zipfile.ZIP_LZMA)) == "damaged_archive"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100_000])
def test_what_is_no_archive_is_damaged(content):
    assert refused(io.BytesIO(content)) == "damaged_archive"


def test_a_directory_cut_anywhere_is_refused_and_nothing_else_happens():
    whole = archive([("a.xml", b"x" * 500), ("ø.xml", b"y" * 500)]).getvalue()
    for at in range(len(whole)):
        with pytest.raises(ArchiveRefused):
            unpacked_size(io.BytesIO(whole[:at]), entries=10, most=MB)


def test_a_byte_changed_anywhere_ends_in_a_size_or_a_refusal():
    whole = archive([("a.xml", b"x" * 500), ("ø.xml", b"y" * 500)]).getvalue()
    for at in range(len(whole)):
        for value in (0, 0xFF):
            changed = whole[:at] + bytes([value]) + whole[at + 1 :]
            try:
                unpacked_size(io.BytesIO(changed), entries=10, most=MB)
            except ArchiveRefused:
                continue
