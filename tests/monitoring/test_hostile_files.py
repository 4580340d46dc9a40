"""Files made to fill memory, take hours or kill their reader: read within limits, or set aside."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from samsyn.analytics.engine import EngineRefused
from samsyn.kernel.contained import MB, ProcessLimits, run_contained
from samsyn.kernel.errors import Conflict
from samsyn.monitoring import files, reading
from samsyn.monitoring.files import FileRefused, keep
from samsyn.monitoring.models import Batch
from samsyn.monitoring.reader import COLUMNS_MAX, header_of, unique_names
from samsyn.monitoring.services import observation_import
from samsyn.monitoring.turns import import_turn
from tests.monitoring.hostile import name_columns, read_file
from tests.monitoring.reports import facts, row, text, write

NAME = "2026-03-02-scan_rdp-hostile.csv"
KILLER = """
import os, pathlib, signal
right = pathlib.Path.open
def opened(self, *given, **more):
    if "kills" in self.name:
        os.kill(os.getpid(), signal.SIGSEGV)
    return right(self, *given, **more)
pathlib.Path.open = opened
"""


def within(work, *arguments, seconds: int, memory_mb: int) -> object:
    """Run work where more seconds of the processor or more memory would end it."""
    limits = ProcessLimits(memory_mb=memory_mb, cpu_seconds=seconds, wall_seconds=seconds * 4)
    return json.loads(
        run_contained(f"{work.__module__}:{work.__name__}", *arguments, limits=limits)
    )


@pytest.mark.once
def test_equal_names_of_columns_take_no_longer_than_different_ones():
    # Each name was looked for in a list, from the beginning: a million would take years.
    assert within(name_columns, 1_000_000, seconds=60, memory_mb=2_048) == "tag_1000000"


@pytest.mark.once
def test_numbered_names_never_meet_names_that_were_there():
    names = unique_names(["a", "a_2", "a", "a", "a_2", "a_2_2"])
    assert names == ["a", "a_2", "a_3", "a_4", "a_2_2", "a_2_2_2"]
    assert len(set(names)) == len(names)


@pytest.mark.once
def test_a_report_of_two_thousand_equal_columns_is_read(tmp_path):
    columns = facts()["scan_rdp"]["columns"]
    more = COLUMNS_MAX - len(columns)
    path = tmp_path / NAME
    line = text([row(address="198.18.0.7")]).splitlines()[1] + ',""' * more + "\n"
    path.write_text(",".join(f'"{c}"' for c in [*columns, *["tag"] * more]) + "\n" + line * 50)
    assert header_of(path)[-1].startswith("tag_")
    assert within(read_file, str(path), str(tmp_path), seconds=60, memory_mb=4_096)[:2] == [50, 0]


@pytest.mark.once
@pytest.mark.parametrize("line", [b"x\n", b'"\n', b'"x\n'])
def test_megabytes_of_lines_after_an_open_quote_are_refused_unread(tmp_path, line):
    path = tmp_path / NAME
    path.write_bytes(text([row()]).encode() + b'"open\n' + line * (6 * MB // len(line)))
    assert within(read_file, str(path), str(tmp_path), seconds=60, memory_mb=2_048) == (
        "mostly_damaged"
    )


@pytest.mark.once
def test_of_many_damaged_rows_all_are_counted_and_some_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "REJECTS_KEPT", 10)
    path = tmp_path / NAME
    path.write_text(text([row(address="198.18.0.7")]) + ('"open' + "x" * 200 + "\n") * 30)
    assert json.loads(read_file(str(path), str(tmp_path)))[:3] == [31, 30, 10]
    path.write_text(text([row(address="198.18.0.7")] * 2 + [row(timestamp="never")] * 30))
    assert json.loads(read_file(str(path), str(tmp_path)))[:3] == [32, 30, 10]


@pytest.mark.once
def test_a_cell_of_ten_thousand_tags_leaves_a_hundred(tmp_path):
    tags = ";".join(f"cve-2024-{number:05}" for number in range(8_000))
    path = write(tmp_path, [row(address="198.18.0.7", tag=tags)])
    assert json.loads(read_file(str(path), str(tmp_path)))[3] == 100 * len("CVE-2024-00000;") - 1


def bomb(tmp_path, entries, *, is_nested: bool) -> Path:
    path = tmp_path / "bomb.zip"
    content = b"\0" * (4 * MB)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(entries):
            name = f"2026-03-{number + 1:02}-scan_rdp-x.csv" + (".gz" if is_nested else "")
            made.writestr(name, gzip.compress(content) if is_nested else content)
    return path


@pytest.mark.once
@pytest.mark.parametrize("is_nested", [False, True])
def test_what_comes_out_of_an_archive_counts_all_together(tmp_path, monkeypatch, is_nested):
    monkeypatch.setattr(files, "UNPACKED_MAX", 10 * MB)
    path = bomb(tmp_path, 3, is_nested=is_nested)
    received = keep(path, into=tmp_path / "r", scratch=tmp_path)
    assert received.refused.code == "too_large"
    assert [p for p in tmp_path.rglob("*.csv") if p.stat().st_size] == [], "nothing of it stays"
    monkeypatch.setattr(files, "UNPACKED_MAX", 12 * MB)
    assert len(keep(path, into=tmp_path / "r", scratch=tmp_path).contents) == 3


@pytest.mark.once
@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_packed_in_a_rare_way_is_refused(tmp_path, kind):
    path = tmp_path / "rare.zip"
    with zipfile.ZipFile(path, "w", kind) as made:
        made.writestr(NAME, text([row()]))
    assert keep(path, into=tmp_path / "r", scratch=tmp_path).refused.code == "damaged_archive"


@pytest.mark.once
def test_a_full_disk_does_not_make_an_archive_damaged(tmp_path, monkeypatch):
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(text([row()]).encode()))

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_pump", full)
    kept = files.Received(path.name, "0" * 64, path, [])
    with pytest.raises(OSError, match="No space"):
        files.unpacked(kept, scratch=tmp_path)
    monkeypatch.undo()
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileRefused, match="damaged_archive"):
        files.unpacked(kept, scratch=tmp_path)


@pytest.fixture
def killer(tmp_path, monkeypatch):
    """Let every process that reads a file with "kills" in its name die of it."""
    place = tmp_path / "killer"
    place.mkdir()
    (place / "sitecustomize.py").write_text(KILLER)
    monkeypatch.syspath_prepend(str(place))


def two_files(tmp_path) -> list[Path]:
    folder = tmp_path / "in"
    folder.mkdir()
    good = write(folder, [row(address="198.18.0.7")], stream="fine")
    bad = write(folder, [row(address="198.18.0.8")], stream="kills", on="2026-03-03")
    return [good, bad]


def refusals(done) -> list[tuple[str, str]]:
    return [(refused["file"], refused["reason"]) for refused in done["refused"]]


def take(cast, paths, **more):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths, **more)


def test_an_uploaded_file_that_kills_its_reader_is_refused_and_the_other_taken(
    cast, home, tmp_path, killer
):
    good, bad = two_files(tmp_path)
    done = take(cast, [good, bad], is_tried=True)
    assert (done["batches"], refusals(done)) == (1, [(bad.name, "reader_ended")])
    refused = Batch.unscoped.get(reason="reader_ended")
    assert refused.kept_path.read_bytes() == bad.read_bytes(), "it is kept as it came"


def test_a_run_that_died_of_a_file_sets_it_aside_the_next_time(cast, home, tmp_path, killer):
    good, bad = two_files(tmp_path)
    die_while_reading(home, [good, bad])
    done = take(cast, [good, bad])
    assert (done["batches"], refusals(done)) == (1, [(bad.name, "reader_ended")])
    bad.write_bytes(bad.read_bytes() + b"\n")
    again = take(cast, [bad])
    assert refusals(again) == [(bad.name, "reader_ended")], "it is not trusted later either"


def test_a_run_that_died_of_something_else_loses_nothing(cast, home, tmp_path):
    paths = two_files(tmp_path)
    die_while_reading(home, paths)
    assert take(cast, paths)["batches"] == 2
    assert not (home / "store/.import.reading").exists()


def die_while_reading(home, paths) -> None:
    """Let a process take the turn, note what it reads, and be killed."""
    script = (
        "import os, signal, sys; from pathlib import Path; import django; django.setup()\n"
        "from samsyn.monitoring.turns import import_turn\n"
        "with import_turn(wait_seconds=0, progress=print) as turn:\n"
        "    turn.begin([Path(p) for p in sys.argv[1:]])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {
        **os.environ,
        "SAMSYN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "samsyn.settings",
        "PYTHONPATH": "src",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, paths)], env=environment, check=False
    )
    assert done.returncode == -9


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "is_suspect"),
    [
        (ZeroDivisionError(), True),
        (EngineRefused("InvalidInputException"), True),
        (OSError(28, "No space left on device"), False),
        (Conflict("another import"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_an_error_that_a_file_may_have_caused_has_the_files_tried_apart(
    home, tmp_path, error, is_suspect
):
    paths = two_files(tmp_path)
    with suppress(BaseException), import_turn(wait_seconds=0, progress=print) as turn:
        turn.begin(paths)
        raise error
    with import_turn(wait_seconds=0, progress=print) as turn:
        assert turn.is_suspect(paths[0]) is is_suspect


def test_a_full_disk_during_a_trial_blames_no_file(cast, home, tmp_path, killer):
    (tmp_path / "killer/sitecustomize.py").write_text(
        KILLER.replace("os.kill(os.getpid(), signal.SIGSEGV)", "raise OSError(28, 'full')")
    )
    good, bad = two_files(tmp_path)
    with pytest.raises(OSError, match="No space"):
        take(cast, [good, bad], is_tried=True)
    assert not Batch.unscoped.exists()
    assert take(cast, [good, bad])["batches"] == 2


@pytest.mark.once
def test_another_run_in_between_does_not_clear_a_suspect(home, tmp_path):
    good, bad = two_files(tmp_path)
    die_while_reading(home, [bad])
    with import_turn(wait_seconds=0, progress=print):
        pass  # it reads nothing
    with import_turn(wait_seconds=0, progress=print) as turn:
        turn.begin([good])
    with import_turn(wait_seconds=0, progress=print) as turn:
        assert turn.is_suspect(bad)
        assert not turn.is_suspect(good)
        turn.tried([bad])
        turn.begin([bad])
    assert not (home / "store/.import.reading").exists()
