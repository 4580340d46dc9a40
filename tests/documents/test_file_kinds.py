"""What a file is, told from its content; and what it may be called."""

from __future__ import annotations

import io
import zipfile

import pytest

from samsyn.documents.rules import ContentRefusal, ContentRefused, media_type_of, safe_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def kind(content, name="x"):
    return media_type_of(io.BytesIO(content), name=name)


def package(*names, stored=None):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if stored:
            archive.writestr("mimetype", stored)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("Møtet ble hevet. Åäö.".encode(), "text/plain"),
        ("Mötet åtgärdade allt.".encode("latin-1"), "text/plain"),
        ("Mötet".encode("utf-16"), "text/plain"),
        (b"From: a@b.example\r\nDate: x\r\nSubject: y\r\n\r\nHello", "message/rfc822"),
        (package("[Content_Types].xml", "word/document.xml"), DOCX),
        (package("content.xml", stored="application/vnd.oasis.opendocument.text"),
         "application/vnd.oasis.opendocument.text"),
    ],
)  # fmt: skip
def test_the_content_says_what_it_is(content, media_type):
    assert kind(content) == media_type


def test_only_a_table_is_told_by_its_name():
    assert kind(b"a;b\n1;2\n", "list.CSV") == "text/csv"
    assert kind(b"%PDF-1.7", "list.csv") == "application/pdf"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ContentRefusal.EMPTY),
        (b" \n", ContentRefusal.EMPTY),
        (b"MZ\x90\0", ContentRefusal.PROGRAM),
        (b"\x7fELF", ContentRefusal.PROGRAM),
        (b"#!/bin/sh\n", ContentRefusal.PROGRAM),
        (b"<!DOCTYPE html><p>", ContentRefusal.PAGE),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', ContentRefusal.PAGE),
        (b"hello <script>alert(1)</script>", ContentRefusal.PAGE),
        (b"\x1f\x8b\x08....", ContentRefusal.ARCHIVE),
        (package("anything.txt"), ContentRefusal.ARCHIVE),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
         ContentRefusal.MACROS),
        (b"PK\x03\x04 and then nothing", ContentRefusal.DAMAGED),
        (b"\x00\x01\x02\x03", ContentRefusal.UNKNOWN),
        (b"text\x00text", ContentRefusal.UNKNOWN),
    ],
)  # fmt: skip
def test_what_is_not_kept_says_why(content, reason):
    with pytest.raises(ContentRefused) as refused:
        kind(content)
    assert refused.value.reason == reason


def test_a_package_that_promises_a_huge_list_is_not_read():
    whole = bytearray(package("[Content_Types].xml", "word/document.xml"))
    at = whole.rfind(b"PK\x05\x06")
    whole[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    with pytest.raises(ContentRefused):
        kind(bytes(whole))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\minutes.PDF", "minutes.PDF"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("a\r\nX-Header: b.pdf", "aX-Header_ b.pdf"),
        ("con.pdf", "file-con.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("møte 3 – referat.docx", "møte 3 – referat.docx.pdf"),
    ],
)
def test_a_name_is_made_safe(name, kept):
    assert safe_name(name, media_type="application/pdf") == kept


def test_a_long_name_keeps_its_ending():
    made = safe_name("å" * 5000 + ".pdf", media_type="application/pdf")
    assert len(made) <= 120
    assert made.endswith(".pdf")
