"""The first letters of an installation wait until its operator says go.

The first import brings everything there ever was: letters that nobody expects, on claims that
nobody has checked. By the clock nothing is told before a person has said so, or has sent letters.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.findings.models import TellingStart
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.models import LETTERS, Message
from samsyn.organisations.models import Organisation


@beyond_scope("says only whether an operator has begun to send letters")
def is_begun(operator: Organisation) -> bool:
    """Return whether letters go out by the clock: somebody said go, or letters were sent before."""
    said = TellingStart.unscoped.filter(organisation=operator)  # scope: yes or no
    sent = Message.unscoped.filter(operator=operator, kind__in=LETTERS)  # scope: yes or no
    either = said.order_by().values("pk").union(sent.order_by().values("pk"))
    return either.exists()


@command(Permission.MESSAGES_SEND)
def telling_begin(*, actor: Actor, operator: Organisation, now: datetime) -> TellingStart:
    """Let letters about findings go out by the clock from now on.

    Raises:
        RuleViolation: they do already.

    """
    if is_begun(operator):
        raise RuleViolation(_("The letters go out by themselves already."))
    start = TellingStart(organisation=operator, at=now, by=actor.label[:200])
    start.save()
    return start
