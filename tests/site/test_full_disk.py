"""A full disk ends in a sentence at every door, loses nothing, and all goes on when there is room.

The disk is made full by limits that the system enforces itself: the size of a file (for
files) and the number of SQLite's pages (for the database).
"""

from __future__ import annotations

import resource
import zipfile
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from samsyn.access.services import token_create
from samsyn.actions.models import Action
from samsyn.analytics.engine import EngineRefused, scratch_database
from samsyn.analytics.store import write as write_parquet
from samsyn.documents.models import Document
from samsyn.jobs.models import Run, RunState
from samsyn.jobs.services import work_once
from samsyn.kernel.disk import is_disk_failure, is_locked
from samsyn.monitoring.jobs import collect_inbox
from samsyn.monitoring.models import Batch
from tests.cast import NOON, make_action, make_finding
from tests.jobs.test_worker import make_job, only  # noqa: F401  a fixture
from tests.monitoring.reports import row, write

PDF = b"%PDF-1.7\n" + b"x" * 300_000
SAID = {
    "sv": "Disken är full",
    "nb": "Disken er full",
    "en": "The disk is full",
}


@contextmanager
def full_disk(room: int = 60_000):
    """Let no file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def full_database():
    """Let SQLite take no more pages than it has."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk is not ours to fill; its error is tested by its code")
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("pragma page_count").fetchone()
        cursor.execute(f"pragma max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("pragma max_page_count = 1000000000")


def filled_form(cast) -> dict[str, object]:
    file = SimpleUploadedFile("minutes.pdf", PDF)
    return {"organisation": cast.fjellvik.pk, "title": "Minutes", "kind": "other",
            "sharing_label": "AMBER", "file": file}  # fmt: skip


def files_in(home) -> list[str]:
    return [p.name for p in home.rglob("*") if p.is_file() and not p.name.startswith(".import")]


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_evidence_on_a_full_disk_is_refused_with_a_page(cast, home, client, language):
    person = cast.people["ingvild"]
    person.language = language
    person.save()
    client.be(person).raise_request_exception = False
    with full_disk():
        answer = client.post("/documents/new/", filled_form(cast))
    assert (answer.status_code, SAID[language] in answer.content.decode()) == (507, True)
    assert not Document.unscoped.exists()
    assert files_in(home) == []
    assert client.post("/documents/new/", filled_form(cast)).status_code == 302


def test_the_api_says_it_in_its_own_shape(cast, home, client):
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    given = filled_form(cast) | {"organisation_id": cast.fjellvik.pk}
    headers = {"Authorization": f"Bearer {secret}"}
    with full_disk():
        answer = client.post("/api/documents", given, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (507, "DiskUnavailable")


def test_a_form_on_a_full_database_changes_nothing_and_works_again(cast, client):
    client.be(cast.people["ingvild"]).raise_request_exception = False
    url = f"/actions/new/?for=findings.Finding-{make_finding(cast.fjellvik).pk}"
    given = {"title": "T", "area": "incidents", "priority": 1, "owner": "rtechnician"}
    given["why"] = "x" * 1_900
    before = Action.unscoped.count()
    answers, number = [], 0
    with full_database():
        while 507 not in answers and number < 50:
            number += 1
            answers.append(client.post(url, given).status_code)
        assert client.get("/actions/").status_code == 200, "reading goes on"
    assert answers[-1] == 507
    assert set(answers[:-1]) <= {302}
    assert Action.unscoped.count() == before + len(answers) - 1
    assert client.post(url, given).status_code == 302


@pytest.fixture
def reports(tmp_path):
    """Many rows, so that neither the copy nor the store fits."""
    folder = tmp_path / "reports"
    folder.mkdir()
    rows = [row(address=f"198.18.0.{n % 250}", port=str(1000 + n)) for n in range(2_000)]
    return write(folder, rows)


def test_an_import_on_a_full_disk_ends_with_a_sentence_and_is_taken_later(
    cast, home, reports, capsys
):
    with full_disk(), pytest.raises(SystemExit) as ended:
        call_command("observation_import", str(reports))
    assert ended.value.code == 73
    assert "The disk is full" in capsys.readouterr().err
    assert not Batch.unscoped.exists()
    assert [p for p in home.rglob("*.tmp*") if p.is_file()] == [], "nothing half written is left"
    call_command("observation_import", str(reports))
    assert Batch.unscoped.get().rows == 2_000


def test_the_archive_in_the_watched_folder_stays_when_it_cannot_be_unpacked(
    cast, home, reports, monkeypatch
):
    monkeypatch.setattr("samsyn.monitoring.files.SETTLE_SECONDS", -1)
    packed = home / "inbox" / f"{reports.name}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(reports, reports.name)
    with full_disk(packed.stat().st_size + 10_000), pytest.raises(OSError, match="large"):
        collect_inbox(actor=cast.job, progress=print)
    assert packed.exists()
    assert not Batch.unscoped.exists(), "it is not called damaged"
    collect_inbox(actor=cast.job, progress=print)
    assert Batch.unscoped.get().rows == 2_000
    assert not packed.exists()


def test_the_worker_notes_it_and_goes_on(db, only):  # noqa: F811
    def fill(*, actor, progress):
        raise OSError(28, "No space left on device")

    make_job(fill)
    Run.objects.create(job="test", due_at=NOON)
    run = work_once(now=NOON)
    assert (run.state, run.problem[:16]) == (RunState.FAILED, "The disk is full")


def test_the_store_leaves_nothing_half_written(home):
    path = home / "store" / "x.parquet"
    with scratch_database() as db:
        sql = "select random()::varchar as r from range(100000)"
        with full_disk(), pytest.raises(EngineRefused) as error:
            write_parquet(db, sql, path)
        assert is_disk_failure(error.value)
        assert files_in(home) == []
        write_parquet(db, sql, path)
    assert path.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_is_exported_or_the_disk_is_named(cast, client, kind):
    for number in range(300):
        make_action(cast.fjellvik, title=f"{number}" * 60)
    client.be(cast.people["ingvild"]).raise_request_exception = False
    with full_disk(1_000):
        status = client.get(f"/actions/?export={kind}").status_code
    assert status == (200 if kind == "csv" else 507)  # a table as text needs no disk
    answer = client.get(f"/actions/?export={kind}")
    assert len(b"".join(answer.streaming_content)) > 1_000


def test_other_errors_are_not_taken_for_the_disk(db):
    for error in (OSError(2, "No such file"), ValueError("database or disk is full"), KeyError()):
        assert not is_disk_failure(error)
        assert not is_locked(error)
    assert not is_disk_failure(None)


def test_a_chain_of_errors_has_an_end():
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert not is_disk_failure(first)
