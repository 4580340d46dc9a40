"""What doctor, the health page and a supervisor see of an installation that is not well."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.utils import timezone, translation

from samsyn.audit.services import record
from samsyn.backups.selectors import check_last
from samsyn.backups.services import backup_record, files_check
from samsyn.jobs.models import Run
from samsyn.kernel.errors import KeptDamaged
from samsyn.monitoring.services import observation_import
from samsyn.site import health, health_kept, health_page
from samsyn.ui.moments import moment_text
from tests.cast import make_edition
from tests.monitoring.reports import row, write

NAMES = {
    "en": ("Health", "needs attention"),
    "sv": ("Driftläge", "behöver åtgärdas"),
    "nb": ("Driftsstatus", "må følges opp"),
}


def says(name):
    return next(f for f in health.examine() if f.about == name)


@pytest.fixture
def known(cast, home, tmp_path):
    path = write(tmp_path, [row(address="198.18.0.7", port="3389")])
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
    return home


def test_a_whole_store_is_fine_and_an_empty_one_is_not(known):
    assert says("store").is_fine
    shutil.rmtree(known / "store")
    (known / "store").mkdir()
    assert "samsyn store_rebuild" in says("store").says


def test_a_frozen_edition_that_is_gone_is_counted_once_and_comes_from_a_backup(cast, home):
    for organisation in (cast.fjellvik, cast.samvakt):  # two editions, frozen in one file
        make_edition(organisation, state="published")
    said = says("store")
    assert not said.is_fine
    assert said.says.startswith("1 frozen edition is missing (none.parquet). Restore it")
    assert "Imports stop" not in said.says


def test_the_quick_look_and_the_whole_check_count_the_same(cast, known, monkeypatch):
    path = write(known, [row(address="198.18.0.8", port="3389")], on="2026-03-03")
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
    monkeypatch.setattr(health_kept, "LOOKED_AT", 1)
    shutil.rmtree(known / "store")
    (known / "store").mkdir()
    said = says("store").says
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert said.startswith(f"{check_last().faults['store.missing']} files are missing")


def test_a_rebuild_names_the_edition_that_it_cannot_make(cast, known, capsys):
    make_edition(cast.fjellvik, state="published")
    with pytest.raises(SystemExit) as ended:
        call_command("store_rebuild")
    assert ended.value.code == KeptDamaged.exit_code
    said = capsys.readouterr()
    assert "1 batches" in said.out
    assert "none.parquet" in said.err


def test_files_are_fine_only_after_a_fresh_check(cast, known):
    assert "Start samsyn work" in says("files").says
    soon = timezone.now() + timedelta(hours=3)
    run = Run.objects.create(job="files_check", actor="x", due_at=soon)
    assert moment_text(soon) in says("files").says  # a worker runs, and has planned it
    run.delete()
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert says("files").is_fine
    next(known.glob("received/*/*.csv")).unlink()
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert "report as received, " in says("files").says
    assert " is missing" in says("files").says
    assert not says("files").is_fine


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True)])
def test_a_backup_is_fine_while_it_is_young(cast, home, settings, days, fine):
    assert "None has been made" in says("backup").says
    backup_record(actor=cast.henrik, operators=[cast.samvakt], made={"place": "/elsewhere/one"})
    settings.BACKUP_DAYS = days
    assert says("backup").is_fine is fine
    assert "/elsewhere/one" in says("backup").says


@pytest.mark.parametrize(("minutes", "fine"), [(4, True), (6, False)])
def test_a_clock_that_went_back_is_seen(cast, home, minutes, fine):
    ahead = timezone.now() + timedelta(minutes=minutes)
    Run.objects.create(job="x", actor="x", due_at=ahead, started_at=ahead)
    assert says("clock").is_fine is fine


def test_a_trail_from_the_future_is_seen(cast, home):
    record(actor="x", person_id=None, action="x", at=timezone.now() + timedelta(days=1))
    assert "check the clock" in says("clock").says


def test_a_job_that_did_not_begin_or_failed_is_named(cast, home):
    assert says("jobs").is_fine
    now = timezone.now()
    run = Run.objects.create(job="files_check", actor="x", due_at=now - timedelta(hours=3))
    assert "Due but not begun: Check stored files against their checksums." in says("jobs").says
    run.state, run.ended_at = "failed", now
    run.save()
    assert "Failed the last time: Check stored files against their checksums." in says("jobs").says
    Run.objects.create(job="files_check", actor="x", due_at=now, state="done",
                       ended_at=now + timedelta(minutes=1))  # fmt: skip
    assert says("jobs").is_fine


def test_a_disk_that_is_nearly_full_is_seen(cast, home, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _place: SimpleNamespace(free=5_000_000))
    assert "Only 5 MB are free" in says("home").says


def test_a_folder_that_cannot_be_written_to_is_seen(cast, home):
    shutil.rmtree(home / "received")
    (home / "received").write_text("not a folder")
    assert "received cannot be written to" in says("home").says


@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_the_page_says_it_in_the_persons_language(client, cast, home, language):
    cast.people["henrik"].language = language
    cast.people["henrik"].save()
    client.be(cast.people["henrik"])
    text = client.get("/health/").content.decode()
    for words in NAMES[language]:
        assert words in text


@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_no_two_checks_bear_the_same_name(language):
    with translation.override(language):
        names = [str(name) for name in health_page.NAMES.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_each_kind_of_fault_in_a_stored_file_is_said_in_words(language):
    said = set()
    with translation.override(language):
        for kind in health_kept.KINDS:
            for fault in health_kept.FAULTS:
                said.add(health_kept.fault_text(f"{kind} ab: c: {fault}"))
    assert len(said) == len(health_kept.KINDS) * len(health_kept.FAULTS)
    if language != "en":
        assert not any(kind in text for kind in ("evidence", "altered") for text in said)


def test_times_are_those_of_the_reader(client, cast, home):
    at = timezone.now().replace(hour=22, minute=30) - timedelta(days=1)
    Run.objects.create(job="x", actor="x", due_at=at, started_at=at)
    henrik = cast.people["henrik"]
    for zone in ("Europe/Oslo", "Pacific/Auckland"):
        henrik.time_zone = zone
        henrik.save()
        with timezone.override(zone):
            expected = moment_text(at)
        page = client.be(henrik).get("/health/").content.decode()
        assert expected in page
        assert "UTC" not in page


@pytest.mark.parametrize("name", ["ingvild", "liv", "sigrid", "ragna"])
def test_the_page_is_for_who_may_run_jobs(client, cast, home, name):
    client.be(cast.people[name])
    assert client.get("/health/").status_code == 403


def test_a_supervisor_is_told_nothing_but_well_or_not(client, db, home):
    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (200, b"ok\n")
    shutil.rmtree(home)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"not well\n")


def test_every_check_has_a_name_that_people_read(cast, home):
    assert {finding.about for finding in health.examine()} <= set(health_page.NAMES)


def test_a_database_that_others_can_read_is_named(cast, home):
    (home / "samsyn.sqlite3").touch(mode=0o600)
    home.chmod(0o755)
    assert "chmod" not in says("home").says
    (home / "samsyn.sqlite3").chmod(0o644)
    assert "chmod" in says("home").says


def without_factor():
    return int(re.search(r"\d+", says("second factor").says).group())


def test_a_second_factor_that_is_only_offered_is_said_with_who_has_none(cast, home, settings):
    before = without_factor()
    for name in ("astrid", "jonas"):  # an analyst counts, a technician does not
        person = cast.people[name]
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert without_factor() == before - 1
    cast.people["ingvild"].set_unusable_password()  # who comes through a provider only
    cast.people["ingvild"].save()
    assert without_factor() == before - 2
    assert not says("second factor").is_fine
    settings.SECOND_FACTOR_REQUIRED = True
    assert says("second factor").is_fine


def test_a_trail_that_was_emptied_is_no_whole_trail(cast):
    found = health.trail()
    assert not found.is_fine
    assert "emptied" in found.says
