"""A webhook ends for good by somebody's hand, and rests when Samsyn switches it off."""

from __future__ import annotations

import pytest

from samsyn.access.actor import job_actor
from samsyn.audit.selectors import entries_of
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.webhooks.models import DeliveryState, StopReason, Webhook, WebhookState
from samsyn.webhooks.services import webhook_resume, webhook_retire
from samsyn.webhooks.stopping import webhook_switch_off
from tests.cast import NOON
from tests.webhooks.builders import SUPPLIERS, happen, make_delivery, make_webhook, rows_of, told

pytestmark = pytest.mark.django_db


def test_a_retired_webhook_sends_nothing_more_and_keeps_no_secret(cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    waiting = make_delivery(cast, webhook)
    webhook_retire(actor=cast.ingvild, webhook=webhook, now=NOON)
    happen(cast, "Afterwards")
    assert told() == {}
    assert receiver.received == []
    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.SKIPPED
    kept = Webhook.unscoped.get(pk=webhook.pk)
    assert (kept.state, kept.sealed, kept.sealed_before) == (WebhookState.RETIRED, "", "")


def test_a_retired_webhook_stays_so_and_lends_its_name(cast):
    webhook = make_webhook(cast)
    webhook_retire(actor=cast.ingvild, webhook=webhook, now=NOON)
    for act in (webhook_retire, webhook_resume):
        with pytest.raises(RuleViolation):
            act(actor=cast.ingvild, webhook=webhook, now=NOON)
    assert make_webhook(cast, name=webhook.name).pk != webhook.pk


@pytest.mark.parametrize("who", ["liv", "jonas", "astrid", "henrik"])
def test_who_may_not_manage_webhooks_there_retires_none(cast, who):
    webhook = make_webhook(cast)
    with pytest.raises(NotAllowed):
        webhook_retire(actor=getattr(cast, who), webhook=webhook, now=NOON)
    assert Webhook.unscoped.get(pk=webhook.pk).state == WebhookState.ON


def test_one_that_is_switched_off_keeps_what_waits_until_somebody_switches_it_on(cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    make_delivery(cast, webhook)
    actor = job_actor("webhooks_deliver")
    webhook_switch_off(actor=actor, webhook=webhook, reason=StopReason.FAILING, now=NOON)
    assert told() == {}
    assert [row.state for row in rows_of(webhook)] == [DeliveryState.WAITING]
    newest = entries_of("webhooks.Webhook", webhook.pk).first()
    assert newest.action == "webhooks.webhook_switch_off"
    assert newest.changes["reason"] == ["", "failing"]
    webhook_resume(actor=cast.ingvild, webhook=webhook, now=NOON)
    assert told() == {"delivered": 1}
