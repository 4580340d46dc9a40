"""Delivering what waits, to a real mail server on this machine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.messages.delivery import claim, messages_deliver, settle
from samsyn.messages.models import Message
from tests.cast import NOON
from tests.messages.builders import enqueue, enqueue_many

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def deliver(at=NOON):
    return messages_deliver(clock=lambda: at)


def test_a_message_arrives_with_both_parts(cast, smtp):
    message = enqueue(cast)
    assert deliver() == {"sent": 1}
    (mail,) = smtp.mails
    assert mail["To"] == "drift@fjellvik.example"
    assert mail["Subject"] == "3 nye funn hos Fjellvik"
    assert mail.get_body(("plain",)).get_content().startswith("Hei,")
    assert "ÆØÅ" in mail.get_body(("html",)).get_content()
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("sent", NOON, 1)


def test_its_headers_say_that_a_machine_wrote_and_who_answers(cast, smtp):
    message = enqueue(cast)
    deliver()
    (mail,) = smtp.mails
    assert mail["From"] == "Samvakt <samsyn@samvakt.example>"
    assert mail["Reply-To"] == "vakt@samvakt.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<digest.samsyn.samvakt.example>"
    assert mail["Message-ID"] == f"<{message.key}@samvakt.example>"
    assert mail["Date"].datetime == NOON
    assert mail["Content-Language"] == "nb"


def test_a_name_with_line_breaks_adds_no_header(cast, smtp):
    cast.samvakt.name = "Samvakt\r\nBcc: all@elvdal.example"
    cast.samvakt.save()
    enqueue(cast, subject="Funn\r\nBcc: all@elvdal.example\u202e\u0000 slutt")
    deliver()
    (mail,) = smtp.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Funn Bcc: all@elvdal.example slutt"
    assert mail["From"] == '"Samvakt Bcc: all@elvdal.example" <samsyn@samvakt.example>'


def test_sent_once_is_never_sent_again(cast, smtp):
    enqueue(cast)
    deliver()
    assert deliver(NOON + timedelta(days=1)) == {}
    assert len(smtp.mails) == 1


def test_a_passing_refusal_is_tried_again_after_a_minute(cast, smtp):
    message = enqueue(cast)
    smtp.to_rcpt.append("451 greylisted, password=hunter2")
    assert deliver() == {"waiting": 1}
    message.refresh_from_db()
    assert (message.problem, message.problem_code) == ("recipient_refused", 451)
    assert "hunter2" not in str(vars(message))
    assert deliver(NOON + timedelta(seconds=59)) == {}
    assert deliver(NOON + MINUTE) == {"sent": 1}
    message.refresh_from_db()
    assert (message.state, message.problem, message.attempts) == ("sent", "", 2)


def test_a_lasting_refusal_is_not_tried_again(cast, smtp):
    message = enqueue(cast)
    smtp.to_rcpt.append("550 no such user")
    assert deliver() == {"failed": 1}
    assert deliver(NOON + timedelta(days=2)) == {}
    message.refresh_from_db()
    assert (message.state, message.problem, message.problem_code) == (
        "failed",
        "recipient_refused",
        550,
    )


def test_a_refused_text_is_told_from_a_refused_address(cast, smtp):
    message = enqueue(cast)
    smtp.to_data.append("554 looks like spam")
    deliver()
    message.refresh_from_db()
    assert (message.state, message.problem) == ("failed", "content_refused")


def test_one_refusal_does_not_stop_the_others(cast, smtp):
    for number in range(3):
        enqueue(cast, dedupe_key=str(number))
    smtp.to_rcpt.extend(["250 OK", "550 no", "250 OK"])
    assert deliver() == {"sent": 2, "failed": 1}
    assert smtp.connections == 1


def test_a_connection_lost_half_way_is_opened_again_for_the_next(cast, smtp):
    first = enqueue(cast, dedupe_key="1")
    enqueue(cast, dedupe_key="2")
    smtp.to_data.append("hang up")
    assert deliver() == {"waiting": 1, "sent": 1}
    first.refresh_from_db()
    assert first.problem == "connection_lost"
    assert deliver(NOON + MINUTE) == {"sent": 1}
    assert len(smtp.mails) == 2


def test_an_unreachable_server_ends_the_round_and_loses_nothing(cast, smtp, settings):
    settings.EMAIL_PORT = 9  # discard: nothing listens there
    for number in range(3):
        enqueue(cast, dedupe_key=str(number))
    assert deliver() == {"waiting": 1}
    assert Message.unscoped.filter(state="waiting").count() == 3


def test_it_is_given_up_after_a_day_and_more_of_tries(cast, smtp):
    message = enqueue(cast)
    at = NOON
    for _ in range(8):
        smtp.to_rcpt.append("450 busy")
        deliver(at)
        message.refresh_from_db()
        at = message.next_try_at or at
    assert (message.state, message.attempts) == ("given_up", 8)
    assert at - NOON > timedelta(days=1)


def test_three_hundred_messages_go_over_one_connection(cast, smtp):
    enqueue_many(cast, 300)
    assert deliver() == {"sent": 300}
    assert smtp.connections == 1
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 300


def test_a_leased_message_is_not_given_to_a_second_worker(cast, smtp):
    enqueue(cast)
    assert claim(NOON) is not None
    assert claim(NOON) is None


def test_after_a_kill_it_is_sent_again_under_the_same_message_id(cast, smtp):
    message = enqueue(cast)
    killed = claim(NOON)  # and the worker is gone
    assert deliver(NOON + timedelta(minutes=4)) == {}
    assert deliver(NOON + timedelta(minutes=5)) == {"sent": 1}
    assert smtp.mails[0]["Message-ID"] == killed.message_id
    message.refresh_from_db()
    assert message.attempts == 2


def test_a_worker_that_lost_its_lease_writes_nothing(cast, smtp):
    message = enqueue(cast)
    slow = claim(NOON)
    quick = claim(NOON + timedelta(minutes=6))
    settle(quick, None, NOON + timedelta(minutes=6))
    settle(slow, None, NOON + timedelta(minutes=7))
    message.refresh_from_db()
    assert message.sent_at == NOON + timedelta(minutes=6)


def test_nothing_leaves_where_nothing_is_sent(cast, smtp, settings):
    enqueue(cast)
    settings.SENDS_MAIL = False
    assert deliver() == {}
    assert smtp.mails == []
