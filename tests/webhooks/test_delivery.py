"""What happens is told: to a real receiver, signed, in order, again until it is accepted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.models import Message
from samsyn.webhooks import delivery as delivery_module
from samsyn.webhooks.models import Webhook
from samsyn.webhooks.rules import headers
from samsyn.webhooks.services import (
    webhook_change,
    webhook_resume,
    webhook_retire,
    webhook_secret_renew,
)
from tests.cast import NOON
from tests.webhooks.builders import happen, hook, rows_of, told

pytestmark = pytest.mark.django_db


def test_it_says_what_happened_where_and_to_what_and_nothing_else(cast, receiver):
    hook(cast, receiver)
    supplier = happen(cast)
    assert told() == {"delivered": 1}
    [came] = receiver.received
    entry = Entry.objects.get(action="suppliers.supplier_add")
    event = json.loads(came.body)
    assert event == {
        "type": "suppliers.supplier_add",
        "id": came.headers["webhook-id"],
        "timestamp": entry.at.isoformat().replace("+00:00", "Z"),
        "organisation": {"id": cast.fjellvik.pk, "name": "Fjellvik"},
        "object": {
            "type": "suppliers.Supplier",
            "id": supplier.pk,
            "url": f"http://127.0.0.1:8000/suppliers/{supplier.pk}/",
        },
    }
    assert b"Nordlys" not in came.body


def test_the_name_of_a_thing_is_sent_only_if_it_is_asked_for(cast, receiver):
    hook(cast, receiver, with_names=True)
    happen(cast)
    told()
    assert json.loads(receiver.received[0].body)["object"]["name"] == "Nordlys Drift"


def test_it_is_signed_with_the_secret_that_was_shown(cast, receiver):
    webhook = hook(cast, receiver)
    happen(cast)
    told()
    [came] = receiver.received
    at = int(came.headers["webhook-timestamp"])
    assert at == int(NOON.timestamp())
    wanted = headers([webhook.secret], key=came.headers["webhook-id"], at=at, body=came.body)
    assert came.headers["webhook-signature"] == wanted["webhook-signature"]


def test_for_a_day_both_secrets_sign(cast, receiver, clock):
    webhook = hook(cast, receiver)
    first = webhook.secret
    second = webhook_secret_renew(actor=cast.ingvild, webhook=webhook, now=NOON).secret
    signed = {}
    for hours in (23, 2):
        clock.move(hours=hours)
        happen(cast, f"After {hours}")
        told(clock)
        came = receiver.received[-1]
        about = {"key": came.headers["webhook-id"], "body": came.body}
        at = int(came.headers["webhook-timestamp"])
        both = headers([second, first], at=at, **about)["webhook-signature"].split()
        signed[hours] = [both.index(each) for each in came.headers["webhook-signature"].split()]
    assert signed == {23: [0, 1], 2: [0]}


def test_while_two_secrets_sign_no_third_is_given(cast, receiver, clock):
    webhook = hook(cast, receiver)
    webhook_secret_renew(actor=cast.ingvild, webhook=webhook, now=NOON)
    sealed = webhook.sealed, webhook.sealed_before
    clock.move(hours=23)
    with pytest.raises(RuleViolation, match="the one before still signs"):
        webhook_secret_renew(actor=cast.ingvild, webhook=webhook, now=clock.now)
    webhook.refresh_from_db()
    assert (webhook.sealed, webhook.sealed_before) == sealed
    clock.move(hours=1)
    assert webhook_secret_renew(actor=cast.ingvild, webhook=webhook, now=clock.now).secret


def test_at_a_new_address_what_waits_is_tried_at_once_and_with_short_pauses(cast, receiver, clock):
    webhook = hook(cast, receiver)
    receiver.answers.update({"/ok": 500, "/new": 500})
    happen(cast)
    for _ in range(6):
        told(clock)
        webhook.refresh_from_db()
        clock.now = webhook.next_try_at
    assert told(clock) == {"waiting": 1}
    webhook.refresh_from_db()
    paused = webhook.next_try_at
    webhook_change(actor=cast.ingvild, webhook=webhook, name="Another name")
    assert webhook.next_try_at == paused
    assert told(clock) == {}
    webhook_change(actor=cast.ingvild, webhook=webhook, address=receiver.url("/new"))
    assert told(clock) == {"waiting": 1}
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.next_try_at) == (
        clock.now,
        clock.now + timedelta(minutes=1),
    )


@pytest.mark.parametrize("retires", [True, False])
def test_what_an_address_answers_after_it_was_given_up_sets_no_pause(
    cast, receiver, clock, monkeypatch, retires
):
    webhook = hook(cast, receiver)
    receiver.answers["/ok"] = 500
    happen(cast)
    usual = delivery_module._try

    def overtaken(found, *args):
        now = Webhook.unscoped.get(pk=webhook.pk)
        if retires:
            webhook_retire(actor=cast.ingvild, webhook=now, now=NOON)
        elif now.address.endswith("/ok"):
            webhook_change(actor=cast.ingvild, webhook=now, address=receiver.url("/new"))
        return usual(found, *args)

    monkeypatch.setattr(delivery_module, "_try", overtaken)
    told(clock)
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.next_try_at) == (None, None)
    if not retires:
        assert rows_of(webhook)[0].state == "delivered"


def test_a_retired_webhook_is_not_said_to_be_failing(cast, receiver, clock):
    webhook = hook(cast, receiver)
    receiver.answers["/ok"] = 500
    happen(cast)
    told(clock)
    webhook.refresh_from_db()
    webhook_retire(actor=cast.ingvild, webhook=webhook, now=clock.now)
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.next_try_at) == (None, None)


def test_only_what_was_chosen_is_told_and_nothing_twice(cast, receiver):
    webhook = hook(cast, receiver)
    happen(cast)
    webhook_change(actor=cast.ingvild, webhook=webhook, name="Another name")
    assert told() == {"delivered": 1}
    assert told() == {}


def test_one_that_asks_for_everything_is_told_everything_but_of_webhooks(cast, receiver):
    webhook = hook(cast, receiver, kinds=[])
    happen(cast)
    told()
    assert [row.action for row in rows_of(webhook)] == ["suppliers.supplier_add"]


def test_what_happened_before_it_was_there_is_not_told(cast, receiver):
    happen(cast)
    hook(cast, receiver)
    assert told() == {}


def test_what_is_refused_is_tried_again_in_order_after_ever_longer_pauses(cast, receiver, clock):
    webhook = hook(cast, receiver)
    receiver.answers["/ok"] = 500
    happen(cast, "First")
    happen(cast, "Second")
    assert told(clock) == {"waiting": 1}
    pauses = []
    for _ in range(4):
        webhook.refresh_from_db()
        pauses.append((webhook.next_try_at - clock.now).total_seconds() / 60)
        clock.now = webhook.next_try_at - timedelta(seconds=1)
        assert told(clock) == {}
        clock.move(seconds=1)
        assert told(clock) == {"waiting": 1}
    assert pauses == [1, 5, 30, 120]
    receiver.answers.clear()
    clock.move(hours=5)
    assert told(clock) == {"delivered": 2}
    ids = [came.headers["webhook-id"] for came in receiver.received]
    first, second = rows_of(webhook)
    assert ids == [first.key] * 6 + [second.key]
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_a_receiver_may_ask_for_a_longer_pause(cast, receiver, clock):
    webhook = hook(cast, receiver, "/busy")
    happen(cast)
    told(clock)
    webhook.refresh_from_db()
    assert webhook.next_try_at == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/reset", None, "connection_lost"),
        ("/silent", None, "timeout"),
        ("/redirect", 302, ""),
        ("/busy", 503, ""),
        ("/binary", 400, ""),
    ],
)
def test_what_went_wrong_is_kept(cast, receiver, path, status, problem):
    webhook = hook(cast, receiver, path)
    happen(cast)
    assert told(seconds=0.8) == {"waiting": 1}
    [row] = rows_of(webhook)
    assert (row.status, row.problem, row.attempts) == (status, problem, 1)
    assert row.answer.isprintable()
    assert len(receiver.received) == 1


def test_a_name_that_leads_into_the_own_network_is_refused_when_it_is_sent(
    cast, receiver, settings
):
    webhook = hook(cast, receiver)
    settings.OUTGOING = type(receiver.rules)(ca_file=receiver.ca_file)
    happen(cast)
    told()
    assert rows_of(webhook)[0].problem == "address_refused"
    assert receiver.received == []


def test_a_dead_receiver_costs_one_timeout_and_holds_up_nobody(cast, receiver, clock):
    dead = hook(cast, receiver, "/silent", name="Dead")
    for number in range(3):
        happen(cast, f"Before {number}")
    well = hook(cast, receiver, name="Well")
    for number in range(3):
        happen(cast, f"After {number}")
    assert told(clock, seconds=0.5) == {"waiting": 1, "delivered": 3}
    assert [row.attempts for row in rows_of(dead)] == [1, 0, 0, 0, 0, 0]
    assert {row.state for row in rows_of(well)} == {"delivered"}


def test_one_that_is_gone_is_switched_off_and_whoever_answers_for_it_is_told(cast, receiver):
    receiver.answers["/ok"] = 410
    webhook = hook(cast, receiver)
    happen(cast)
    told()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason) == ("off", "gone")
    letter = Message.unscoped.get()
    assert letter.to == "ingvild@fjellvik.example"
    assert "/webhooks/" in letter.text
    assert Entry.objects.filter(action="webhooks.webhook_switch_off").count() == 1


def test_one_that_fails_for_five_days_is_switched_off_and_goes_on_where_it_stopped(
    cast, receiver, clock
):
    receiver.answers["/ok"] = 500
    webhook = hook(cast, receiver)
    happen(cast, "First")
    while webhook.state == "on":
        assert told(clock) == {"waiting": 1}
        webhook.refresh_from_db()
        clock.now = max(clock.now, webhook.next_try_at)
    assert timedelta(days=5) <= webhook.state_since - NOON < timedelta(days=6)
    assert webhook.reason == "failing"
    happen(cast, "While it is off")
    assert told(clock) == {}
    receiver.answers.clear()
    receiver.received.clear()
    webhook_resume(actor=cast.ingvild, webhook=webhook, now=clock.now)
    assert told(clock) == {"delivered": 2}
