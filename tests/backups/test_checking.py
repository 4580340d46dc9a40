"""The check of all stored files finds what is missing, altered or damaged, and keeps the result."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from samsyn.backups.selectors import check_last
from samsyn.backups.services import files_check
from samsyn.documents.storage import storage
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotAllowed
from samsyn.kernel.periods import Period
from samsyn.monitoring.services import observation_import
from samsyn.situation.models import Edition
from samsyn.situation.services import editions_publish, situation_build
from tests.cast import make_document
from tests.monitoring.reports import row, write


@pytest.fixture
def kept(cast, home, tmp_path):
    paths = [
        write(tmp_path, [row(kind, address="198.18.0.7")], report=kind)
        for kind in ("scan_rdp", "scan_ssh")
    ]
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)
    make_document(cast.fjellvik)
    return home


def harm(path, how):
    path.chmod(0o600)
    if how == "missing":
        path.unlink()
    elif how == "altered":
        path.write_bytes(path.read_bytes() + b"x")
    else:
        path.write_bytes(path.read_bytes()[:-30])


def test_nothing_is_found_where_all_is_as_it_should_be(cast, kept):
    run_now("files_check", actor=cast.job)
    last = check_last()
    assert last.faults == {}
    assert last.looked_at == 2 + 1 + 2 * 3 + 2 + 1  # received, evidence, store, episodes, trail


@pytest.mark.parametrize(
    ("kind", "pattern", "how"),
    [
        ("received", "received/*/*.csv", "missing"),
        ("received", "received/*/*.csv", "altered"),
        ("evidence", "files/??/??/*", "missing"),
        ("evidence", "files/??/??/*", "altered"),
        ("store", "store/observations/*/*.parquet", "missing"),
        ("store", "store/observations/*/*.parquet", "damaged"),
        ("store", "store/attributions/*/*.parquet", "damaged"),
        ("store", "store/counts/*/*.parquet", "missing"),
        ("store", "store/finding_episodes/*.parquet", "damaged"),
    ],
)
def test_each_kind_of_fault_is_named(cast, kept, kind, pattern, how):
    path = next(iter(sorted(kept.glob(pattern))))
    harm(path, how)
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    last = check_last()
    assert last.faults == {f"{kind}.{how}": 1}
    assert path.name in last.named[0]


def test_a_file_with_fewer_rows_than_it_had_is_named(cast, kept, tmp_path):
    paths = sorted((kept / "store" / "observations").rglob("*.parquet"))
    more = [row("scan_ssh", address=f"198.18.0.{n}") for n in range(3)]
    path = write(tmp_path, more, report="scan_ssh", on="2026-03-03")
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
    new = set((kept / "store" / "observations").rglob("*.parquet")) - set(paths)
    new.pop().write_bytes(paths[0].read_bytes())
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert check_last().faults == {"store.altered": 1}


def test_doctor_checks_all_when_asked(cast, kept, capsys):
    storage().remove(next(storage().kept())[0])
    with pytest.raises(SystemExit):
        call_command("doctor", "--full")
    assert "1 stored file was missing or altered: stored document with" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ingvild", "ragna", "sigrid"])
def test_it_takes_the_right_to_run_jobs(cast, kept, name):
    with pytest.raises(NotAllowed):
        files_check(actor=getattr(cast, name), operators=[cast.samvakt])


@pytest.mark.parametrize("what", ["figures", "words"])
def test_a_published_picture_that_says_something_else_is_named(cast, kept, what):
    situation_build(actor=cast.astrid, operator=cast.samvakt, period=Period.read("2026-01"))
    editions_publish(actor=cast.astrid, editions=list(Edition.unscoped.order_by("pk")))
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert check_last().faults == {}
    first = Edition.unscoped.order_by("pk").first()
    setattr(first, what, {"of": 1} if what == "figures" else "All is well.")
    first.save()
    files_check(actor=cast.henrik, operators=[cast.samvakt])
    assert check_last().faults == {"pictures.altered": 1}
    assert check_last().named == [f"pictures {first.pk}: altered"]
