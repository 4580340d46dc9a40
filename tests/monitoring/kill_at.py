"""Imports reports and is killed on the way; run by test_killed_import.py.

    kill_at.py FOLDER STEPS [serial]

Makes an installation in FOLDER, whose empty database may be there already, imports there,
and prints the outcome as JSON. Then, for STEPS moments spread over the whole run, does the
same in a copy, kills the process at that moment with SIGKILL, runs the import again and
prints that outcome. At last two processes import the same at once, in different order.
With the word "serial" every import works in one thread.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import date, timedelta
from pathlib import Path

os.environ["SAMSYN_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
os.environ.pop("SAMSYN_DATABASE_URL", None)
FOLDER, STEPS = Path(sys.argv[1]), int(sys.argv[2])
os.environ["SAMSYN_IMPORT"] = "serial" if "serial" in sys.argv else "threads"
os.environ["SAMSYN_HOME"] = str(FOLDER / "template")
(FOLDER / "template").mkdir(exist_ok=True)

import django  # noqa: E402  the settings read the environment

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from samsyn.access.actor import job_actor  # noqa: E402
from samsyn.analytics import engine  # noqa: E402
from samsyn.findings.models import Finding, FindingEvent  # noqa: E402
from samsyn.kernel.errors import Conflict  # noqa: E402
from samsyn.monitoring.models import Batch  # noqa: E402
from samsyn.monitoring.services import observation_import  # noqa: E402
from samsyn.organisations.models import Organisation  # noqa: E402
from tests.cast import make_cast  # noqa: E402
from tests.monitoring.reports import row, write  # noqa: E402


def main() -> None:
    """Print one line for the whole run and one for each that was killed."""
    call_command("migrate", verbosity=0)
    make_cast()
    connection.close()
    first, second = reports(1, 4), reports(4, 7)
    total = int(told(in_child(FOLDER / "whole", [first, second])))
    say(FOLDER / "whole")
    for step in range(1, STEPS + 1):
        home = FOLDER / f"killed-{step}"
        status = in_child(home, [first, second], kill_at=total * step // (STEPS + 1))
        if os.WIFSIGNALED(status):
            in_child(home, [first, second], is_again=True)
        say(home)
        shutil.rmtree(home)
    at_once(FOLDER / "at-once", [first, second], [second, first])
    say(FOLDER / "at-once")


def at_once(home: Path, *orders: list[list[Path]]) -> None:
    """Let processes import at the same time; one that came second is told to run again."""
    shutil.copytree(FOLDER / "template", home)
    children = []
    for runs in orders:
        child = os.fork()
        if child == 0:
            work(home, runs, 0)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    in_child(home, [], is_again=True)


def say(home: Path) -> None:
    """Print what the run in this home came to."""
    sys.stdout.write((home / "outcome.json").read_text() + "\n")


def reports(begin: int, end: int) -> list[Path]:
    """Write the reports of some days, in which findings come, go and come back."""
    folder = FOLDER / f"reports-{begin}"
    folder.mkdir()
    paths = []
    for number in range(begin, end):
        on = date(2026, 3, 1) + timedelta(days=number)
        for kind in ("scan_rdp", "scan_ssh"):
            seen = [a for a in range(1, 30) if number <= 1 + a % 6 or (a % 3, number) == (0, 6)]
            rows = [row(kind, address=f"198.18.0.{a}", timestamp=f"{on} 00:00:00") for a in seen]
            paths.append(write(folder, rows, report=kind, on=str(on)))
    damaged = paths[0].read_bytes() + b'"cut off'
    paths[0].write_bytes(damaged)
    return paths


def in_child(
    home: Path, runs: list[list[Path]], *, kill_at: int = 0, is_again: bool = False
) -> int:
    """Run the imports in a process of their own; return how it ended."""
    if not is_again:
        shutil.copytree(FOLDER / "template", home)
    child = os.fork()
    if child == 0:
        work(home, runs, kill_at)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def work(home: Path, runs: list[list[Path]], kill_at: int) -> None:
    """Import in this home; count the steps of both stores, and die at one of them."""
    settings.SAMSYN_HOME = home
    connection.settings_dict["NAME"] = str(home / "samsyn.sqlite3")
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    execute = engine.ScratchDatabase._execute

    def counted(self, sql, parameters):
        step()
        return execute(self, sql, parameters)

    engine.ScratchDatabase._execute = counted

    def wrapper(run, sql, parameters, many, context):
        step()
        return run(sql, parameters, many, context)

    with connection.execute_wrapper(wrapper):
        operator = Organisation.unscoped.get(name="Samvakt")
        for paths in runs:
            until_it_is_let(operator, paths)
    (home / "outcome.json").write_text(json.dumps(outcome(), default=str))
    (home / "steps").write_text(str(count))


def until_it_is_let(operator: Organisation, paths: list[Path]) -> None:
    """Import; run again while another import is found to have taken the same files."""
    for _ in range(9):
        try:
            observation_import(actor=job_actor("test"), operator=operator, paths=paths)
        except Conflict:
            continue
        return


def told(_status: int) -> str:
    return (FOLDER / "whole" / "steps").read_text()


def outcome() -> list[object]:
    """Return what the database and the store say, without numbers and times of ours."""
    findings = Finding.unscoped.order_by("report", "subject").values_list(
        "organisation__name", "report", "subject", "port", "state", "state_since", "times_seen",
        "reopened_count", "first_seen_at", "last_seen_at",
    )  # fmt: skip
    events = FindingEvent.unscoped.order_by("finding__report", "finding__subject", "at")
    batches = Batch.unscoped.exclude(state="duplicate").order_by("identity")
    store = Path(settings.SAMSYN_HOME) / "store"
    return [
        list(findings),
        list(events.values_list("finding__subject", "at", "kind")),
        list(
            batches.values_list(
                "identity", "state", "rows", "rejected", "observations", "attributed"
            )
        ),
        sorted(p.name for p in (store / "observations").rglob("*.parquet")),
        sorted(p.name for p in (Path(settings.SAMSYN_HOME) / "received").rglob("*.csv")),
    ]


if __name__ == "__main__":
    main()
