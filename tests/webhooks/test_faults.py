"""What goes wrong with one webhook costs the others nothing and is not tried for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.jobs.models import Run, RunState
from samsyn.jobs.registry import JOBS
from samsyn.jobs.services import work_once
from samsyn.webhooks import delivery as module
from samsyn.webhooks.delivery import claim, deliveries_send
from samsyn.webhooks.happenings import happenings_collect
from samsyn.webhooks.services import webhook_test
from samsyn.webhooks.stopping import JOB
from tests.cast import NOON
from tests.webhooks.builders import SUPPLIERS, happen, make_test, make_webhook, rows_of, told

pytestmark = pytest.mark.django_db


def two(cast, receiver):
    """Add a webhook whose receiver is at /bad and one whose receiver is well."""
    bad = make_webhook(cast, name="Bad", address=receiver.url("/bad"), kinds=SUPPLIERS)
    good = make_webhook(cast, name="Good", address=receiver.url("/good"), kinds=SUPPLIERS)
    happen(cast)
    return bad, good


@pytest.fixture
def faulty(monkeypatch):
    """Let whatever is sent to /bad raise what no code foresees."""
    usual = module.post

    def post(address, **more):
        if address.endswith("/bad"):
            raise ZeroDivisionError
        return usual(address, **more)

    monkeypatch.setattr(module, "post", post)


def test_a_fault_in_one_delivery_is_a_try_that_failed_and_ends_no_round(
    cast, receiver, clock, faulty, caplog
):
    bad, good = two(cast, receiver)
    assert told(clock) == {"waiting": 1, "delivered": 1}
    [row] = rows_of(bad)
    assert (row.state, row.problem, row.attempts) == ("waiting", "connection_lost", 1)
    assert f"delivery {row.pk} failed" in caplog.text
    assert {row.state for row in rows_of(good)} == {"delivered"}
    assert told(clock) == {}


def test_a_fault_at_every_try_ends_as_a_receiver_that_fails(cast, receiver, clock, faulty):
    bad, _good = two(cast, receiver)
    for _hour in range(24 * 7):
        told(clock)
        clock.move(hours=1)
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("off", "failing")
    assert rows_of(bad)[0].attempts < 20


def test_a_fault_in_a_test_ends_the_test(cast, receiver, faulty):
    bad, _good = two(cast, receiver)
    row = webhook_test(actor=cast.ingvild, webhook=bad, now=NOON)
    told()
    row.refresh_from_db()
    assert (row.state, row.problem) == ("failed", "connection_lost")


def test_what_cannot_even_be_written_ends_no_round(cast, receiver, clock, monkeypatch):
    bad, good = two(cast, receiver)
    usual = module._settle

    def settle(webhook, *args):
        if webhook.pk == bad.pk:
            raise ZeroDivisionError
        return usual(webhook, *args)

    monkeypatch.setattr(module, "_settle", settle)
    assert told(clock) == {"waiting": 1, "delivered": 1}
    assert {row.state for row in rows_of(good)} == {"delivered"}


def test_what_kills_each_worker_that_sends_it_is_tried_ever_more_seldom_and_then_no_more(
    cast, receiver, clock
):
    bad = make_webhook(cast, kinds=SUPPLIERS)
    happen(cast)
    happenings_collect(now=NOON)
    tries = {}
    for minutes in range(0, 6 * 24 * 60, 10):
        claimed = claim(clock())  # and its worker is killed, but for the last
        if claimed and claimed.is_after_kill and module._is_enough(claimed, clock()):
            module._deliver(claimed, clock=clock, seconds=1)
            break
        if claimed:
            day = minutes // (24 * 60)
            tries[day] = tries.get(day, 0) + 1
        clock.move(minutes=10)
    assert tries[0] <= 7
    assert sum(tries.values()) <= 14
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("off", "failing")


def test_after_a_kill_webhooks_stand_still_for_no_longer_than_two_minutes(
    cast, receiver, monkeypatch
):
    monkeypatch.setattr("samsyn.jobs.services.JOBS", {JOB: JOBS[JOB]})
    make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    happen(cast)
    at = timezone.now()
    Run.objects.create(job=JOB, actor="job:x", state=RunState.RUNNING, due_at=at, beat_at=at)
    assert work_once(now=at + timedelta(seconds=60)) is None
    assert work_once(now=at + timedelta(minutes=2)).result["delivered"] == 1


def test_a_test_that_kills_each_worker_is_not_sent_for_ever(cast, clock):
    row = make_test(cast)
    for _ in range(2):
        assert claim(clock())
        clock.move(minutes=3)
    assert deliveries_send(clock=clock) == {"failed": 1}
    row.refresh_from_db()
    assert (row.problem, row.attempts) == ("connection_lost", 3)


def test_what_may_no_longer_be_seen_leaves_no_pause_behind(cast, receiver, clock, monkeypatch):
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    happen(cast, "First")
    happenings_collect(now=NOON)
    with monkeypatch.context() as patched:
        patched.setattr(module, "places_of", lambda *_args: frozenset())
        assert deliveries_send(clock=clock) == {"withheld": 1}
    happen(cast, "Second")
    assert told(clock) == {"delivered": 1}
    webhook.refresh_from_db()
    assert (webhook.next_try_at, webhook.failing_since) == (None, None)
