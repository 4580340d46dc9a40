"""Imports from a page, the worker and the command line take turns: wait, or say so."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from samsyn.kernel.errors import Conflict
from samsyn.monitoring import files, services, views
from samsyn.monitoring.jobs import collect_inbox
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import observation_attribute, observation_import
from samsyn.monitoring.turns import import_turn
from tests.monitoring.reports import row, text, write

NAME = "2026-03-02-scan_rdp-test.csv"
SAID = {"sv": "En annan import pågår", "nb": "En annen import pågår", "en": "Another import is"}


@pytest.fixture
def busy(home):
    """Another import, which works until it is closed."""
    with ExitStack() as stack:
        stack.enter_context(import_turn(wait_seconds=0, progress=print))
        yield stack


def upload(client):
    file = SimpleUploadedFile(NAME, text([row(address="198.18.0.7")]).encode())
    return client.post("/feeds/read/", {"file": file})


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_an_upload_meanwhile_is_told_to_come_again(cast, busy, client, monkeypatch, language):
    monkeypatch.setattr(views, "UPLOAD_WAIT_SECONDS", 0)
    person = cast.people["astrid"]
    person.language = language
    person.save()
    answer = upload(client.be(person))
    assert (answer.status_code, SAID[language] in answer.content.decode()) == (422, True)
    assert not Batch.unscoped.exists()
    busy.close()
    assert upload(client).status_code == 200
    assert Batch.unscoped.count() == 1


def test_the_command_ends_with_its_code_and_a_sentence(cast, busy, tmp_path, capsys):
    path = write(tmp_path, [row(address="198.18.0.7")])
    with pytest.raises(SystemExit) as ended:
        call_command("observation_import", str(path), "--wait", "0")
    assert ended.value.code == 75
    assert SAID["en"] in capsys.readouterr().err
    busy.close()
    call_command("observation_import", str(path), "--wait", "0")
    assert Batch.unscoped.count() == 1


def test_the_watched_folder_is_left_for_the_next_time(cast, busy, home, monkeypatch):
    monkeypatch.setattr(files, "SETTLE_SECONDS", -1)
    monkeypatch.setattr(services, "INBOX_WAIT_SECONDS", 0)
    path = write(home / "inbox", [row(address="198.18.0.7")])
    assert SAID["en"] in collect_inbox(actor=cast.job, progress=print)["waits"]
    assert path.exists()
    busy.close()
    assert collect_inbox(actor=cast.job, progress=print)["batches"] == 1
    assert not path.exists()


def test_one_that_waits_says_so_and_goes_on_when_the_other_is_done(cast, busy, tmp_path):
    path = write(tmp_path, [row(address="198.18.0.7")])
    steps = []

    def progress(step, *_numbers):
        steps.append(step)
        busy.close()

    done = observation_import(
        actor=cast.astrid, operator=cast.samvakt, paths=[path], progress=progress
    )
    assert (steps[0], done["batches"]) == ("waiting for another import", 1)


def test_attributing_history_anew_takes_its_turn_too(cast, busy, monkeypatch):
    monkeypatch.setattr("samsyn.monitoring.import_run.WAIT_SECONDS", 0)
    with pytest.raises(Conflict):
        observation_attribute(actor=cast.astrid, operator=cast.samvakt)


def test_the_turn_is_free_after_an_error(home):
    with pytest.raises(ZeroDivisionError), import_turn(wait_seconds=0, progress=print):
        raise ZeroDivisionError
    with import_turn(wait_seconds=0, progress=print):
        pass


def test_a_file_from_a_later_time_is_taken_when_the_clock_is_put_back(tmp_path, monkeypatch):
    path = tmp_path / NAME
    path.touch()
    now = path.stat().st_mtime
    for seconds, is_settled in ((0, False), (6, True), (-60, False), (-365 * 86_400, True)):
        monkeypatch.setattr(files.time, "time", lambda moment=now + seconds: moment)
        assert files.is_settled(path) is is_settled
