"""What can be wrong with an installation, each as a question with an answer and a remedy."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samsyn.access import database_roles
from samsyn.access.models import Person
from samsyn.access.rows import beyond_scope
from samsyn.audit.guards import guards_altered, guards_missing
from samsyn.audit.selectors import last_number, trail_break
from samsyn.content.packs import SHIPPED, pack
from samsyn.jobs.models import Run, RunState
from samsyn.kernel.disk import is_denied
from samsyn.settings.environment import uses_old_name
from samsyn.site.anchoring import ANCHOR_JOB
from samsyn.site.health_access import second_factor
from samsyn.site.health_kept import backup, clock, files, jobs, store, when_next
from samsyn.site.health_rules import CheckResult, undone
from samsyn.ui.moments import moment_text

FREE_BYTES = 2_000_000_000
FOLDERS = (".", "store", "received", "files")
WORKER_GONE = timedelta(minutes=15)
ANCHOR_OLD = timedelta(days=2)
MEND = gettext_lazy("Run samsyn trail_verify with your anchors, then samsyn trail_guard.")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def home() -> CheckResult:
    """Is the home there, private and writable, with space left?"""
    if is_open_to_others(Path(settings.SAMSYN_HOME)):
        says = _("Others can read %(path)s. Run: chmod -R go-rwx %(path)s")
        return CheckResult("home", False, says % {"path": settings.SAMSYN_HOME})
    for name in FOLDERS:
        place = Path(settings.SAMSYN_HOME) / name
        try:
            probe = place / ".probe"
            probe.write_text("ok")
            probe.unlink()
        except OSError as error:
            why = {"place": place.resolve(), "reason": error.strerror}
            return CheckResult(
                "home", False, _("%(place)s cannot be written to: %(reason)s.") % why
            )
        free = shutil.disk_usage(place).free
        if free < FREE_BYTES:
            shown = {"place": str(place.resolve()), "megabytes": free // 1_000_000}
            return CheckResult(
                "home", False, _("Only %(megabytes)s MB are free in %(place)s.") % shown
            )
    return CheckResult("home", True, str(settings.SAMSYN_HOME))


def is_open_to_others(home: Path) -> bool:
    """Return whether anybody on the machine can read the database in the home."""
    kept = home / "samsyn.sqlite3"
    enters = home.exists() and bool(home.stat().st_mode & 0o001)
    return enters and kept.exists() and bool(kept.stat().st_mode & 0o004)


def secret() -> CheckResult:
    """Are the secrets readable by nobody else?"""
    for name in ("secret_key", "trail_key"):
        kept = Path(settings.SAMSYN_HOME) / name
        if kept.exists() and kept.stat().st_mode & 0o077:
            says = _("Others can read %(path)s. Run: chmod 600 %(path)s") % {"path": kept}
            return CheckResult("secret", False, says)
    return CheckResult("secret", True, _("Only the service can read it."))


def database() -> CheckResult:
    """Does the database answer, and has it the tables of this release?"""
    if place := _read_only():
        says = _("%s is read-only: nothing can be saved. Let the service write there.")
        return CheckResult("database", False, says % place)
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        says = _("It does not answer: %s.") % type(error).__name__
        if is_denied(error):
            says = _("It refuses the role of SAMSYN_DATABASE_URL. Run samsyn database_secure.")
        return CheckResult("database", False, says)
    if plan:
        says = ngettext(
            "%d migration has not been run: run samsyn setup.",
            "%d migrations have not been run: run samsyn setup.",
            len(plan),
        )
        return CheckResult("database", False, says % len(plan))
    return CheckResult("database", True, connection.vendor)


def _read_only() -> str:
    """Return the SQLite file, or its folder, that cannot be written to; nothing if it can.

    SQLite writes beside its file too, and fails with another reason where it cannot.
    """
    if connection.vendor != "sqlite":
        return ""
    file = Path(str(connection.settings_dict["NAME"]))
    places = (file, file.parent) if file.is_file() else ()
    return next((str(place) for place in places if not os.access(place, os.W_OK)), "")


def database_role() -> CheckResult:
    """Is the role that the application uses weak enough, and are the row policies there?"""
    if connection.vendor != "postgresql":
        return CheckResult("database role", True, _("SQLite has no roles."))
    problem = database_roles.problem()
    if problem:
        return CheckResult("database role", False, _("%s Run samsyn database_secure.") % problem)
    return CheckResult(
        "database role", True, _("It reads and writes rows only; row policies hold.")
    )


def row_policies() -> CheckResult:
    """Do the row policies say what is declared, and not only bear the names?"""
    if connection.vendor != "postgresql":
        return CheckResult("row policies", True, _("SQLite has none."))
    tables = database_roles.altered_policies()
    if tables:
        says = _("They are not as declared on: %s. Run samsyn database_secure.")
        return CheckResult("row policies", False, says % ", ".join(tables[:5]))
    return CheckResult("row policies", True, _("They are as declared on every table."))


def packs() -> CheckResult:
    """Can every content pack be read?"""
    names = [
        str(p.relative_to(SHIPPED)) for p in SHIPPED.rglob("*") if p.suffix in {".yaml", ".json"}
    ]
    for name in names:
        try:
            pack(name)
        except (OSError, ValueError, TypeError) as error:
            shown = {"name": name, "reason": type(error).__name__}
            return CheckResult("packs", False, _("%(name)s cannot be read: %(reason)s.") % shown)
    return CheckResult("packs", True, ngettext("%d pack", "%d packs", len(names)) % len(names))


def pages() -> CheckResult:
    """Are the pages' files and the languages built?"""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.MODE != "test" and not manifest.exists():
        return CheckResult("pages", False, _("Their files are not collected: run samsyn setup."))
    missing = [
        p for p in settings.LOCALE_PATHS[0].rglob("*.po") if not p.with_suffix(".mo").exists()
    ]
    if missing:
        return CheckResult("pages", False, _("The languages are not built: run script/setup."))
    return CheckResult("pages", True, _("Everything is built."))


def mail() -> CheckResult:
    """Does mail leave?"""
    if settings.SENDS_MAIL:
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return CheckResult("mail", True, _("It is sent through %s.") % server)
    if settings.DEMONSTRATION:
        return CheckResult("mail", True, _("It stays in the outbox: this is a demonstration."))
    says = _("It stays in the outbox: SAMSYN_MAIL_HOST is not set.")
    return CheckResult("mail", False, says)


def proxies() -> CheckResult:
    """Do the base address, the names and the number of proxies fit together?"""
    wrong = _wrong_with_address()
    if wrong:
        return CheckResult("proxies", False, wrong)
    if uses_old_name():
        return CheckResult("proxies", True, _("Write SAMSYN_TRUSTED_PROXIES, the newer name."))
    return CheckResult("proxies", True, settings.BASE_URL)


def _wrong_with_address() -> str:
    parts = urlsplit(settings.BASE_URL)
    name, number = parts.hostname or "", settings.TRUSTED_PROXIES
    if "*" in settings.ALLOWED_HOSTS:
        return _("SAMSYN_HOSTS answers to every name: write the names.")
    if not validate_host(name, settings.ALLOWED_HOSTS):
        return _("SAMSYN_HOSTS lacks %s, the name in SAMSYN_BASE_URL.") % name
    if parts.scheme == "https" and not number:
        return _("SAMSYN_BASE_URL is https, which a proxy must end: set SAMSYN_TRUSTED_PROXIES.")
    if parts.scheme == "http" and number:
        return _("There is a proxy, but SAMSYN_BASE_URL is not https: cookies are not protected.")
    if parts.scheme == "http" and name not in LOOPBACK:
        return _("SAMSYN_BASE_URL is not https: passwords cross the network unprotected.")
    return ""


def worker() -> CheckResult:
    """Has the worker done anything lately?"""
    last = Run.objects.exclude(started_at=None).order_by("-started_at").first()
    if last is None or last.started_at is None:
        return CheckResult("worker", False, _("It has never run: start samsyn work."))
    at = moment_text(last.started_at)
    if timezone.now() - last.started_at > WORKER_GONE:
        return CheckResult("worker", False, _("It has done nothing since %s.") % at)
    return CheckResult("worker", True, _("Its last job began %s.") % at)


def trail() -> CheckResult:
    """Is the trail whole?"""
    broken = trail_break()
    if broken:
        shown = {"number": broken.number, "reason": broken.reason}
        return CheckResult("trail", False, _("Broken at entry %(number)s: %(reason)s.") % shown)
    if missing := sorted(guards_missing()):
        return CheckResult("trail", False, f"{_unguarded(missing)} {MEND}")
    if altered := sorted(guards_altered()):
        return CheckResult("trail", False, f"{_altered(altered)} {MEND}")
    if not last_number() and Person.objects.exists():  # whoever is here was put on record
        return CheckResult(
            "trail", False, _("It is empty, though people are here: it was emptied.")
        )
    return CheckResult("trail", True, _("Every entry follows from the one before."))


def _unguarded(names: list[str]) -> str:
    says = ngettext(
        "The database does not protect it: the trigger %(names)s is gone.",
        "The database does not protect it: the triggers %(names)s are gone.",
        len(names),
    )
    return says % {"names": ", ".join(names)}


def _altered(names: list[str]) -> str:
    says = ngettext(
        "The database does not protect it: the trigger %(names)s is not as Samsyn made it.",
        "The database does not protect it: the triggers %(names)s are not as Samsyn made them.",
        len(names),
    )
    return says % {"names": ", ".join(names)}


def anchor() -> CheckResult:
    """Is the end of the trail kept outside, at least every other day?"""
    file, mail_to = settings.TRAIL_ANCHOR_FILE, settings.TRAIL_ANCHOR_MAIL
    if not file and not mail_to:
        says = _("Nothing outside proves its end. Set SAMSYN_TRAIL_ANCHOR_FILE or _MAIL.")
        return undone("anchor", says, is_demonstration=settings.DEMONSTRATION)
    if file and Path(file).resolve().is_relative_to(Path(settings.SAMSYN_HOME).resolve()):
        says = _("%s is beside the database: name another place.") % file
        return CheckResult("anchor", False, says)
    if file and (reason := _unwritable(Path(file))):
        why = {"place": file, "reason": reason}
        return CheckResult("anchor", False, _("%(place)s cannot be written to: %(reason)s.") % why)
    return _last_anchor()


def _unwritable(file: Path) -> str:
    """Return why a line cannot be appended to a file; it is not made by asking."""
    if not file.parent.is_dir():
        return os.strerror(errno.ENOENT)
    is_writable = os.access(file if file.exists() else file.parent, os.W_OK)
    return "" if is_writable else os.strerror(errno.EACCES)


def _last_anchor() -> CheckResult:
    runs = Run.objects.filter(job=ANCHOR_JOB, state=RunState.DONE).order_by("-ended_at")
    last = next((run for run in runs[:10] if run.result.get("kept")), None)
    if last is None or last.ended_at is None:
        return CheckResult("anchor", False, _("None was kept yet.") + f" {when_next(ANCHOR_JOB)}")
    is_fine = timezone.now() - last.ended_at <= ANCHOR_OLD
    return CheckResult("anchor", is_fine, _("Last kept %s.") % moment_text(last.ended_at))


# A web page does what takes a moment; what reads everything is done by job or command.
QUICK: tuple[Callable[[], CheckResult], ...] = (
    home,
    secret,
    database,
    database_role,
    store,
    files,
    backup,
    clock,
    worker,
    jobs,
    packs,
    pages,
    mail,
    proxies,
    second_factor,
    anchor,
)
CHECKS = (*QUICK, row_policies, trail)


def examine(checks: tuple[Callable[[], CheckResult], ...] = CHECKS) -> Iterator[CheckResult]:
    """Yield what each check says; without a database the checks that need it are left out."""
    for check in checks:
        with beyond_scope("a check tells of the installation, in counts and names of files"):
            finding = check()
        yield finding
        if check is database and not finding.is_fine:
            return


def is_well() -> bool:
    """Return whether the database answers and the home can be written to."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        probe = Path(settings.SAMSYN_HOME) / ".probe-well"
        probe.write_text("ok")
        probe.unlink(missing_ok=True)
    except (DatabaseError, OSError):
        return False
    return True
