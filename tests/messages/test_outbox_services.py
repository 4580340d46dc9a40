"""Putting messages in the outbox."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives

from samsyn.audit.models import Entry
from samsyn.kernel.errors import Conflict, NotAllowed, RuleViolation
from samsyn.messages.backends import OutboxBackend
from samsyn.messages.models import Message
from samsyn.messages.selectors import may_read, message_list
from samsyn.messages.services import message_enqueue, message_resend
from tests.cast import NOON
from tests.messages.builders import DRAFT, enqueue

pytestmark = pytest.mark.django_db


def test_a_message_waits_where_mail_is_sent(cast, settings):
    settings.SENDS_MAIL = True
    message = enqueue(cast)
    assert (message.state, message.next_try_at) == ("waiting", NOON)


def test_a_message_is_kept_where_nothing_is_sent(cast, settings):
    settings.SENDS_MAIL = False
    assert enqueue(cast).state == "kept"


def test_the_same_message_twice_is_refused(cast):
    enqueue(cast, dedupe_key="once")
    with pytest.raises(Conflict):
        enqueue(cast, dedupe_key="once")
    assert Message.unscoped.count() == 1


def test_an_address_that_is_none_is_refused(cast):
    with pytest.raises(RuleViolation):
        enqueue(cast, to="drift@fjellvik.example\r\nBcc: all@elvdal.example")


def test_an_analyst_who_is_not_assigned_may_not_write_to_a_member(cast):
    with pytest.raises(NotAllowed):
        message_enqueue(
            actor=cast.albin,
            organisation=cast.fjellvik,
            operator=cast.samvakt,
            draft=DRAFT,
            dedupe_key="x",
        )


def test_the_trail_does_not_hold_the_text(cast):
    enqueue(cast)
    entry = Entry.objects.get(action="messages.message_enqueue")
    assert DRAFT.text not in str(entry.changes)
    assert "drift@fjellvik.example" in str(entry.changes)


def test_only_those_assigned_to_the_member_see_its_mail(cast):
    enqueue(cast)
    assert message_list(actor=cast.astrid).count() == 1
    assert message_list(actor=cast.albin).count() == 0
    assert message_list(actor=cast.ingvild).count() == 0


def test_a_refused_message_can_be_sent_again(cast, settings):
    settings.SENDS_MAIL = True
    message = enqueue(cast)
    Message.unscoped.update(state="failed", attempts=1, next_try_at=None)
    message.refresh_from_db()
    message_resend(actor=cast.astrid, message=message, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.next_try_at) == ("waiting", 0, NOON)


def test_a_message_that_arrived_is_not_sent_again(cast, settings):
    settings.SENDS_MAIL = True
    message = enqueue(cast)
    with pytest.raises(RuleViolation):
        message_resend(actor=cast.astrid, message=message)


def test_mail_of_django_lands_in_the_outbox_for_those_who_manage_people(cast):
    mail = EmailMultiAlternatives(
        "Choose a password", "The link", to=["Liv <liv@fjellvik.example>"]
    )
    assert OutboxBackend().send_messages([mail]) == 1
    message = Message.unscoped.get()
    assert (message.kind, message.state, message.to) == ("account", "kept", "liv@fjellvik.example")
    assert may_read(actor=cast.henrik, message=message)
    assert not may_read(actor=cast.astrid, message=message)


def test_mail_of_django_is_not_kept_without_an_operator(db):
    assert (
        OutboxBackend().send_messages([EmailMultiAlternatives("s", "t", to=["a@b.example"])]) == 0
    )
