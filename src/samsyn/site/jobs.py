from __future__ import annotations

from datetime import time

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.jobs.registry import Progress, job
from samsyn.jobs.rules import Daily


@job("sessions_forget", title=_("Forget sessions that have ended"), schedule=Daily(time(3, 50)))
def forget(*, actor: Actor, progress: Progress) -> dict[str, int]:
    """Delete the sessions that have run out, and where they came from."""
    del actor, progress
    over, _kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    known = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=known).delete()
    return {"forgotten": over}
