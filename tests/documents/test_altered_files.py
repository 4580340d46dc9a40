"""Evidence that is no longer what was put here is never handed out; the person is told."""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.documents.looks import slides_template
from samsyn.documents.models import Document, DocumentVersion
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add
from samsyn.documents.storage import storage
from samsyn.kernel.errors import KeptDamaged
from samsyn.printing.slides import PPTX
from tests.cast import make_document

PDF = b"%PDF-1.7 the minutes"
ALTERED = "has been altered since it was added"


@pytest.fixture
def document(cast, home):
    return document_add(
        actor=cast.jonas,
        organisation=cast.fjellvik,
        content=pieces_take([PDF], name="minutes.pdf"),
        title="Minutes",
        kind="minutes",
        sharing_label="AMBER",
    )


def alter(document, content=PDF + b"!"):
    place = storage().place(document.latest.sha256)
    place.chmod(0o600)
    place.write_bytes(content)


@pytest.mark.parametrize("content", [PDF + b"!", PDF[:-1], b"", PDF.replace(b"the", b"teh")])
def test_an_altered_file_is_refused_with_words(client, cast, document, content):
    alter(document, content)
    client.be(cast.people["jonas"])
    answer = client.get(f"/documents/versions/{document.latest_id}/")
    assert answer.status_code == 410
    assert ALTERED in answer.content.decode()
    assert PDF[:8] not in answer.content


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "har ändrats sedan"), ("nb", "er endret etter")]
)
def test_it_is_said_in_the_persons_language(client, cast, document, language, words):
    alter(document)
    cast.people["jonas"].language = language
    cast.people["jonas"].save()
    client.be(cast.people["jonas"])
    assert words in client.get(f"/documents/versions/{document.latest_id}/").content.decode()


def test_a_program_is_refused_too(client, cast, document):
    alter(document)
    client.be(cast.people["jonas"])
    answer = client.get(f"/api/documents/{document.pk}/file")
    assert answer.status_code == 410
    assert ALTERED in answer.json()["detail"]


def test_a_missing_file_is_said_to_be_missing(client, cast, document):
    storage().remove(document.latest.sha256)
    client.be(cast.people["jonas"])
    answer = client.get(f"/documents/versions/{document.latest_id}/")
    assert answer.status_code == 410
    assert "The file is missing where files are stored" in answer.content.decode()


def test_the_same_file_added_again_mends_it(client, cast, document):
    alter(document)
    pieces_take([PDF], name="minutes.pdf")
    client.be(cast.people["jonas"])
    answer = client.get(f"/documents/versions/{document.latest_id}/")
    assert b"".join(answer.streaming_content) == PDF


def test_an_altered_template_makes_no_slides(cast, home):
    made = make_document(cast.fjellvik, content=PDF)
    Document.unscoped.update(kind="template")
    DocumentVersion.unscoped.filter(pk=made.latest_id).update(media_type=PPTX)
    assert slides_template(actor=cast.ingvild, organisation=cast.fjellvik.pk)
    alter(made)
    with pytest.raises(KeptDamaged):
        slides_template(actor=cast.ingvild, organisation=cast.fjellvik.pk)


@pytest.mark.parametrize(
    "way", ["/documents/versions/{0.latest_id}/", "/api/documents/{0.pk}/file"]
)
def test_a_refused_download_is_on_record_and_on_the_documents_page(client, cast, document, way):
    alter(document)
    client.be(cast.people["jonas"])
    url, words = way.format(document), "no longer what was added"
    assert words not in client.get(f"/documents/{document.pk}/").content.decode()
    client.get(url)
    entry = Entry.objects.get(action="export.refused")
    assert (entry.object_id, entry.changes["as"]) == (str(document.pk), "minutes.pdf")
    assert not Entry.objects.filter(action="export.evidence").exists()
    assert words in client.get(f"/documents/{document.pk}/").content.decode()
    pieces_take([PDF], name="minutes.pdf")
    b"".join(client.get(url).streaming_content)
    assert words not in client.get(f"/documents/{document.pk}/").content.decode()


def test_what_the_nightly_check_found_is_on_the_documents_page(client, cast, document):
    alter(document)
    record(
        actor="job:files.check",
        person_id=None,
        action="backups.files_check",
        changes={"named": [f"evidence {document.latest.sha256}: altered"]},
    )
    answer = client.be(cast.people["jonas"]).get(f"/documents/{document.pk}/")
    assert "no longer what was added" in answer.content.decode()
