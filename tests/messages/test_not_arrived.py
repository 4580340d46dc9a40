"""Messages that were refused or came back, and the addresses that get no more letters."""

from __future__ import annotations

import pytest

from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.messages.delivery import messages_deliver
from samsyn.messages.models import Message
from samsyn.messages.selectors import UNREACHED, blocked_addresses, message_list
from samsyn.messages.services import (
    message_address_restore,
    message_resend,
    message_return,
)
from tests.cast import NOON
from tests.messages.builders import enqueue

pytestmark = pytest.mark.django_db
ADDRESS = "drift@fjellvik.example"


def sent(cast, **changes):
    message = enqueue(cast, **changes)
    Message.unscoped.update(state="sent", sent_at=NOON)
    message.refresh_from_db()
    return message


def test_a_letter_that_came_back_keeps_others_from_its_address(cast):
    message_return(actor=cast.astrid, message=sent(cast))
    message = Message.unscoped.get()
    assert (message.state, message.problem, message.sent_at) == ("returned", "returned", NOON)
    assert blocked_addresses() == {ADDRESS}
    assert list(message_list(actor=cast.astrid, state=UNREACHED)) == [message]


def test_mail_about_an_account_that_came_back_stops_no_letters(cast):
    message_return(actor=cast.astrid, message=sent(cast, kind="account"))
    assert blocked_addresses() == frozenset()


@pytest.mark.parametrize("state", ["waiting", "kept", "failed", "returned"])
def test_only_what_was_sent_can_come_back(cast, state):
    message = sent(cast)
    message.state = state
    with pytest.raises(RuleViolation):
        message_return(actor=cast.astrid, message=message)


def test_an_address_is_used_again_when_somebody_says_so(cast):
    message = message_return(actor=cast.astrid, message=sent(cast))
    message_address_restore(actor=cast.astrid, message=message)
    assert blocked_addresses() == frozenset()
    with pytest.raises(RuleViolation):
        message_address_restore(actor=cast.astrid, message=message)


def test_who_may_not_send_says_nothing_of_letters(cast):
    message = sent(cast)
    for service in (message_return, message_address_restore):
        with pytest.raises(NotAllowed):
            service(actor=cast.ingvild, message=message)


@pytest.mark.parametrize(
    ("reply", "kind", "blocked"),
    [("550 no such user", "digest", 1), ("550 no", "account", 0), ("450 later", "digest", 0)],
)
def test_a_refusal_for_good_stops_further_letters(cast, smtp, reply, kind, blocked):
    enqueue(cast, kind=kind)
    smtp.to_rcpt.append(reply)
    messages_deliver(clock=lambda: NOON)
    assert len(blocked_addresses()) == blocked


def test_sending_a_refused_letter_again_uses_the_address_again(cast, settings):
    settings.SENDS_MAIL = True
    message = enqueue(cast)
    message.state, message.blocks_address = "failed", True
    message.save()
    message_resend(actor=cast.astrid, message=message, now=NOON)
    assert blocked_addresses() == frozenset()
