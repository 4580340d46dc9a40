"""A file that an organisation has already is not added again without asking."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.documents.models import Document

pytestmark = pytest.mark.django_db


def sends(client, organisation, content=b"minutes of the meeting", **more):
    file = SimpleUploadedFile("minutes.txt", content)
    given = {
        "organisation": organisation.pk, "title": "Minutes", "kind": "other",
        "sharing_label": "AMBER", "file": file,
    }  # fmt: skip
    return client.post("/documents/new/", given | more)


def held(organisation):
    return Document.unscoped.filter(organisation=organisation).count()


def test_the_same_file_is_said_to_be_here_with_the_way_to_it(client, cast, home):
    client.be(cast.people["ingvild"])
    assert sends(client, cast.fjellvik).status_code == 302
    first = Document.unscoped.get(organisation=cast.fjellvik)
    answer = sends(client, cast.fjellvik, title="Other")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The same file is here already, as Minutes" in text
    assert f'href="{first.get_absolute_url()}"' in text
    assert 'name="again"' in text
    assert held(cast.fjellvik) == 1


def test_it_is_added_again_when_that_is_said(client, cast, home):
    client.be(cast.people["ingvild"])
    sends(client, cast.fjellvik)
    assert sends(client, cast.fjellvik, again="on").status_code == 302
    assert held(cast.fjellvik) == 2


def test_another_file_and_another_organisation_are_not_asked(client, cast, home):
    client.be(cast.people["ingvild"])
    sends(client, cast.fjellvik)
    assert sends(client, cast.fjellvik, b"other").status_code == 302
    client.be(cast.people["sigrid"])
    assert sends(client, cast.elvdal).status_code == 302
    assert 'name="again"' not in client.get("/documents/new/").content.decode()
