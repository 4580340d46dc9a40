"""Measures the import: from CSV on disk to findings in the database.

    python bench/import_bench.py [--rows 1000000] [--keep FOLDER] [--profile] [--serial]

Prints, for the first day, the same files again and the next day (95 % the same):
seconds, rows a second, the largest memory; and beside it how long the query engine
needs only to parse the same CSV.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "src")]

FIRST, NEXT = date(2026, 10, 1), date(2026, 10, 2)


def main() -> None:
    """Make the sector and its reports, import them three times and print the figures."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as temporary:
        place = Path(options.keep or temporary)
        os.environ.setdefault("SAMSYN_MODE", "test")
        os.environ.setdefault("SAMSYN_HOME", str(place / f"home-{os.getpid()}"))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
        days = [
            _reports(place, on, changed, options.rows) for on, changed in ((FIRST, 0), (NEXT, 5))
        ]
        operator = _sector()
        _measured("engine only parses", options, lambda: _parse(days[0]))
        _measured("first day", options, lambda: _import(operator, options, days[0]))
        _measured("same files again", options, lambda: _import(operator, options, days[0]))
        _measured("next day, 95 % the same", options, lambda: _import(operator, options, days[1]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", help="folder for reports that are made once and kept")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--serial", action="store_true", help="import in one thread")
    return parser.parse_args()


def _reports(place: Path, on: date, changed: int, rows: int) -> list[Path]:
    from bench.sector import write_reports

    folder = place / f"{on}-{rows}"
    if folder.is_dir():
        return sorted(folder.iterdir())
    folder.mkdir(parents=True)
    return write_reports(folder, rows=rows, on=on, changed_percent=changed)


def _sector() -> object:
    """Make an installation with the measured sector; return its operator."""
    import django

    Path(os.environ["SAMSYN_HOME"]).mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.sector import MEMBERS, facts

    from samsyn.assets.models import Resource
    from samsyn.organisations.models import Organisation

    operator = Organisation.unscoped.create(name="Bench CSIRT", kind="operator")
    members = Organisation.unscoped.bulk_create(
        Organisation(name=f"Member {number}", kind="municipality") for number in range(MEMBERS)
    )
    Resource.unscoped.bulk_create(
        (
            Resource(organisation=members[f.member], kind=f.kind, value=f.value, state="confirmed")
            for f in facts()
        ),
        batch_size=500,
    )
    return operator


def _import(operator: object, options: argparse.Namespace, files: list[Path]) -> str:
    from samsyn.access.actor import job_actor
    from samsyn.monitoring.services import observation_import

    done = observation_import(
        actor=job_actor("bench"), operator=operator, paths=files, is_serial=options.serial
    )
    return json.dumps(done)


def _parse(files: list[Path]) -> str:
    import duckdb

    engine = duckdb.connect(config={"threads": 2})
    rows = 0
    for path in files:
        rows += engine.execute(
            "select count(*), count(columns(*)) from read_csv(?, all_varchar=true, header=true, "
            "delim=',', quote='\"', escape='\"')",
            [str(path)],
        ).fetchall()[0][0]
    size = sum(path.stat().st_size for path in files)
    return f"{rows} rows, {size / 1e6:.0f} MB"


def _measured(name: str, options: argparse.Namespace, work: Callable[[], str]) -> None:
    profile = cProfile.Profile() if options.profile else None
    start, used = time.perf_counter(), time.process_time()
    if profile:
        profile.enable()
    said = work()
    if profile:
        profile.disable()
    wall, spent = time.perf_counter() - start, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {wall:.2f} s ({spent:.2f} s of processor), at most {memory:.0f} MiB so far")
    print(f"  {said}", flush=True)
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
