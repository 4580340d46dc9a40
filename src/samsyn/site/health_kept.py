"""Is what the installation keeps still there, backed up, and are clock and jobs in order?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samsyn.audit.models import Entry
from samsyn.backups.checking import ALTERED, DAMAGED, MISSING, UNREACHED, files_missing
from samsyn.backups.rules import is_too_old
from samsyn.backups.selectors import backup_last, check_last
from samsyn.backups.wording import editions_missing, store_missing
from samsyn.jobs.models import Run, RunState
from samsyn.jobs.registry import JOBS
from samsyn.kernel.rooms import functions
from samsyn.site.health_rules import CheckResult, undone
from samsyn.ui.moments import moment_text

LOOKED_AT = 500  # of the newest batches; when one lacks something, and each night, all are
CHECK_DAYS = 2
NAMED_MOST = 5
KINDS = {  # as backups.checking calls them
    "received": gettext_lazy("report as received,"),
    "evidence": gettext_lazy("stored document with checksum"),
    "store": gettext_lazy("file of the analytical store,"),
    "editions": gettext_lazy("figures of a published picture,"),
    "pictures": gettext_lazy("published picture number"),
    "trail": gettext_lazy("change log at entry"),
}
FAULTS = {
    MISSING: gettext_lazy("is missing"),
    ALTERED: gettext_lazy("has been altered"),
    DAMAGED: gettext_lazy("is damaged"),
    UNREACHED: gettext_lazy("could not be reached"),
}
AHEAD = timedelta(minutes=5)  # clocks of two machines differ a little
LATE = timedelta(hours=2)  # a long import may hold the worker


def store() -> CheckResult:
    """Has the analytical store the files that the database names?"""
    missing = files_missing(LOOKED_AT)
    said = [store_missing(missing.store)] if missing.store else []
    said += [editions_missing(missing.editions)] if missing.editions else []
    if not said:
        return CheckResult("store", True, _("The files that were looked at are there."))
    return CheckResult("store", False, " ".join(said))


def files() -> CheckResult:
    """Did the last check find every stored file there and unaltered?"""
    last = check_last()
    if last is None:
        says = _("They have not been checked yet.") + f" {when_next('files_check')} "
        says += _("samsyn doctor --full checks them now.")
        return undone("files", says, is_demonstration=settings.DEMONSTRATION)
    at = moment_text(last.checked_at)
    if faults := sum(last.faults.values()):
        says = ngettext(
            "On %(at)s %(count)d stored file was missing or altered: %(names)s",
            "On %(at)s %(count)d stored files were missing or altered: %(names)s",
            faults,
        )
        names = "; ".join(fault_text(fault) for fault in last.named[:NAMED_MOST])
        shown = {"at": at, "count": faults, "names": names}
        return CheckResult("files", False, says % shown)
    if timezone.now() - last.checked_at > timedelta(days=CHECK_DAYS):
        return CheckResult("files", False, _("They have not been checked since %s.") % at)
    shown = {"at": at, "count": last.looked_at}
    return CheckResult("files", True, _("%(count)d were checked %(at)s, none at fault.") % shown)


def fault_text(named: str) -> str:
    """Return what is wrong with one file in words; the trail keeps it as ``kind name: fault``."""
    about, _colon, fault = named.rpartition(": ")
    kind, _blank, name = about.partition(" ")
    words = {
        "what": KINDS.get(kind, kind),
        "name": name,
        "fault": FAULTS.get(fault, fault),
    }
    return _("%(what)s %(name)s %(fault)s") % words


def backup() -> CheckResult:
    """Is the last backup young enough?"""
    last = backup_last()
    if last is None:
        says = _("None has been made: run samsyn backup PLACE, on another disk or machine.")
        return undone("backup", says, is_demonstration=settings.DEMONSTRATION)
    shown = {"at": moment_text(last.made_at), "place": last.place, "days": settings.BACKUP_DAYS}
    if is_too_old(last.made_at, timezone.now(), settings.BACKUP_DAYS):
        says = _("The last is of %(at)s, older than %(days)s days: %(place)s") % shown
        return undone("backup", says, is_demonstration=settings.DEMONSTRATION)
    return CheckResult("backup", True, _("The last is of %(at)s: %(place)s") % shown)


def clock() -> CheckResult:
    """Has anything happened later than now?"""
    latest = [
        Entry.objects.aggregate(at=Max("at"))["at"],
        Run.objects.aggregate(at=Max("started_at"))["at"],
        *(newest() for newest in functions("newest")),
    ]
    newest = max((at for at in latest if at is not None), default=None)
    if newest is not None and newest > timezone.now() + AHEAD:
        says = _("Something is on record as of %s, which has not come yet: check the clock.")
        return CheckResult("clock", False, says % moment_text(newest))
    return CheckResult("clock", True, _("Nothing on record is later than now."))


def jobs() -> CheckResult:
    """Did every job run when it was due, and end well?"""
    late = Run.objects.filter(state=RunState.WAITING, due_at__lt=timezone.now() - LATE)
    if names := sorted({run.job for run in late}):
        return CheckResult("jobs", False, _("Due but not begun: %s.") % _titles(names))
    failed = [name for name, job in JOBS.items() if job.schedule and _has_failed(name)]
    if failed:
        return CheckResult("jobs", False, _("Failed the last time: %s.") % _titles(failed))
    return CheckResult("jobs", True, _("Every job ran when it was due."))


def _titles(names: Iterable[str]) -> str:
    """Return what jobs do, in words; one that an older release had keeps its name."""
    return "; ".join(str(JOBS[name].title) if name in JOBS else name for name in names)


def when_next(job: str) -> str:
    """Return a sentence on when a job runs next: planned by a worker that runs, or not at all."""
    waiting = Run.objects.filter(job=job, state=RunState.WAITING, due_at__gte=timezone.now() - LATE)
    due = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    if due is None:
        return _("Start samsyn work, which does it by the clock.")
    return _("It is done by itself, next %s.") % moment_text(due)


def _has_failed(name: str) -> bool:
    ended = Run.objects.filter(job=name, ended_at__isnull=False).order_by("-ended_at")
    last = ended.values_list("state", flat=True).first()
    return last in {RunState.FAILED, RunState.LOST}
