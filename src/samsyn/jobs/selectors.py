from __future__ import annotations

from django.db.models import Q, QuerySet

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.jobs.models import Run


def run_list(*, actor: Actor) -> QuerySet[Run]:
    """Return the runs of jobs, newest first, for those who may run jobs.

    What somebody started for one operator is for the people of that operator; what runs
    by the clock is the installation's, and says nothing of one.
    """
    if actor.is_system:
        return Run.objects.all()
    operators = actor.organisation_ids(Permission.JOBS_RUN)
    if not operators:
        return Run.objects.none()
    by_clock, own = Q(arguments__operator_id__isnull=True), Q(arguments__operator_id__in=operators)
    return Run.objects.filter(by_clock | own)
