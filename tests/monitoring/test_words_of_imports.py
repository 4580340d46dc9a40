"""What a page says of an import is true, in words, and in the reader's language."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from samsyn.monitoring.models import Batch, FileRefusal
from samsyn.monitoring.wording import REMEDIES, ROW_REASONS, refusal_words, row_words
from tests.monitoring.reports import row, text

# what is said of a file; that an import is undone: test_imports_in_turn
pytestmark = pytest.mark.once

NAME = "2026-03-02-scan_rdp-test.csv"
GOOD = [row(address="198.18.0.7")]


@pytest.fixture
def reader(cast, home, client):
    """Upload as Astrid, who reads Norwegian."""
    person = cast.people["astrid"]
    person.language = "nb"
    person.save()
    client.be(person)

    def upload(content, name=NAME):
        sent = SimpleUploadedFile(name, content)
        return client.post("/feeds/read/", {"file": sent}).content.decode()

    return upload


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("2026-03-02-scan_nothing-test.csv", text(GOOD).encode(), "ingen rapport vi kjenner"),
        ("a.zip", b"PK\x03\x04 no archive", "Arkivet er skadet"),
    ],
)
def test_a_refused_file_is_not_said_to_be_imported(reader, name, content, words):
    page = reader(content, name)
    assert "Ingenting er lest inn: filen ble avvist" in page
    assert "Rapporten er lest inn" not in page
    assert not [code for code in FileRefusal.values if code in page]


def test_a_file_that_came_before_is_said_to_have_done_so(reader):
    assert "Rapporten er lest inn" in reader(text(GOOD).encode())
    again = reader(text(GOOD).encode())
    assert "Rapporten var allerede lest inn" in again
    assert "Rapporten er lest inn" not in again


def test_damaged_rows_are_told_in_words_and_without_none(reader, client):
    reader(text([*GOOD, row(address="198.18.0.999")]).encode())
    page = client.get(f"/feeds/{Batch.unscoped.get().pk}/").content.decode()
    assert "Adressen kan ikke leses." in page
    assert "None" not in page


@pytest.mark.parametrize("language", ["sv", "nb"])
def test_every_reason_has_words_in_each_language(language):
    reasons = [*ROW_REASONS, "3 cells where the header has 4", "longer than 9 bytes", "new"]
    for words, known in ((row_words, reasons), (refusal_words, [*FileRefusal.values, "new"])):
        with override(language):
            said = [words(each) for each in known]
        with override("en"):
            assert not {words(each) for each in known} & set(said)


def test_only_details_for_people_are_shown():
    assert "BadZipFile" not in refusal_words("damaged_archive", "BadZipFile")
    assert "(scan_new)" in refusal_words("unknown_report", "scan_new")


def test_every_refusal_says_what_to_do():
    assert set(REMEDIES) == set(FileRefusal)


def zipped(**files):
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("minutes.txt", b"a,b\n1,2\n", "Les inn en rapport fra Shadowserver"),
        ("minutes.pdf", b"%PDF-1.7\n\x00\xff", "Les inn en rapport fra Shadowserver"),
        ("empty.zip", zipped(), "Pakk rapporten"),
        ("nothing.zip", zipped(readme="x"), "Pakk rapporten"),
        ("old.zip", zipped(**{"list.csv": "a,b\n1,2\n"}), "Les inn en rapport fra Shadowserver"),
        ("empty.csv", b"", "Filen er tom."),
    ],
)
def test_a_refused_file_is_named_once_and_what_to_do_is_said(reader, name, content, advice):
    page = reader(content, name)
    assert advice in page
    told = page[page.index("<main") : page.index("</main")]
    assert told.count(name) <= 1
    assert told.count("list.csv") <= 1
