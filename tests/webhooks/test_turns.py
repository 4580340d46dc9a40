"""Slow receivers cost the webhooks of other organisations little."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.outgoing import OutgoingAnswer
from samsyn.webhooks import delivery as module
from samsyn.webhooks import rules
from samsyn.webhooks.services import webhook_test
from tests.cast import NOON
from tests.webhooks.builders import SUPPLIERS, Clock, happen, make_webhook, rows_of, told

pytestmark = pytest.mark.django_db


class Ticking(Clock):
    """A clock that never shows the same twice."""

    def __call__(self):
        self.move(milliseconds=1)
        return self.now

    def seconds(self):
        return self.now.timestamp()


def several(cast, receiver, path, *, events):
    """Add five webhooks of Fjellvik's and one of the operator's, and let things happen."""
    for number in range(5):
        make_webhook(cast, name=f"{number}", address=receiver.url(path), kinds=SUPPLIERS)
    other = make_webhook(
        cast, by="henrik", address=receiver.url("/other"), kinds=SUPPLIERS, covers="all"
    )
    for number in range(events):
        happen(cast, f"Supplier {number}")
    return other


def test_organisations_take_turns_however_many_webhooks_one_has(cast, receiver):
    several(cast, receiver, "/one", events=3)
    assert told(Ticking()) == {"delivered": 18}
    assert [came.path for came in receiver.received][:6] == ["/one", "/other"] * 3


def test_an_organisation_that_has_had_its_seconds_waits_for_the_next_round(
    cast, receiver, monkeypatch
):
    other = several(cast, receiver, "/slow", events=12)
    clock, asked = Ticking(), []

    def post(address, **_more):
        asked.append(address.rpartition("/")[2])
        clock.move(seconds=9.9 if address.endswith("/slow") else 0.1)
        return OutgoingAnswer(200)

    monkeypatch.setattr(module, "post", post)
    monkeypatch.setattr(module, "monotonic", clock.seconds)
    told(clock)
    assert asked.count("slow") == 2
    assert {row.state for row in rows_of(other)} == {"delivered"}
    told(clock)
    assert asked.count("slow") == 4


def test_one_that_accepts_slowly_rests_before_its_next_and_does_not_count_as_failing(
    cast, receiver, monkeypatch
):
    monkeypatch.setattr(rules, "SLOW", timedelta(seconds=0.2))
    clock = Clock()
    webhook = make_webhook(cast, address=receiver.url("/slow"), kinds=SUPPLIERS)
    happen(cast, "First")
    happen(cast, "Second")
    assert told(clock) == {"delivered": 1}
    webhook.refresh_from_db()
    assert webhook.next_try_at >= NOON + timedelta(seconds=1.5)
    assert webhook.failing_since is None
    assert told(clock) == {}
    clock.move(seconds=10)
    assert told(clock) == {"delivered": 1}


def test_a_webhook_is_tested_five_times_in_ten_minutes_and_again_after_them(cast, receiver):
    clock = Clock()
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)

    def tested():
        webhook_test(actor=cast.ingvild, webhook=webhook, now=clock.now)
        return told(clock)

    for _ in range(5):
        assert tested() == {"delivered": 1}
        clock.move(minutes=1)
    with pytest.raises(RuleViolation, match="five times in ten minutes"):
        tested()
    another = make_webhook(cast, name="Another", address=receiver.url(), kinds=SUPPLIERS)
    webhook_test(actor=cast.ingvild, webhook=another, now=clock.now)
    clock.move(minutes=5)
    assert tested() == {"delivered": 2}
