"""An installation of its own, in processes of its own; run by the tests beside it.

    installation.py build REPORTS     migrate, make the cast, import two days, keep evidence
    installation.py import REPORTS    import the other days, saying in SAMSYN_HOME that it has begun
    installation.py tell              print what the database and the store say, as JSON
    installation.py kill_backups PLACE STEPS      back up, killed at so many moments
    installation.py kill_restores BACKUP STEPS    restore, killed at so many moments
    installation.py kill_rebuilds STEPS           rebuild the store, killed at so many moments

SAMSYN_HOME and SAMSYN_DATABASE_URL say which installation.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

os.environ["SAMSYN_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")

import django

django.setup()

import duckdb  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from samsyn.access.actor import job_actor  # noqa: E402
from samsyn.access.rows import set_default_scope  # noqa: E402
from samsyn.analytics import engine  # noqa: E402
from samsyn.backups.restoring import backup_restore, manifest_of  # noqa: E402
from samsyn.backups.writing import backup_write, verify  # noqa: E402
from samsyn.documents.models import DocumentVersion  # noqa: E402
from samsyn.documents.storage import storage  # noqa: E402
from samsyn.findings.models import Finding, FindingEvent, FoldedReport  # noqa: E402
from samsyn.findings.selectors import episodes  # noqa: E402
from samsyn.findings.services import finding_answer  # noqa: E402
from samsyn.kernel.errors import KeptDamaged, RuleViolation  # noqa: E402
from samsyn.monitoring.models import Batch  # noqa: E402
from samsyn.monitoring.services import observation_import, store_rebuild  # noqa: E402
from samsyn.organisations.models import Organisation  # noqa: E402
from samsyn.situation.measures import freeze  # noqa: E402
from tests.cast import make_cast, make_document, make_edition  # noqa: E402
from tests.monitoring.reports import row, write  # noqa: E402

set_default_scope(unscoped=True)  # as the console does
JOB = job_actor("test")
ADDRESSES = range(1, 12)


def home() -> Path:
    return Path(settings.SAMSYN_HOME)


def operator() -> Organisation:
    return Organisation.unscoped.get(name="Samvakt")


def build(folder: str) -> None:
    """Make an installation with findings, an answer, evidence and a published edition."""
    for name in ("store", "received", "inbox", "files", "packs"):
        (home() / name).mkdir(parents=True, exist_ok=True)
    (home() / "secret_key").write_text("a secret of the test")
    call_command("migrate", verbosity=0)
    cast = make_cast()
    take(reports(Path(folder), range(1, 3)))
    first = Finding.unscoped.order_by("pk").first()
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    finding_answer(actor=cast.jonas, finding=first, answer="fixed", at=at)
    make_document(cast.fjellvik)
    edition = make_edition(cast.fjellvik, state="published")
    freeze(episodes(actor=JOB), members=[cast.fjellvik.pk], period=edition.period,
           path=edition.frozen_path)  # fmt: skip


def take(paths: list[Path], progress=None) -> None:
    more = {"progress": progress} if progress else {}
    observation_import(actor=JOB, operator=operator(), paths=paths, **more)


def reports(folder: Path, numbers: range) -> list[Path]:
    """Write the reports of some days, in which findings come and go."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number in numbers:
        on = date(2026, 3, 1) + timedelta(days=number - 1)
        for kind in ("scan_rdp", "scan_ssh", "scan_snmp"):
            seen = [a for a in ADDRESSES if number <= 1 + a % 6]
            rows = [row(kind, address=f"198.18.0.{a}", timestamp=f"{on} 01:00:00") for a in seen]
            paths.append(write(folder, rows, report=kind, on=str(on)))
    return paths


def import_rest(folder: str) -> None:
    """Import one day after the other; each is one transaction."""
    for number in range(3, 6):
        paths = reports(Path(folder), range(number, number + 1))
        take(paths, lambda *_step: (home() / "begun").touch())


def tell() -> None:
    sys.stdout.write(json.dumps(told(), default=str))


def told() -> dict[str, object]:
    for version in DocumentVersion.unscoped.all():
        with storage().open(version.sha256) as content:
            assert len(content.read()) == version.size
    rows = {
        "findings": Finding.unscoped.order_by("pk"),
        "events": FindingEvent.unscoped.order_by("pk"),
        "folded": FoldedReport.objects.order_by("pk"),
        "batches": Batch.unscoped.order_by("pk"),
    }
    return {name: list(found.values()) for name, found in rows.items()} | {"store": store()}


def store() -> dict[str, list[str]]:
    """Return the rows of each file of the store that the database names."""
    named = set(FoldedReport.objects.values_list("episodes", flat=True))
    found = {}
    for path in sorted((home() / "store").rglob("*.parquet")):
        if path.parent.name != "finding_episodes" or path.name in named:
            some = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning=false)")
            found[str(path.relative_to(home()))] = sorted(map(str, some.fetchall()))
    return {name: rows for name, rows in found.items() if rows}


def killed_at(step: int, work) -> tuple[int, int]:
    """Run work in a process of its own, killed at a step; return its status and its steps."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count_steps(step, writing)
        try:
            work()
        except Exception as error:  # noqa: BLE001  the parent sees the status
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(reading, "rb") as steps:
        return status, len(steps.read())


def count_steps(kill_at: int, pipe: int) -> None:
    """Die at a step: a file or directory that is settled, or a statement of the engine."""
    count = 0

    def counted(real):
        def run(*args, **kwargs):
            nonlocal count
            count += 1
            os.write(pipe, b".")
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return run

    os.fsync = counted(os.fsync)
    os.rename = counted(os.rename)
    engine.ScratchDatabase._execute = counted(engine.ScratchDatabase._execute)


def moments(work, prepare, steps: int):
    """Yield each state that a kill leaves behind, at moments spread over the whole work."""
    prepare()
    status, total = killed_at(0, work)
    assert status == 0
    for number in range(1, steps + 1):
        prepare()
        status, _count = killed_at(max(1, total * number // (steps + 1)), work)
        assert os.WIFSIGNALED(status), status
        yield number


def kill_backups(place: str, steps: str) -> None:
    into, seconds = Path(place), iter(range(1, 1000))

    def back_up():
        now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=next(seconds))
        return backup_write(into=into, now=now, with_keys=True, say=str).place

    for _number in moments(back_up, lambda: shutil.rmtree(into, ignore_errors=True), int(steps)):
        next(seconds)  # the child that was killed had its own
        for left in into.iterdir():
            if left.name.endswith(".unfinished"):
                refused(left, home().with_name("nowhere"), "no finished backup")
            else:  # it has its name, so all of it is there
                verify(left, manifest_of(left))
        made = back_up()
        verify(made, manifest_of(made))
    sys.stdout.write("as it should be")


def refused(backup: Path, into: Path, words: str) -> None:
    before = settings.SAMSYN_HOME
    settings.SAMSYN_HOME = into
    try:
        backup_restore(backup=backup, say=str)
    except RuleViolation as error:
        said = str(error)
    else:
        said = "it was restored"
    finally:
        settings.SAMSYN_HOME = before
    assert words in said


def kill_restores(backup: str, steps: str) -> None:
    into = home().with_name("restored")

    def restore():
        settings.SAMSYN_HOME = into
        backup_restore(backup=Path(backup), say=str)

    for _number in moments(restore, lambda: shutil.rmtree(into, ignore_errors=True), int(steps)):
        if into.exists() and any(into.iterdir()):
            assert (into / "restore_unfinished").exists()
            refused(Path(backup), into, "is not empty")
    sys.stdout.write("as it should be")


def kill_rebuilds(steps: str) -> None:
    before = told()
    more = reports(home() / "more", range(3, 4))

    def rebuild():
        store_rebuild(actor=JOB, operators=[operator()])

    def without_store():
        for name in ("observations", "attributions", "counts", "rejects", "finding_episodes"):
            shutil.rmtree(home() / "store" / name, ignore_errors=True)

    for _number in moments(rebuild, without_store, int(steps)):
        try:
            take(more)
        except KeptDamaged:
            pass
        else:
            raise AssertionError("an import counted with half a store")
        rebuild()
        assert told() == before
    sys.stdout.write("as it should be")


ACTS = {
    "build": build,
    "import": import_rest,
    "tell": tell,
    "kill_backups": kill_backups,
    "kill_restores": kill_restores,
    "kill_rebuilds": kill_rebuilds,
}
if __name__ == "__main__":
    ACTS[sys.argv[1]](*sys.argv[2:])
