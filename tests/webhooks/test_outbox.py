"""The trail is the outbox: whatever the order of what happens, each event is noted once."""

from __future__ import annotations

import random
import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.webhooks import happenings
from samsyn.webhooks.happenings import happenings_collect
from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.services import webhook_pause, webhook_resume, webhook_test
from tests.cast import NOON, make_cast
from tests.webhooks.builders import happen, make_webhook, rows_of, told

ACTIONS = ["suppliers.supplier_add", "suppliers.supplier_change", "organisations.contact_add"]


class Undone(Exception):
    """A change that is taken back."""


def one(cast, roll, *, organisations):
    """Let one thing be written to the trail, kept or undone."""
    action = roll.choice([*ACTIONS, "reading.opened", "sign_in.done"])
    place = roll.choice(organisations)
    with suppress(Undone), transaction.atomic():
        record(actor="x", person_id=None, action=action, organisation_id=place.pk)
        if roll.random() < 0.2:
            raise Undone


def wanted(webhook, after, until=None):
    """Return the numbers that a webhook should have been told of."""
    rows = Entry.objects.filter(number__gt=after, action__in=webhook.kinds or ACTIONS)
    rows = rows.filter(organisation_id=webhook.organisation_id, kind="change")
    return sorted(rows.values_list("number", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_each_event_is_noted_once_whatever_happens_in_between(monkeypatch, seed):
    print("seed", seed)
    roll, cast = random.Random(seed), make_cast()
    monkeypatch.setattr(happenings, "AT_ONCE", roll.choice([1, 2, 3, 7]))
    hooks = [
        make_webhook(cast, name="Some", kinds=ACTIONS[:2]),
        make_webhook(cast, name="Every", kinds=ACTIONS),
    ]
    begun = {webhook.pk: webhook.seen_number for webhook in hooks}
    for _ in range(60):
        does = roll.random()
        if does < 0.6:
            one(cast, roll, organisations=[cast.fjellvik, cast.elvdal])
        elif does < 0.8:
            happenings_collect(now=NOON)
        elif does < 0.9:
            killed_while_collecting(monkeypatch, roll)
        else:
            webhook = Webhook.unscoped.get(pk=roll.choice(hooks).pk)
            turn = webhook_pause if webhook.state == "on" else webhook_resume
            turn(actor=cast.ingvild, webhook=webhook, now=NOON)
    for webhook in Webhook.unscoped.filter(state="paused"):
        webhook_resume(actor=cast.ingvild, webhook=webhook, now=NOON)
    happenings_collect(now=NOON)
    for webhook in hooks:
        noted = [row.entry_number for row in rows_of(webhook)]
        assert noted == wanted(webhook, begun[webhook.pk])


def killed_while_collecting(monkeypatch, roll):
    """Collect, and die before or after the deliveries are written."""
    usual = happenings._noted

    def dies(*args):
        if roll.random() < 0.5:
            usual(*args)
        raise Undone

    with monkeypatch.context() as patched:
        patched.setattr(happenings, "_noted", dies)
        with suppress(Undone):
            happenings_collect(now=NOON)


side_by_side = [
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"
    ),
    pytest.mark.django_db(transaction=True),
]


class TestSideBySide:
    """On a database that lets several write at once."""

    pytestmark = side_by_side

    @pytest.mark.parametrize("seed", range(3))
    def test_nothing_is_missed_or_noted_twice(self, seed):
        print("seed", seed)
        cast = make_cast()
        webhook = make_webhook(cast, kinds=ACTIONS)
        begun, stop = webhook.seen_number, threading.Event()

        def write(number):
            roll = random.Random(f"{seed} {number}")
            for _ in range(25):
                one(cast, roll, organisations=[cast.fjellvik, cast.elvdal])
            connection.close()

        def collect():
            while not stop.is_set():
                happenings_collect(now=NOON)
            connection.close()

        writers = [threading.Thread(target=write, args=[n]) for n in range(3)]
        collectors = [threading.Thread(target=collect) for _ in range(2)]
        for thread in (*writers, *collectors):
            thread.start()
        for thread in writers:
            thread.join(timeout=60)
        stop.set()
        for thread in collectors:
            thread.join(timeout=60)
        happenings_collect(now=NOON)
        noted = [row.entry_number for row in rows_of(webhook)]
        assert noted == wanted(webhook, begun)
        assert Delivery.unscoped.count() == len(noted)


@pytest.mark.django_db
def test_everything_leaves_out_what_is_done_with_webhooks_unless_it_is_chosen(cast, receiver):
    webhook = make_webhook(cast, address=receiver.url())
    chosen = make_webhook(cast, name="Own", address=receiver.url(), kinds=["webhooks.webhook_test"])
    happen(cast)
    webhook_test(actor=cast.ingvild, webhook=webhook, now=NOON)
    told()
    assert [row.action for row in rows_of(webhook) if not row.is_test] == ["suppliers.supplier_add"]
    assert [row.action for row in rows_of(chosen)] == ["webhooks.webhook_test"]
