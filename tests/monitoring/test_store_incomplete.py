"""A store that lacks something is never counted with: imports and jobs refuse, pages say so."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest

from samsyn.findings.models import Finding, FindingEvent, FoldedReport
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import KeptDamaged
from samsyn.monitoring.models import Batch
from samsyn.monitoring.selectors import observation_list
from samsyn.monitoring.services import inbox_collect, observation_attribute, observation_import
from tests.cast import make_resource
from tests.monitoring.reports import row, write

# the store is in files; that an import is undone: test_files_of_many_kinds
pytestmark = pytest.mark.once

ADDRESSES = ("198.18.0.7", "198.18.0.8")


def take(cast, folder, day, addresses=ADDRESSES):
    rows = [row(address=a, port="3389", timestamp=f"{day} 01:00:00") for a in addresses]
    return observation_import(
        actor=cast.astrid, operator=cast.samvakt, paths=[write(folder, rows, on=day)]
    )


def everything():
    return (
        list(Finding.unscoped.order_by("pk").values()),
        list(FindingEvent.unscoped.order_by("pk").values()),
        list(FoldedReport.objects.values()),
        list(Batch.unscoped.order_by("pk").values()),
    )


def empty(home):
    shutil.rmtree(home / "store")
    (home / "store").mkdir()


def older(home):
    """Let the store be as it was before the last import."""
    shutil.rmtree(home / "store")
    shutil.copytree(home / "store-before", home / "store")


def cut_off(home):
    for path in (home / "store").rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-20])


@pytest.fixture
def known(cast, home, tmp_path):
    for day in ("2026-03-02", "2026-03-03"):
        take(cast, tmp_path, day)
        if day == "2026-03-02":
            shutil.copytree(home / "store", home / "store-before")
    assert Finding.unscoped.exclude(state="closed").count() == 2
    return everything()


@pytest.mark.parametrize("harm", [empty, older, cut_off])
@pytest.mark.parametrize("day", ["2026-03-04", "2026-03-01"], ids=["next", "late"])
def test_an_import_refuses_and_changes_nothing(cast, home, tmp_path, known, harm, day):
    harm(home)
    with pytest.raises(KeptDamaged, match="analytical store"):
        take(cast, tmp_path, day)
    assert everything() == known


@pytest.mark.parametrize("harm", [empty, older, cut_off])
def test_attributing_anew_refuses_and_changes_nothing(cast, home, known, harm):
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    harm(home)
    with pytest.raises(KeptDamaged):
        observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert everything() == known


def test_observations_of_fewer_rows_than_said_are_not_folded(cast, home, tmp_path, known):
    first, second = sorted((home / "store" / "observations").rglob("*.parquet"))
    shutil.copy(first, second)  # opens well, and holds the rows of another batch
    with pytest.raises(KeptDamaged):
        take(cast, tmp_path, "2026-03-01")
    assert everything() == known


def test_what_lies_in_the_inbox_stays_there(cast, home, known):
    path = write(home / "inbox", [row(address="198.18.0.9", port="3389")], on="2026-03-05")
    os.utime(path, (0, 0))
    empty(home)
    with pytest.raises(KeptDamaged):
        inbox_collect(actor=cast.astrid, operator=cast.samvakt)
    assert path.exists()


def test_the_job_fails_with_a_sentence(cast, home, known):
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    empty(home)
    with pytest.raises(KeptDamaged, match="missing"):
        run_now("observation_attribute", actor=cast.job)


@pytest.mark.parametrize("harm", [empty, cut_off])
def test_a_page_says_that_it_cannot_count(client, cast, home, known, harm):
    harm(home)
    client.be(cast.people["astrid"])
    answer = client.get("/desk/")
    assert answer.status_code == 410
    assert "A stored file is missing or damaged" in answer.content.decode()
    assert "Nothing was counted" in answer.content.decode()


def test_the_program_is_told_in_the_usual_shape(client, cast, home, known):
    empty(home)
    client.be(cast.people["astrid"])
    answer = client.get("/api/observations")
    assert answer.status_code == 410
    assert "analytical store" in answer.json()["detail"]


def test_a_batch_without_rows_needs_no_file(cast, home, tmp_path, known):
    write(tmp_path, [], on="2026-03-04", stream="other")
    write(tmp_path, [], on="2026-03-05", stream="other")
    paths = sorted(tmp_path.glob("*other.csv"))
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)
    assert take(cast, tmp_path, "2026-03-01")["batches"] == 1
    assert Finding.unscoped.filter(first_seen_at__date=date(2026, 3, 1)).count() == 2


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_raw_fields_come_only_from_the_file_as_it_was_received(cast, home, known, harm):
    for kept in (home / "received").rglob("*.csv"):
        kept.chmod(0o600)
        kept.write_text(kept.read_text().replace("3389", "3390"))
        if harm == "missing":
            kept.unlink()
    with pytest.raises(KeptDamaged, match=f"2026-03-03-scan_rdp-test.csv .* {harm}"):
        list(observation_list(actor=cast.astrid))
    assert list(observation_list(actor=cast.astrid, with_raw=False))
