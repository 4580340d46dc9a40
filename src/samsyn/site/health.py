"""What can be wrong with an installation, each as a question with an answer and a remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host
from django.utils import timezone

from samsyn.audit.selectors import guards_missing, trail_break
from samsyn.content.packs import SHIPPED, pack
from samsyn.jobs.models import Run, RunState
from samsyn.settings.environment import uses_old_name
from samsyn.site.anchoring import ANCHOR_JOB

FREE_BYTES = 2_000_000_000
WORKER_GONE = timedelta(minutes=15)
ANCHOR_OLD = timedelta(days=2)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: it is fine, or what is wrong and what to do."""

    about: str
    is_fine: bool
    says: str


def home() -> Finding:
    """Is the home there, private and writable, with space left?"""
    place = Path(settings.SAMSYN_HOME)
    try:
        probe = place / ".probe"
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        return Finding("home", False, f"{place} cannot be written to ({error.strerror}).")
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        return Finding("home", False, f"Only {free // 1_000_000} MB are free under {place}.")
    return Finding("home", True, str(place))


def secret() -> Finding:
    """Are the secrets readable by nobody else?"""
    for name in ("secret_key", "trail_key"):
        kept = Path(settings.SAMSYN_HOME) / name
        if kept.exists() and kept.stat().st_mode & 0o077:
            return Finding("secret", False, f"Others can read {kept}: chmod 600 {kept}")
    return Finding("secret", True, "private")


def database() -> Finding:
    """Does the database answer, and has it the tables of this release?"""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding("database", False, f"It does not answer: {type(error).__name__}.")
    if plan:
        return Finding("database", False, f"{len(plan)} steps are missing: run `samsyn setup`.")
    return Finding("database", True, connection.vendor)


def packs() -> Finding:
    """Can every content pack be read?"""
    names = [
        str(p.relative_to(SHIPPED)) for p in SHIPPED.rglob("*") if p.suffix in {".yaml", ".json"}
    ]
    for name in names:
        try:
            pack(name)
        except (OSError, ValueError, TypeError) as error:
            return Finding("packs", False, f"{name} cannot be read: {type(error).__name__}.")
    return Finding("packs", True, f"{len(names)} packs")


def pages() -> Finding:
    """Are the pages' files and the languages built?"""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.MODE != "test" and not manifest.exists():
        return Finding("pages", False, "Their files are not collected: run `samsyn setup`.")
    missing = [
        p for p in settings.LOCALE_PATHS[0].rglob("*.po") if not p.with_suffix(".mo").exists()
    ]
    if missing:
        return Finding("pages", False, "The languages are not built: run script/setup.")
    return Finding("pages", True, "built")


def mail() -> Finding:
    """Does mail leave?"""
    if settings.SENDS_MAIL:
        return Finding("mail", True, f"through {settings.EMAIL_HOST}:{settings.EMAIL_PORT}")
    why = "demonstration" if settings.DEMONSTRATION else "SAMSYN_MAIL_HOST is not set"
    return Finding("mail", settings.DEMONSTRATION, f"kept in the outbox ({why})")


def proxies() -> Finding:
    """Do the base address, the names and the number of proxies fit together?"""
    parts = urlsplit(settings.BASE_URL)
    name, number = parts.hostname or "", settings.TRUSTED_PROXIES
    wrong = ""
    if "*" in settings.ALLOWED_HOSTS:
        wrong = "SAMSYN_HOSTS answers to every name: write the names."
    elif not validate_host(name, settings.ALLOWED_HOSTS):
        wrong = f"SAMSYN_HOSTS lacks {name}, the name in SAMSYN_BASE_URL."
    elif parts.scheme == "https" and not number:
        wrong = "SAMSYN_BASE_URL is https, which a proxy must end: set SAMSYN_TRUSTED_PROXIES."
    elif parts.scheme == "http" and number:
        wrong = "There is a proxy, but SAMSYN_BASE_URL is not https: cookies are not protected."
    elif parts.scheme == "http" and name not in LOOPBACK:
        wrong = "SAMSYN_BASE_URL is not https: passwords cross the network unprotected."
    if wrong:
        return Finding("proxies", False, wrong)
    old = " (SAMSYN_TRUSTED_PROXY is an old name: write SAMSYN_TRUSTED_PROXIES)"
    return Finding("proxies", True, f"{number}{old if uses_old_name() else ''}")


def worker() -> Finding:
    """Has the worker done anything lately?"""
    last = Run.objects.exclude(started_at=None).order_by("-started_at").first()
    if last is None or last.started_at is None:
        return Finding("worker", False, "It has never run: start `samsyn work`.")
    if timezone.now() - last.started_at > WORKER_GONE:
        return Finding("worker", False, f"Silent since {last.started_at:%Y-%m-%d %H:%M} UTC.")
    return Finding("worker", True, f"last run {last.started_at:%H:%M} UTC")


def trail() -> Finding:
    """Is the trail whole?"""
    broken = trail_break()
    if broken:
        return Finding("trail", False, f"Broken at entry {broken.number}: {broken.reason}.")
    missing = ", ".join(sorted(guards_missing()))
    if missing:
        return Finding("trail", False, f"The database does not protect it: {missing} is gone.")
    return Finding("trail", True, "whole")


def anchor() -> Finding:
    """Is the end of the trail kept outside, at least every other day?"""
    file, mail_to = settings.TRAIL_ANCHOR_FILE, settings.TRAIL_ANCHOR_MAIL
    if not file and not mail_to:
        why = "no anchor outside: set SAMSYN_TRAIL_ANCHOR_FILE or SAMSYN_TRAIL_ANCHOR_MAIL"
        return Finding("anchor", settings.DEMONSTRATION, why)
    if file and Path(file).resolve().is_relative_to(Path(settings.SAMSYN_HOME).resolve()):
        return Finding("anchor", False, f"{file} is beside the database: name another place.")
    runs = Run.objects.filter(job=ANCHOR_JOB, state=RunState.DONE).order_by("-ended_at")
    last = next((run for run in runs[:10] if run.result.get("kept")), None)
    if last is None or last.ended_at is None:
        return Finding("anchor", False, "None was kept yet: start `samsyn work`.")
    if timezone.now() - last.ended_at > ANCHOR_OLD:
        return Finding("anchor", False, f"The last is of {last.ended_at:%Y-%m-%d %H:%M} UTC.")
    return Finding("anchor", True, f"kept {last.ended_at:%Y-%m-%d %H:%M} UTC")


CHECKS: tuple[Callable[[], Finding], ...] = (
    home,
    secret,
    database,
    packs,
    pages,
    mail,
    proxies,
    worker,
    trail,
    anchor,
)


def examine() -> Iterator[Finding]:
    """Yield what each check says; without a database the checks that need it are left out."""
    for check in CHECKS:
        finding = check()
        yield finding
        if check is database and not finding.is_fine:
            return
