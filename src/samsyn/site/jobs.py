from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.audit.events import events_collect
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily, Every
from samsyn.messages.password_requests import requests_answer, requests_wait
from samsyn.site.anchoring import ANCHOR_JOB, anchor_keep, anchor_now


@job(ANCHOR_JOB, title=_("Keep proof of the change log outside"), schedule=Daily(time(4, 40)))
def trail_anchor(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Write how far the trail goes to the places that the settings name."""
    del progress
    now = timezone.now()
    anchor = anchor_now(now=now)
    kept = anchor_keep(anchor, actor=actor, now=now) if anchor else []
    return {"number": anchor.number if anchor else 0, "kept": kept}


@job(
    "trail_collect",
    title=_("Put what waits into the change log"),
    schedule=Every(timedelta(minutes=5)),
)
def trail_collect(*, actor: Actor, progress: ProgressCallback) -> dict[str, Any]:
    """Let events that found the trail busy join it."""
    del actor, progress
    return {"joined": events_collect()}


@job(
    "password_letters",
    title=_("Send the links to new passwords that were asked for"),
    is_wanted=requests_wait,
)
def send_password_letters(*, actor: Actor, progress: ProgressCallback) -> dict[str, int]:
    """Answer those who asked; how many of them are known here is not on record."""
    del actor, progress
    return {"handled": requests_answer()}


@job("sessions_forget", title=_("Forget sessions that have ended"), schedule=Daily(time(3, 50)))
def forget(*, actor: Actor, progress: ProgressCallback) -> dict[str, int]:
    """Delete the sessions that have run out, and where they came from."""
    del actor, progress
    over, _kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    known = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=known).delete()
    return {"forgotten": over}
