from __future__ import annotations

from django.db.models import QuerySet

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.jobs.models import Run


def run_list(*, actor: Actor) -> QuerySet[Run]:
    """Return the runs of all jobs, newest first; for those who may run jobs."""
    if actor.is_system or actor.may_anywhere(Permission.JOBS_RUN):
        return Run.objects.all()
    return Run.objects.none()
