"""Work on hostile files that tests let a process of its own do; nothing here needs Django."""

from __future__ import annotations

import json
from pathlib import Path

from samsyn.analytics.engine import scratch_database
from samsyn.monitoring import reading
from samsyn.monitoring.files import keep
from samsyn.monitoring.intake import IncomingReport, identified
from samsyn.monitoring.ownership import ownership
from samsyn.monitoring.reader import unique_names
from tests.monitoring.reports import facts


def name_columns(count: int) -> bytes:
    return json.dumps(unique_names(["tag"] * count)[-1]).encode()


def read_file(path: str, folder: str) -> bytes:
    """Read a file as an import does; say how many rows were good and rejected, and the rejects."""
    nobodys = ownership([])
    received = keep(Path(path), into=Path(folder) / "r", scratch=Path(folder))
    (found,) = identified(received, facts())
    if not isinstance(found, IncomingReport):
        return json.dumps(found.code).encode()
    with scratch_database(folder=Path(folder)) as db:
        reading.prepare(db)
        reading.give_register(db, nobodys)
        reading.read_chunk(db, [found], facts()["scan_rdp"], nobodys)
        kept = db.rows("select count(*) from rejects")[0][0]
        cves = db.rows("select max(len(cves)) from seen")[0][0]
    return json.dumps([found.rows, found.rejected, kept, cves]).encode()
