"""Evidence: kept by content, with versions, attached to things, removed when its time has come."""

from __future__ import annotations

import os
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.documents.jobs import removable, sweep
from samsyn.documents.models import Document, DocumentVersion, Link
from samsyn.documents.receiving import pieces_take
from samsyn.documents.selectors import document_list, evidence_list
from samsyn.documents.services import (
    document_attach,
    document_change,
    document_detach,
    document_remove,
    version_add,
)
from samsyn.documents.storage import storage
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.cast import TODAY, make_action, make_document

PDF = b"%PDF-1.7 first"


def upload(content=PDF, name="minutes.pdf"):
    file = BytesIO(content)
    file.name = name
    return file


def form(cast, **fields):
    values = {"title": "Minutes", "kind": "minutes", "sharing_label": "AMBER", "file": upload()}
    return values | {"organisation": cast.fjellvik.pk} | fields


def taken(content=PDF, name="minutes.pdf"):
    return pieces_take([content], name=name)


def test_a_file_is_added_by_the_form_and_comes_back_as_it_was(client, cast, home):
    client.be(cast.people["jonas"])
    given = form(cast, effective_on="2026-02-01")
    assert client.post("/documents/new/", given).status_code == 302
    made = Document.unscoped.get()
    assert made.effective_on == date(2026, 2, 1)
    assert made.created_at.date() != made.effective_on
    answer = client.get(f"/documents/versions/{made.latest_id}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_same_content_is_kept_once(cast, home):
    first = make_document(cast.fjellvik, PDF)
    second = make_document(cast.elvdal, PDF)
    assert first.latest.sha256 == second.latest.sha256
    assert len(list(storage().kept())) == 1


def test_a_stranger_sees_neither_document_nor_file(client, cast, home):
    made = make_document(cast.fjellvik)
    client.be(cast.people["sigrid"])
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(f"/documents/versions/{made.latest_id}/").status_code == 404


def test_the_csirt_does_not_see_an_organisations_evidence(client, cast, home):
    made = make_document(cast.fjellvik)
    assert client.be(cast.people["astrid"]).get(made.get_absolute_url()).status_code == 404


def test_a_file_above_the_limit_is_refused_and_nothing_typed_is_lost(client, cast, home, settings):
    settings.FILE_MB = 1
    client.be(cast.people["ingvild"])
    big = upload(b"%PDF-" + b"x" * (1024 * 1024 + 10))
    answer = client.post("/documents/new/", form(cast, title="Typed", file=big))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "larger than 1 MB" in text
    assert "Typed" in text
    assert list(storage().kept()) == []
    assert list((home / "files/incoming").iterdir()) == []


def test_a_file_far_above_the_limit_is_never_written(client, cast, home, settings):
    settings.FILE_MB = 1
    client.be(cast.people["ingvild"])
    big = upload(b"%PDF-" + b"x" * (4 * 1024 * 1024))
    answer = client.post("/documents/new/", form(cast, title="Typed", file=big))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "larger than 1 MB" in text
    assert "Typed" in text
    assert not (home / "files/incoming").exists()


@pytest.mark.parametrize("content", [b"MZ program", b"<svg onload='x'>", b"\x1f\x8b\x08", b""])
def test_what_is_not_kept_is_refused_at_the_field(client, cast, home, content):
    client.be(cast.people["ingvild"])
    answer = client.post("/documents/new/", form(cast, file=upload(content, "minutes.pdf")))
    assert answer.status_code == 422
    assert not Document.unscoped.exists()


def test_a_hostile_name_is_made_safe(client, cast, home):
    client.be(cast.people["ingvild"])
    name = "..\\..\\a\u202e\"'<b>.html"
    assert client.post("/documents/new/", form(cast, file=upload(PDF, name))).status_code == 302
    kept = DocumentVersion.unscoped.get()
    assert kept.file_name == "a_'_b_.html.pdf"
    assert kept.media_type == "application/pdf"


def test_a_newer_version_leaves_the_older_readable(cast, home):
    made = make_document(cast.fjellvik)
    first = made.latest
    second = version_add(
        actor=cast.jonas, document=made, content=taken(b"%PDF-1.7 second"), note="signed"
    )
    assert (second.number, made.latest) == (2, second)
    with storage().open(first.sha256) as old, storage().open(second.sha256) as new:
        assert (old.read(), new.read()) == (b"%PDF-1.7 minutes", b"%PDF-1.7 second")


def test_the_same_file_again_is_no_version(cast, home):
    made = make_document(cast.fjellvik, PDF)
    with pytest.raises(RuleViolation, match="same file"):
        version_add(actor=cast.jonas, document=made, content=taken(PDF))


def test_one_document_stands_at_many_things_and_many_at_one(cast, home):
    actions = [make_action(cast.fjellvik) for _ in range(2)]
    documents = [make_document(cast.fjellvik, thing=actions[0]) for _ in range(2)]
    document_attach(actor=cast.jonas, document=documents[0], thing=actions[1])
    assert len(evidence_list(actor=cast.jonas, thing=actions[0])) == 2
    assert documents[0].links.count() == 2


def test_evidence_of_another_organisation_is_refused(cast, home):
    with pytest.raises(RuleViolation, match="same organisation"):
        make_document(cast.fjellvik, thing=make_action(cast.elvdal))


def test_attached_twice_is_refused(cast, home):
    action = make_action(cast.fjellvik)
    made = make_document(cast.fjellvik, thing=action)
    with pytest.raises(RuleViolation, match="already"):
        document_attach(actor=cast.ingvild, document=made, thing=action)


def test_who_may_add_may_not_remove(cast, home):
    made = make_document(cast.fjellvik)
    with pytest.raises(NotAllowed):
        document_remove(actor=cast.jonas, document=made, today=TODAY)
    with pytest.raises(NotAllowed):
        document_change(actor=cast.jonas, document=made, title="Other")


def test_what_must_be_kept_or_proves_something_is_not_removed(cast, home):
    kept = make_document(cast.fjellvik, retained_until=TODAY)
    with pytest.raises(RuleViolation, match="kept until"):
        document_remove(actor=cast.ingvild, document=kept, today=TODAY)
    proof = make_document(cast.fjellvik, thing=make_action(cast.fjellvik))
    with pytest.raises(RuleViolation, match="evidence of something"):
        document_remove(actor=cast.ingvild, document=proof, today=TODAY)
    document_detach(actor=cast.ingvild, link=Link.unscoped.get())
    document_remove(actor=cast.ingvild, document=proof, today=TODAY)
    assert Entry.objects.filter(action="documents.document_remove").count() == 1


def test_the_job_removes_only_what_has_served_its_time_and_is_unattached(cast, home):
    past = timezone.localdate() - timedelta(days=1)
    old = make_document(cast.fjellvik, b"%PDF- old", retained_until=past)
    make_document(cast.fjellvik, retained_until=past, thing=make_action(cast.fjellvik))
    make_document(cast.fjellvik, retained_until=past + timedelta(days=1))
    make_document(cast.fjellvik)
    assert removable(actor=cast.job, today=timezone.localdate()) == [old]
    said = run_now("documents_retire", actor=cast.job, is_dry=True)
    assert said == {"would_remove": [f"{old.pk}: {old.title}"]}
    assert Document.unscoped.count() == 4
    done = run_now("documents_retire", actor=cast.job)
    assert len(done["removed"]) == 1
    assert Document.unscoped.count() == 3
    assert Entry.objects.filter(action="documents.document_remove", object_id=str(old.pk)).exists()


def test_the_sweep_takes_what_nothing_names_after_a_day(cast, home):
    named = make_document(cast.fjellvik, b"%PDF- named")
    orphan = taken(b"%PDF- orphan")
    now = timezone.now()
    assert sweep(storage(), now=now) == 0
    assert sweep(storage(), now=now + timedelta(days=2)) == 1
    assert not storage().has(orphan.sha256)
    assert storage().has(named.latest.sha256)


def test_a_content_put_again_counts_as_new(cast, home):
    first = taken()
    old = timezone.now().timestamp() - 10 * 86400
    os.utime(storage().place(first.sha256), (old, old))
    taken()
    assert sweep(storage(), now=timezone.now()) == 0


def test_the_list_finds_by_title_file_and_what_stands_at_nothing(cast, home):
    made = make_document(cast.fjellvik, title="Restore test", thing=make_action(cast.fjellvik))
    other = make_document(cast.fjellvik, title="Loose")
    assert list(document_list(actor=cast.ingvild, search="restore")) == [made]
    assert list(document_list(actor=cast.ingvild, unattached=True)) == [other]


def test_an_attached_file_goes_back_to_what_it_proves(client, cast, home):
    action = make_action(cast.fjellvik)
    client.be(cast.people["jonas"])
    given = form(cast)
    del given["organisation"]
    answer = client.post(f"/documents/new/?for=actions.Action-{action.pk}", given)
    assert answer["Location"] == action.get_absolute_url()
    assert "Minutes" in client.get(action.get_absolute_url()).content.decode()


@pytest.mark.parametrize("text", ["nonsense", "actions.Action-999999", "os.System-1", "a" * 5000])
def test_attaching_to_what_is_not_there_is_not_found(client, cast, home, text):
    client.be(cast.people["jonas"])
    assert client.get("/documents/new/", {"for": text}).status_code == 404


def test_the_command_adds_and_lists(cast, home, tmp_path, capsys):
    from django.core.management import call_command

    path = tmp_path / "test.txt"
    path.write_text("Restored in four hours.")
    call_command("document_add", str(path), organisation="Fjellvik")
    capsys.readouterr()
    call_command("document_list", "--json")
    assert '"file_name": "test.txt"' in capsys.readouterr().out


def test_the_api_takes_and_gives_a_file(client, cast, home):
    from samsyn.access.services import token_create

    secret = token_create(actor=cast.jonas, person=cast.people["jonas"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    given = {"organisation_id": cast.fjellvik.pk, "title": "By program", "file": upload()}
    made = client.post("/api/documents", given, headers=headers).json()
    assert made["latest"]["media_type"] == "application/pdf"
    answer = client.get(f"/api/documents/{made['id']}/file", headers=headers)
    assert b"".join(answer.streaming_content) == PDF
