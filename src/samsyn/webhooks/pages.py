"""What the page of a webhook and of a delivery show."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.actor import Actor
from samsyn.audit.selectors import entries_of
from samsyn.ui.components import Alert, Fact, FactList, Tone
from samsyn.ui.deeds import trail_story
from samsyn.ui.moments import moment_text
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button
from samsyn.ui.tables import ColumnHeading, table_html
from samsyn.webhooks.happenings import kept_count
from samsyn.webhooks.models import Delivery, DeliveryState, StopReason, Webhook, WebhookState
from samsyn.webhooks.selectors import body_seen, delivery_list, waiting_count
from samsyn.webhooks.tables import DELIVERIES
from samsyn.webhooks.wording import (
    answer_text,
    delivery_badge,
    kinds_text,
    narrowed_text,
    webhook_badge,
    what_text,
)

NEWEST = 10
EVENTS = 20
WEBHOOKS = gettext_lazy("Webhooks")


def crumbs_of_all(_subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to the page of a webhook."""
    return (Crumb(label=WEBHOOKS, url=reverse("webhooks:list")),)


def crumbs(webhook: Webhook | None = None) -> tuple[Crumb, ...]:
    """Return the way to what is done with a webhook."""
    if webhook is None:
        return crumbs_of_all()
    return (*crumbs_of_all(), Crumb(label=webhook.name, url=webhook.get_absolute_url()))


def crumbs_of_delivery(delivery: Delivery) -> tuple[Crumb, ...]:
    """Return the way to the page of a delivery."""
    url = reverse("webhooks:deliveries", args=[delivery.webhook_id])
    return (*crumbs(delivery.webhook), Crumb(label=_("Deliveries"), url=url))


def webhook_buttons(*, actor: Actor, subject: Webhook) -> tuple[Button, ...]:
    """Return what can be done with a webhook."""
    del actor  # whoever sees it manages it
    if subject.state == WebhookState.RETIRED:
        return ()
    on = subject.state == WebhookState.ON

    def url(name: str) -> str:
        return reverse(f"webhooks:{name}", args=[subject.pk])

    turn = Button(label=_("Pause"), url=url("pause"))
    if not on:
        turn = Button(label=_("Resume"), url=url("resume"), is_primary=True)
    return (
        Button(label=_("Send a test"), url=url("test"), is_post=True, is_primary=on),
        turn,
        Button(label=_("Change"), url=url("change")),
        Button(label=_("New secret"), url=url("secret")),
        Button(label=_("Retire"), url=url("retire")),
    )


def webhook_content(*, actor: Actor, subject: Webhook) -> dict[str, Any]:
    """Return what the page of a webhook shows."""
    rows = delivery_list(actor=actor, pk=subject.pk)
    newest = list(rows[:NEWEST])
    headings = [ColumnHeading(column=each) for each in DELIVERIES if each.is_shown]
    table = table_html(headings, newest, caption=_("Newest deliveries"), has_choice=False)
    entries = entries_of("webhooks.Webhook", subject.pk)[:EVENTS]
    return {
        "badge": webhook_badge(subject),
        "alert": _alert(subject),
        "facts": _facts(actor, subject),
        "table": table if newest else "",
        "all_url": reverse("webhooks:deliveries", args=[subject.pk]),
        "story": trail_story(entries, actor=actor),
    }


def _alert(webhook: Webhook) -> Alert | None:
    """Return what somebody must know and do, if anything."""
    if webhook.state == WebhookState.OFF:
        kept = _("What happens meanwhile is kept, and sent when the webhook is switched on again.")
        return Alert(
            title=_("Samsyn has switched the webhook off"),
            text=f"{StopReason(webhook.reason).label} {kept}",
            tone=Tone.DANGER,
        )
    if not settings.OUTGOING.is_open and webhook.state != WebhookState.RETIRED:
        return Alert(title=_("Nothing is sent from a demonstration."))
    if webhook.is_failing() and webhook.failing_since and webhook.next_try_at:
        said = _("It has not accepted anything since %(since)s. The next try is %(next)s.")
        moments = {
            "since": moment_text(webhook.failing_since),
            "next": moment_text(webhook.next_try_at),
        }
        return Alert(
            title=_("The receiver does not accept what is sent"),
            text=said % moments,
            tone=Tone.WARNING,
        )
    return None


def _facts(actor: Actor, webhook: Webhook) -> FactList:
    waits = waiting_count(actor=actor, webhook=webhook)
    both, narrowed = webhook.both_until, narrowed_text(webhook)
    facts = [
        Fact(name=_("Organisation"), value=webhook.organisation.name),
        Fact(name=_("Address"), value=webhook.address),
        Fact(name=_("What is told"), value=kinds_text(webhook)),
        Fact(name=_("Whose events"), value=webhook.get_covers_display()),
        Fact(name=_("Names of things"), value=_("yes") if webhook.with_names else _("no")),
        Fact(name=_("Answers for it"), value=webhook.person.name),
        *((Fact(name=_("Saved"), value=narrowed),) if narrowed else ()),
        Fact(name=_("Waiting"), value=waits),
    ]
    if webhook.state in {WebhookState.PAUSED, WebhookState.OFF}:
        kept = kept_count(actor=actor, webhook=webhook)
        facts.append(Fact(name=_("Has happened since, sent when resumed"), value=kept))
    if both is not None and both > timezone.now():
        facts.append(Fact(name=_("The old secret signs until"), value=moment_text(both)))
    return FactList(facts=tuple(facts))


def delivery_buttons(*, actor: Actor, subject: Delivery) -> tuple[Button, ...]:
    """Return what can be done with a delivery."""
    del actor  # whoever sees it manages its webhook
    if subject.is_test or subject.webhook.state == WebhookState.RETIRED:
        return ()
    again = reverse("webhooks:resend", args=[subject.pk])
    skip = Button(label=_("Leave out"), url=reverse("webhooks:skip", args=[subject.pk]))
    is_waiting = subject.state == DeliveryState.WAITING
    if subject.webhook.state != WebhookState.ON:
        return (skip,) if is_waiting else ()
    if not is_waiting:
        return (Button(label=_("Send again"), url=again, is_primary=True),)
    return (Button(label=_("Send now"), url=again, is_primary=True), skip)


def delivery_content(*, actor: Actor, subject: Delivery) -> dict[str, Any]:
    """Return what the page of a delivery shows."""
    body = body_seen(actor=actor, delivery=subject)
    return {
        "title": what_text(subject),
        "badge": delivery_badge(subject),
        "facts": FactList(facts=tuple(_delivery_facts(subject))),
        "body": json.dumps(json.loads(body), ensure_ascii=False, indent=2) if body else "",
        "is_hidden": body is None,
        "is_awaited": subject.is_test and subject.state == DeliveryState.WAITING,
    }


def _delivery_facts(delivery: Delivery) -> list[Fact]:
    facts = [
        Fact(name=_("When"), value=moment_text(delivery.happened_at)),
        Fact(name=_("Where"), value=delivery.about.name if delivery.about else ""),
        Fact(name=_("Tries"), value=delivery.attempts),
        Fact(name=_("Last try"), value=moment_text(delivery.tried_at) if delivery.tried_at else ""),
        Fact(name=_("Answer"), value=answer_text(delivery)),
        Fact(name=_("Time taken, ms"), value=delivery.milliseconds),
        Fact(name=_("Id"), value=delivery.key),
    ]
    until = delivery.webhook.next_try_at
    if delivery.state == DeliveryState.WAITING and delivery.attempts and until:
        facts.append(Fact(name=_("Next try"), value=moment_text(until)))
    return [fact for fact in facts if fact.value not in {None, ""}]
