"""Every day the end of the trail is kept outside, and the doctor says when it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from samsyn.audit.anchors import anchors_read
from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.jobs.models import Run
from samsyn.jobs.registry import JOBS
from samsyn.jobs.services import work_once
from samsyn.messages.models import Message
from samsyn.site import health


@pytest.fixture
def entry(cast):
    return record(actor="x", person_id=None, action="x.y")


def run_the_job(now=None):
    now = now or timezone.now()
    Run.objects.all().delete()  # what else is due would come first
    Run.objects.create(job="trail_anchor", actor="test", due_at=now - timedelta(days=30))
    run = work_once(now=now)
    assert run.job == "trail_anchor"
    return run


def test_it_is_due_every_day():
    assert JOBS["trail_anchor"].schedule.at


def test_an_anchor_is_appended_to_a_file_that_only_its_owner_reads(entry, tmp_path, settings):
    file = tmp_path / "anchors.txt"
    settings.TRAIL_ANCHOR_FILE = str(file)
    assert run_the_job().result == {"number": 1, "kept": ["file"]}
    record(actor="x", person_id=None, action="x.y")
    run_the_job()
    assert [a.number for a in anchors_read(file.read_bytes())] == [1, 2]
    assert file.stat().st_mode & 0o777 == 0o600
    call_command("trail_verify", f"--anchor={file}")


def test_an_anchor_is_mailed_and_the_mail_proves_the_trail(entry, tmp_path, settings):
    settings.TRAIL_ANCHOR_MAIL = "revisjon@example.org"
    assert run_the_job().result["kept"] == ["mail"]
    run_the_job()
    mails = list(Message.unscoped.filter(to="revisjon@example.org"))
    assert [m.state for m in mails] == ["kept"] * len(mails)
    first = min(mails, key=lambda mail: mail.pk)
    saved = tmp_path / "mail.txt"
    saved.write_text(first.text)
    assert [a.number for a in anchors_read(saved.read_bytes())] == [1]
    call_command("trail_verify", f"--anchor={saved}")


def test_a_file_that_cannot_be_written_fails_the_job_but_not_the_mail(entry, tmp_path, settings):
    settings.TRAIL_ANCHOR_FILE = str(tmp_path / "missing" / "anchors.txt")
    settings.TRAIL_ANCHOR_MAIL = "revisjon@example.org"
    run = run_the_job()
    assert run.state == "failed"
    assert "missing" in run.problem
    assert Message.unscoped.filter(to="revisjon@example.org").exists()


def test_the_command_prints_an_anchor(entry, capsys):
    call_command("trail_anchor")
    assert [a.number for a in anchors_read(capsys.readouterr().out.encode())] == [1]


def test_the_command_prints_it_too_where_the_file_cannot_be_written_and_the_doctor_says_why(
    entry, capsys, settings, tmp_path
):
    settings.TRAIL_ANCHOR_FILE = str(tmp_path / "not mounted" / "anchors.txt")
    with pytest.raises(SystemExit):
        call_command("trail_anchor")
    said = capsys.readouterr()
    assert [a.number for a in anchors_read(said.out.encode())] == [1]
    assert "could not be written" in said.err
    assert not health.anchor().is_fine
    assert "anchors.txt cannot be written to" in health.anchor().says
    (tmp_path / "not mounted").mkdir()
    assert "None was kept yet" in health.anchor().says
    assert not (tmp_path / "not mounted" / "anchors.txt").exists()


def test_an_empty_trail_has_nothing_to_anchor(cast, settings, tmp_path):
    settings.TRAIL_ANCHOR_FILE = str(tmp_path / "anchors.txt")
    assert not Entry.objects.exists()
    assert run_the_job().result == {"number": 0, "kept": []}


def test_the_doctor_says_when_nothing_is_kept_outside(db):
    assert not health.anchor().is_fine
    assert "SAMSYN_TRAIL_ANCHOR_FILE" in health.anchor().says


def test_the_doctor_says_when_the_file_is_beside_the_database(db, settings):
    settings.TRAIL_ANCHOR_FILE = str(settings.SAMSYN_HOME / "anchors.txt")
    assert "beside the database" in health.anchor().says


@pytest.mark.parametrize(("hours", "fine"), [(0, True), (47, True), (49, False)])
def test_the_doctor_says_when_the_last_anchor_is_old(db, settings, tmp_path, hours, fine):
    settings.TRAIL_ANCHOR_FILE = str(tmp_path / "anchors.txt")
    assert "None was kept yet" in health.anchor().says
    at = timezone.now() - timedelta(hours=hours)
    Run.objects.create(
        job="trail_anchor",
        actor="x",
        state="done",
        due_at=at,
        ended_at=at,
        result={"kept": ["file"]},
    )
    assert health.anchor().is_fine == fine
