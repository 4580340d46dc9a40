"""The fast reader says exactly what the tolerant one says, or steps aside for it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from samsyn.analytics.engine import ScratchDatabase, scratch_database
from samsyn.monitoring import reading
from samsyn.monitoring.files import keep
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.ownership import ownership
from tests.monitoring.reports import facts, row, text

SEED = 20261001
FILES = 25
WORDS = (
    "", " ", "0", "unknown", "tcp", "443", "198.18.0.7", "2001:db8::7", "198.18.0.0/24", "::",
    "host.fjellvik.example", "Sør-Våg", "cve-2024-0001;ssl", "CVE-2024-12345", "HIGH", "70000",
    "2026-03-02 04:05:06", "2026-03-02T04:05:06Z", "yesterday", "=cmd|' /C calc'!A0", "@SUM(A1)",
    "a,b", "a;b", "'", '"', '""', 'say "so"', "two\nlines", "two\r\nlines", "\t", "\\", "\\N",
    "\u2028", "\x85", "\x1c", "\ufeff", "e\u0301", "x" * 5_000, "198.18.0.999", "64501", "AS64501",
    "99999999999999999999", "1e3", "-1", "+1", "٣", "1.2.3.4.5", "999999999999.1.1.1", "--", "#",
)  # fmt: skip
DAMAGE = (
    b"", b"\n", b'"', b'""', b'"""', b",", b'","', b'"open', b"\0", b"\xff\xfe", b"\xe5", b"\r",
    b'"a","b"', b"a" * 140_000, b"a" * 1_100_000, b"\xef\xbb\xbf", b" ", b'" "', b"\\", b"'",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEED, SEED + FILES))
def test_both_ways_find_the_same_rows(home, tmp_path, monkeypatch, seed):
    chance = random.Random(seed)
    paths = [made(tmp_path, chance, number) for number in range(1, chance.choice([2, 2, 4]))]
    fast = found(paths, tmp_path / "fast")
    monkeypatch.setattr(reading, "read_fast", lambda *_: False)
    slow = found(paths, tmp_path / "slow")
    assert fast == slow, f"seed {seed}"


def made(folder: Path, chance: random.Random, number: int) -> Path:
    """Write a report of rows with all kinds of cells, and now and then some damage."""
    report = chance.choice(["scan_rdp", "event4_sinkhole", "compromised_account"])
    columns = list(facts()[report]["layout"])
    rows = []
    for last in range(chance.choice([0, 1, 5, 60])):
        cells = row(report, address=f"198.18.0.{last}", port="3389")
        for part in chance.sample(columns, k=chance.randrange(4)):
            cells |= row(report, **{part: chance.choice(WORDS)})
        rows.append(cells)
    content = text(rows, report).encode()
    for _ in range(chance.choice([0, 0, 1, 1, 3])):
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.choice(DAMAGE) + content[place:]
    if chance.random() < 0.1:
        content = content.decode("utf-8", "replace").encode(
            chance.choice(["utf-16", "cp1252"]), "replace"
        )
    if chance.random() < 0.2:
        content = content.replace(b"\n", b"\r\n")
    if chance.random() < 0.2:
        content = content.replace(b'"', b"")
    if chance.random() < 0.2:
        content = content.rstrip(b"\n")
    path = folder / f"2026-03-{number:02}-{report}-{number}.csv"
    path.write_bytes(content)
    return path


def found(paths: list[Path], folder: Path) -> list[object]:
    """Return what reading makes of the files: rows, rejects and counts."""
    folder.mkdir()
    reports = []
    for path in paths:
        received = keep(path, into=folder / "received", scratch=folder)
        reports += [r for r in identified(received, facts()) if isinstance(r, IncomingReport)]
    said: list[object] = []
    nobodys = ownership([])
    with scratch_database(folder=folder) as db:
        reading.prepare(db)
        reading.give_register(db, nobodys)
        for name in sorted({report.name for report in reports}):
            for together in reading.chunks([r for r in reports if r.name == name]):
                reading.read_chunk(db, together, facts()[name], nobodys)
                said += told(db, together)
    return sorted(said, key=repr)


def told(db: ScratchDatabase, reports: list[IncomingReport]) -> list[object]:
    on = {report.file_no: report.on for report in reports}
    seen = db.rows("select * from seen order by file_no, row")
    rejects = db.rows("select file_no, row, reason, text from rejects order by file_no, row")
    counts = [(r.on, r.rows, r.rejected, r.observations) for r in reports]
    return [*((_day(on, each), *each[1:]) for each in [*seen, *rejects]), *counts]


def _day(on: dict[int, date], found: tuple) -> date:
    return on[found[0]]
