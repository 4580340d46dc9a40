"""Sends messages that are due: many on one connection, each leased by one worker.

A message is leased before it is sent, in a transaction of its own, and what became of
it is written at once. A worker that is killed loses its lease after five minutes and the
message is tried again under the same Message-ID: see README.md for the window this leaves.
"""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import BadHeaderError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from samsyn.messages.mail import as_mail, message_id
from samsyn.messages.models import LETTERS, Message, MessageState, Problem
from samsyn.messages.rules import (
    LEASE,
    PAUSES,
    blocks_address,
    clean_line,
    is_permanent,
    next_try,
)

CLOSING = 421  # RFC 5321, 4.2.3: the server closes the connection after this answer
log = logging.getLogger("samsyn.messages")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """Why a message was not sent: whether for good, and whether the connection is gone too."""

    problem: Problem
    code: int = 0
    is_final: bool = False
    is_offline: bool = False  # nothing more can be sent in this round


def messages_deliver(
    *,
    clock: Clock = timezone.now,
    progress: Callable[[str, int, int], None] | None = None,
    kind: str = "",
) -> dict[str, int]:
    """Send every message that is due, or those of one kind; return how many ended in which state.

    Safe to run beside itself and to be killed anywhere. A server that cannot be reached ends
    the round: the rest waits for the next minute.
    """
    done: Counter[str] = Counter()
    if not settings.SENDS_MAIL:
        return {}
    session = SmtpSession()
    try:
        while (message := claim(clock(), kind)) is not None:
            failure = session.send(message)
            done[settle(message, failure, clock())] += 1
            if progress:
                progress(gettext_noop("sending"), done.total(), 0)
            if failure and failure.is_offline:
                break
    finally:
        session.close()
    return dict(done)


def claim(now: datetime, kind: str = "") -> Message | None:
    """Return the next message that is due, leased to the caller for five minutes."""
    with transaction.atomic():
        rows = Message.unscoped.filter(_is_due(now))  # scope: the worker sends for everybody
        if kind:
            rows = rows.filter(kind=kind)
        rows = rows.order_by("next_try_at", "pk")
        rows = rows.select_related("operator")
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        message = rows.first()
        if message is None:
            return None
        message.state, message.lease = MessageState.SENDING, uuid4().hex
        message.leased_until = now + LEASE
        message.attempts += 1
        message.message_id = message_id(message)
        message.save(update_fields=["state", "lease", "leased_until", "attempts", "message_id"])
    return message


def _is_due(now: datetime) -> Q:
    """Return what is due; a time further away than any pause is from before a clock's jump."""
    waits = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + max(PAUSES) * 2)
    leased = Q(leased_until__lte=now) | Q(leased_until__gt=now + LEASE * 2)
    return Q(state=MessageState.WAITING) & waits | Q(state=MessageState.SENDING) & leased


def settle(message: Message, failure: DeliveryFailure | None, now: datetime) -> str:
    """Write what became of a leased message and return its state.

    Nothing is written when the lease has gone to another worker meanwhile.
    """
    found = _outcome(message, failure, now)
    leased = Message.unscoped.filter(pk=message.pk, lease=message.lease)  # scope: the worker's
    rows = leased.filter(state=MessageState.SENDING)
    if not rows.update(lease="", leased_until=None, **found):
        log.warning("message %s: the lease was lost before the outcome was known", message.pk)
    return str(found["state"])


def _outcome(message: Message, failure: DeliveryFailure | None, now: datetime) -> dict[str, object]:
    if failure is None:
        return {
            "state": MessageState.SENT,
            "sent_at": now,
            "sealed": "",
            "problem": "",
            "problem_code": 0,
        }
    again = None if failure.is_final else next_try(message.attempts, now)
    state = MessageState.FAILED if failure.is_final else MessageState.GIVEN_UP
    ended = MessageState.WAITING if again else state
    is_letter = message.kind in LETTERS
    return {
        "state": ended,
        "blocks_address": is_letter and blocks_address(ended, failure.problem),
        "next_try_at": again,
        "problem": failure.problem,
        "problem_code": failure.code,
    }


class SmtpSession:
    """One connection to the mail server, opened when first needed and again after it broke."""

    def __init__(self) -> None:
        self.backend = EmailBackend()

    def send(self, message: Message) -> DeliveryFailure | None:
        """Hand a message over; return what went wrong, or None."""
        try:
            mail = as_mail(message)
            mail.message()
        except (BadHeaderError, ValueError, UnicodeError):
            return DeliveryFailure(Problem.UNREADABLE, is_final=True)
        return self._open() or self._hand_over(mail)

    def _open(self) -> DeliveryFailure | None:
        try:
            self.backend.open()
        except smtplib.SMTPAuthenticationError as error:
            return DeliveryFailure(Problem.SIGN_IN_REFUSED, error.smtp_code, is_offline=True)
        except (OSError, smtplib.SMTPException):  # SMTPException is an OSError; said for the reader
            return DeliveryFailure(Problem.NO_CONNECTION, is_offline=True)
        return None

    def _hand_over(self, mail: EmailMessage) -> DeliveryFailure | None:
        try:
            self.backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return self._refused(Problem.RECIPIENT_REFUSED, code, is_final=is_permanent(code))
        except smtplib.SMTPSenderRefused as error:
            # Our own address is refused: a setting to mend, so the message is not lost.
            return self._refused(Problem.SENDER_REFUSED, error.smtp_code, is_final=False)
        except smtplib.SMTPResponseException as error:
            code = error.smtp_code
            return self._refused(Problem.CONTENT_REFUSED, code, is_final=is_permanent(code))
        except (OSError, smtplib.SMTPException):
            self.close()
            return DeliveryFailure(Problem.CONNECTION_LOST)
        return None

    def _refused(self, problem: Problem, code: int, *, is_final: bool) -> DeliveryFailure:
        if code == CLOSING:
            self.close()
        return DeliveryFailure(problem, code, is_final=is_final)

    def close(self) -> None:
        """Say goodbye, also to a server that is no longer there."""
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException) as error:
            log.info("closing the connection: %s", clean_line(type(error).__name__))
        self.backend.connection = None
