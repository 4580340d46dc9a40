"""A file that takes gigabytes when it is opened is not kept, and nothing of ours opens it."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from samsyn.documents import receiving
from samsyn.documents.receiving import pieces_take
from samsyn.documents.rules import ContentRefused, check_picture, sizes
from samsyn.kernel.contained import ProcessLimits
from samsyn.kernel.errors import RuleViolation

MB = 1 << 20


def presentation(megabytes: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("ppt/presentation.xml", "x")
        with archive.open("ppt/media/image1.png", "w") as part:
            for _number in range(megabytes):
                part.write(b"\0" * MB)
    return made.getvalue()


def png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\2\0\0\0"
    )


def jpeg(width: int, height: int) -> bytes:
    first = b"\xff\xd8\xff\xe0" + struct.pack(">H", 60_000) + b"x" * 59_998
    return first + b"\xff\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\3" * 10


def webp(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x10\0\0\0WEBPVP8X" + struct.pack("<II", 10, 0) + sides


def take(content: bytes, name: str):
    return pieces_take([content], name=name)


def test_a_presentation_that_unpacks_to_more_than_half_a_gigabyte_is_not_kept(home):
    content = presentation(501)
    assert len(content) < MB
    with pytest.raises(RuleViolation, match="far more room"):
        take(content, "x.pptx")
    assert not any(path.is_file() for path in (home / "files").rglob("*"))


def test_an_honest_presentation_is_kept(home):
    assert take(presentation(20), "x.pptx").media_type.endswith("presentation")


def test_a_damaged_office_file_is_said_to_be_damaged(home):
    content = presentation(1)
    at = content.index(b"ppt/media/image1.png") + 400
    with pytest.raises(RuleViolation, match="damaged"):
        take(content[:at] + b"\xff" * 20 + content[at + 20 :], "x.pptx")


def test_a_process_that_does_not_survive_the_file_is_a_refusal(home, monkeypatch):
    monkeypatch.setattr(receiving, "UNPACKING", ProcessLimits(memory_mb=8))
    with pytest.raises(RuleViolation, match="far more room"):
        take(presentation(1), "x.pptx")


@pytest.mark.parametrize("made", [png, jpeg, webp])
def test_a_picture_is_measured_by_what_it_says_and_not_opened(home, made):
    assert take(made(10_000, 15_000), "x.png").media_type.startswith("image/")
    with pytest.raises(RuleViolation, match="far more room"):
        take(made(10_001, 15_000), "x.png")


@pytest.mark.parametrize(
    ("media_type", "content"),
    [("image/png", png(9, 9)), ("image/jpeg", jpeg(9, 9)), ("image/webp", webp(9, 9))],
)
def test_a_picture_cut_anywhere_is_measured_or_refused(media_type, content):
    for at in range(len(content)):
        try:
            check_picture(io.BytesIO(content[:at]), media_type)
        except ContentRefused:
            continue


def test_the_segments_of_a_picture_have_an_end(monkeypatch):
    monkeypatch.setattr(sizes, "_SEGMENTS_MOST", 10)
    content = b"\xff\xd8" + b"\xff\xe0\0\2" * 11
    with pytest.raises(ContentRefused):
        check_picture(io.BytesIO(content), "image/jpeg")
