"""Switching a webhook off, and telling whoever answers for it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, holders_of, job_actor
from samsyn.access.commands import command
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.kernel.errors import Conflict
from samsyn.messages.models import MessageKind
from samsyn.messages.rules import linkless
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.selectors import operator_serving
from samsyn.webhooks.models import StopReason, Webhook, WebhookState

JOB = "webhooks_deliver"
TOLD_MOST = 5


def webhook_stop(*, webhook: Webhook, reason: StopReason, now: datetime) -> None:
    """Switch a webhook off in the name of the job, and write to whoever can mend it."""
    actor = job_actor(JOB)
    webhook_switch_off(actor=actor, webhook=webhook, reason=reason, now=now)
    for person in _to_tell(webhook):
        _tell(actor, webhook, person, now)


@command(Permission.WEBHOOKS_MANAGE)
def webhook_switch_off(
    *,
    actor: Actor,  # noqa: ARG001  the gate reads it
    webhook: Webhook,
    reason: StopReason,
    now: datetime,
) -> Webhook:
    """Switch a webhook off by itself; what waits is kept."""
    webhook.state, webhook.reason, webhook.state_since = WebhookState.OFF, reason, now
    keep(webhook, ["state", "reason", "state_since"])
    return webhook


def _to_tell(webhook: Webhook) -> list[Person]:
    """Return who answers for it; where they no longer may, some who do."""
    if webhook.reason != StopReason.NO_RIGHTS:
        return [webhook.person]
    able = holders_of(webhook.organisation_id, Permission.WEBHOOKS_MANAGE)
    return list(Person.objects.filter(pk__in=able).order_by("pk")[:TOLD_MOST])


def _tell(actor: Actor, webhook: Webhook, person: Person, now: datetime) -> None:
    place = webhook.organisation
    sender = operator_serving(actor=actor, organisation=place) or place
    try:
        message_enqueue(
            actor=actor,
            organisation=place,
            operator=sender,
            draft=_letter(webhook, person),
            about={"type": "webhooks.Webhook", "ids": [webhook.pk]},
            dedupe_key=f"webhook off {webhook.pk} {now.isoformat()} {person.pk}",
            now=now,
        )
    except Conflict:  # has been told already
        return


def _letter(webhook: Webhook, person: Person) -> Draft:
    named = {"name": linkless(webhook.name), "organisation": linkless(webhook.organisation.name)}
    with translation.override(person.language):
        parts = [
            _("Samsyn has switched off the webhook %(name)s of %(organisation)s.") % named,
            str(StopReason(webhook.reason).label),
            _("What happens meanwhile is kept, and sent when the webhook is switched on again."),
            f"{settings.BASE_URL}{webhook.get_absolute_url()}",
        ]
        subject = _("The webhook %(name)s is switched off") % named
    return Draft(
        kind=MessageKind.REMINDER,
        to=person.email,
        language=person.language,
        subject=subject,
        text="\n\n".join(parts) + "\n",
    )
