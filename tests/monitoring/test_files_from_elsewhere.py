"""Archives that a Mac has packed, and what others wrote and a terminal would obey."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from samsyn.assets.constituency import constituency_import
from samsyn.findings.models import Finding
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import observation_import
from tests.monitoring.reports import row, text, write

INPUTS = Path(__file__).parents[2] / "../shared/data/inputs"
needs_inputs = pytest.mark.skipif(not INPUTS.is_dir(), reason="these inputs are not here")
NAME = "2026-03-02-scan_rdp-test.csv"


def take(cast, *paths):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)


def test_what_a_mac_notes_about_files_is_no_file(cast, home, tmp_path):
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        archive.writestr(f"reports/{NAME}", text([row(address="198.18.0.7")]))
        archive.writestr(f"__MACOSX/reports/._{NAME}", b"\x00\x05\x16\x07")
        archive.writestr(f"reports/._{NAME}", b"\x00\x05\x16\x07")
        archive.writestr("reports/.DS_Store", b"\x00")
    done = take(cast, tmp_path / "mac.zip")
    assert (done["batches"], done["refused"]) == (1, [])


def test_an_archive_with_nothing_else_is_empty(cast, home, tmp_path):
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        archive.writestr(f"__MACOSX/._{NAME}", b"\x00")
    assert [one["reason"] for one in take(cast, tmp_path / "mac.zip")["refused"]] == [
        "empty_archive"
    ]


def test_the_same_in_a_folder(cast, home, tmp_path):
    (tmp_path / "in" / "__MACOSX").mkdir(parents=True)
    path = write(tmp_path / "in", [row(address="198.18.0.7")])
    (tmp_path / "in" / "__MACOSX" / path.name).write_bytes(b"\x00")
    assert take(cast, tmp_path / "in")["refused"] == []


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x9b31m", "\r", "\u202e", "\x07"])
def test_what_a_refused_header_says_does_not_steer_the_terminal(cast, home, tmp_path, capsys, sign):
    path = tmp_path / NAME
    path.write_text(f'"dear{sign}sir","you"\n', newline="")
    good = write(tmp_path, [row(address="198.18.0.7")], on="2026-03-03")
    call_command("observation_import", path, good)
    said = capsys.readouterr().out
    assert "Refused" in said
    assert sign[0] not in said
    assert sign[0] not in Batch.unscoped.get(state="refused").reason_detail


def test_what_was_reported_does_not_steer_the_terminal(cast, home, tmp_path, capsys):
    take(cast, write(tmp_path, [row(address="198.18.0.7", tag="a\x1b[2Jb")]))
    call_command("observation_list", "--json")
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\u001b" in said


@needs_inputs
def test_a_week_with_a_second_copy_in_it_closes_what_is_gone(cast, home):
    content = (INPUTS / "43-fjellbygd.csv").read_bytes()
    constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content)
    take(cast, INPUTS / "reports-43")
    states = dict(Finding.unscoped.values_list("subject", "state"))
    assert states == {"192.0.2.10": "open", "192.0.2.11": "closed"}


@needs_inputs
def test_reports_that_a_mac_has_packed_are_read(cast, home):
    done = take(cast, INPUTS / "44-reports-from-a-mac.zip")
    assert (done["batches"], done["refused"]) == (1, [])
