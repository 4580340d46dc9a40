"""The later file of one report and day takes the place of the earlier one."""

from __future__ import annotations

import os
import zipfile

import pytest
from django.core.management import call_command

from samsyn.findings.models import Finding
from samsyn.monitoring.models import Batch
from samsyn.monitoring.selectors import observation_list
from samsyn.monitoring.services import observation_import, store_rebuild
from tests.monitoring.reports import row, text, write


@pytest.fixture
def take(cast, home):
    def taken(*paths, **given):
        return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths, **given)

    return taken


def rows(*last, **parts):
    return [row(address=f"198.18.0.{n}", port="3389", **parts) for n in last]


def times() -> dict[str, int]:
    found = Finding.unscoped.exclude(state="closed").values_list("subject", "times_seen")
    return {subject.rsplit(".", 1)[-1]: count for subject, count in found}


def batch_states() -> list[str]:
    return list(Batch.unscoped.order_by("pk").values_list("state", flat=True))


def test_a_corrected_report_of_the_same_day_replaces_the_first(cast, take, tmp_path):
    take(write(tmp_path, rows(7, 8)))
    done = take(write(tmp_path, rows(7, 9)))
    assert (done["batches"], done["replaced"]) == (1, 1)
    assert times() == {"7": 1, "9": 1}
    assert batch_states() == ["replaced", "folded"]
    seen = observation_list(actor=cast.astrid)
    assert sorted(each["source_ip"] for each in seen) == ["198.18.0.7", "198.18.0.9"]


@pytest.mark.parametrize("is_serial", [False, True])
def test_of_two_in_one_run_the_later_counts(take, tmp_path, is_serial):
    later = write(tmp_path, rows(7, 9), stream="test (1)")
    first = write(tmp_path, rows(7, 8))
    os.utime(later, (1, 1))  # the number of the copy tells more than a time that copying changes
    done = take(first, later, is_serial=is_serial)
    assert (done["batches"], done["rows"], done["replaced"]) == (1, 2, 1)
    assert times() == {"7": 1, "9": 1}


def test_of_two_files_with_one_name_the_one_written_later_counts(take, tmp_path):
    for number, folder in enumerate(("b", "a"), start=1):
        (tmp_path / folder).mkdir()
        path = write(tmp_path / folder, rows(number))
        os.utime(path, (number, number))
    assert take(tmp_path)["replaced"] == 1
    assert times() == {"2": 1}


def test_what_was_replaced_does_not_come_back(take, tmp_path):
    first, later = text(rows(7, 8)), rows(7, 9)
    path = write(tmp_path, rows(7, 8))
    take(path)
    take(write(tmp_path, later))
    path.write_text(first)
    assert take(path)["batches"] == 0
    assert take(path.rename(tmp_path / "2026-03-02-scan_rdp-test (3).csv"))["duplicates"] == 1
    assert times() == {"7": 1, "9": 1}


def test_a_later_file_without_a_readable_row_replaces_nothing(take, tmp_path):
    take(write(tmp_path, rows(7)))
    path = write(tmp_path, rows(7))
    path.write_text(path.read_text().replace("198.18.0.7", "198.18.0.777"))
    done = take(path)
    assert (done["rejected"], done["replaced"]) == (1, 0)
    assert times() == {"7": 1}


def test_another_day_stream_or_kind_replaces_nothing(take, tmp_path):
    take(
        write(tmp_path, rows(7)),
        write(tmp_path, rows(8), on="2026-03-03"),
        write(tmp_path, rows(9), stream="other"),
        write(tmp_path, [row("scan_ssh", address="198.18.0.7")], report="scan_ssh"),
    )
    assert batch_states() == ["folded"] * 4


def test_of_files_whose_names_say_nothing_both_count(take, tmp_path):
    for number in (7, 8):
        path = write(tmp_path, [row("scan_ipmi", address=f"198.18.0.{number}")], report="scan_ipmi")
        take(path.rename(tmp_path / f"download ({number}).csv"))
    assert times() == {"7": 1, "8": 1}


def test_a_correction_may_come_in_an_archive_and_be_rebuilt(cast, take, tmp_path, capsys):
    take(write(tmp_path, rows(7, 8)))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("2026-03-02-scan_rdp-test.csv", text(rows(7)))
    call_command("observation_import", tmp_path / "all.zip")
    assert "1 file replaced by a later one of the same day." in capsys.readouterr().out
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt], is_anew=True)
    assert times() == {"7": 1}
