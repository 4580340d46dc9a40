"""Two workers side by side, on a database that lets them: nothing goes twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from samsyn.access.selectors import actor_of
from samsyn.findings.models import Finding
from samsyn.findings.telling import finding_tell
from samsyn.messages.delivery import messages_deliver
from samsyn.messages.models import Message
from tests.cast import NOON, make_cast, make_finding
from tests.messages.builders import enqueue_many

pytestmark = [
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"
    ),
    pytest.mark.django_db(transaction=True),
]


def side_by_side(*works):
    """Run the works at the same time; return what each returned."""
    results, start = [], threading.Barrier(len(works))

    def run(work):
        try:
            start.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_two_workers_share_the_messages(smtp):
    enqueue_many(make_cast(), 40)
    results = side_by_side(
        lambda: messages_deliver(clock=lambda: NOON), lambda: messages_deliver(clock=lambda: NOON)
    )
    assert sum(result.get("sent", 0) for result in results) == 40
    assert len(smtp.mails) == len({mail["Message-ID"] for mail in smtp.mails}) == 40


def test_two_rounds_of_telling_write_each_letter_once():
    cast = make_cast()
    for number in range(20):
        make_finding(cast.fjellvik, subject=f"198.18.0.{number}")
        make_finding(cast.elvdal, subject=f"198.18.5.{number}", operated_by=cast.fjellvik)
    astrid = actor_of(cast.people["astrid"])

    def tell():
        return finding_tell(actor=astrid, operator=cast.samvakt, now=NOON)

    results = side_by_side(tell, tell, tell)
    assert sorted(result.findings for result in results) == [0, 0, 40]
    assert Message.unscoped.count() == 2
    assert Finding.unscoped.filter(told_at__isnull=True).count() == 0
