"""What waits, is sent again or left out, and what a killed worker leaves; webhooks take turns."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from samsyn.webhooks.delivery import claim
from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.services import (
    delivery_resend,
    delivery_skip,
    webhook_pause,
    webhook_resume,
    webhook_test,
)
from tests.cast import NOON
from tests.webhooks.builders import Clock, happen, hook, rows_of, told

pytestmark = pytest.mark.django_db


def test_what_happens_during_a_pause_is_told_after_it(cast, receiver):
    webhook = hook(cast, receiver)
    webhook_pause(actor=cast.ingvild, webhook=webhook, now=NOON)
    happen(cast)
    assert told() == {}
    webhook_resume(actor=cast.ingvild, webhook=webhook, now=NOON)
    assert told() == {"delivered": 1}


def test_a_test_is_sent_at_once_and_once_also_in_a_pause(cast, receiver):
    webhook = hook(cast, receiver)
    webhook_pause(actor=cast.ingvild, webhook=webhook, now=NOON)
    receiver.answers["/ok"] = 500
    row = webhook_test(actor=cast.ingvild, webhook=webhook, now=NOON)
    assert told() == {"failed": 1}
    assert told() == {}
    row.refresh_from_db()
    assert (row.state, row.status, json.loads(row.body)["type"]) == ("failed", 500, "test")
    webhook.refresh_from_db()
    assert (webhook.state, webhook.failing_since) == ("paused", None)


def test_what_was_delivered_can_be_sent_again_under_the_same_id(cast, receiver):
    webhook = hook(cast, receiver)
    happen(cast)
    told()
    delivery_resend(actor=cast.ingvild, delivery=rows_of(webhook)[0], now=NOON)
    assert told() == {"delivered": 1}
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_what_a_receiver_will_not_take_can_be_left_out(cast, receiver):
    webhook = hook(cast, receiver)
    receiver.answers["/ok"] = 400
    happen(cast, "First")
    happen(cast, "Second")
    told()
    receiver.answers.clear()
    delivery_skip(actor=cast.ingvild, delivery=rows_of(webhook)[0], now=NOON)
    assert told() == {"delivered": 1}
    assert [row.state for row in rows_of(webhook)] == ["skipped", "delivered"]


def test_killed_after_sending_it_is_sent_again_under_the_same_id_when_the_lease_ends(
    cast, receiver, clock, monkeypatch
):
    webhook = hook(cast, receiver)
    happen(cast)

    class Killed(BaseException):
        """Stands for a signal that no handler sees."""

    def killed(*_args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("samsyn.webhooks.delivery._settle", killed)
        with pytest.raises(Killed):
            told(clock)
    assert told(clock) == {}
    clock.move(minutes=2)
    assert told(clock) == {"delivered": 1}
    assert len({came.headers["webhook-id"] for came in receiver.received}) == 1
    assert len(receiver.received) == 2
    assert rows_of(webhook)[0].attempts == 2


def test_an_outcome_that_comes_after_the_lease_is_not_written(cast, receiver, clock, monkeypatch):
    from samsyn.webhooks import delivery as module

    webhook = hook(cast, receiver)
    happen(cast)
    usual = module._try

    def slow(*args):
        Webhook.unscoped.filter(pk=webhook.pk).update(lease="another", leased_until=NOON)
        return usual(*args)

    monkeypatch.setattr(module, "_try", slow)
    monkeypatch.setattr(module, "ROUND_SECONDS", 0.0001)
    module.deliveries_send(clock=clock)
    told(clock)
    assert {row.state for row in Delivery.unscoped.all()} <= {"waiting", "delivered"}


def test_a_lease_from_before_the_clock_was_put_back_does_not_last(cast, receiver, clock):
    webhook = hook(cast, receiver)
    happen(cast)
    far = NOON + timedelta(days=300)
    Webhook.unscoped.filter(pk=webhook.pk).update(lease="x", leased_until=far, next_try_at=far)
    assert told(clock) == {"delivered": 1}
    assert claim(clock()) is None


def test_a_secret_of_another_installation_is_said_so(cast, receiver, settings):
    webhook = hook(cast, receiver)
    settings.SECRET_KEY = "another" * 10
    happen(cast)
    told()
    assert rows_of(webhook)[0].problem == "unreadable"


def test_every_problem_of_the_way_out_has_words():
    from samsyn.kernel.outgoing import OutgoingProblem
    from samsyn.webhooks.models import DeliveryProblem

    assert {problem.value for problem in OutgoingProblem} <= set(DeliveryProblem.values)


def test_webhooks_take_turns(cast, receiver):
    hook(cast, receiver, "/one", name="One")
    hook(cast, receiver, "/two", name="Two")
    for number in range(3):
        happen(cast, f"Supplier {number}")

    class Ticking(Clock):
        def __call__(self):
            self.move(milliseconds=1)
            return self.now

    assert told(Ticking()) == {"delivered": 6}
    assert [came.path for came in receiver.received] == ["/one", "/two"] * 3
