"""A message as mail: two parts, perhaps a file, and headers that say what it is and who answers."""

from __future__ import annotations

from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from samsyn.messages.models import Message
from samsyn.messages.rules import clean_line
from samsyn.messages.sealing import Body, unseal


def sender_address() -> str:
    """Return the bare address that this installation sends from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def message_id(message: Message) -> str:
    """Return the Message-ID: the same however often the message is tried."""
    return f"<{message.key}@{_domain()}>"


def as_mail(message: Message) -> EmailMultiAlternatives:
    """Return the message as Django sends it.

    Source: RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), RFC 5322 (Date, Message-ID).
    X-Auto-Response-Suppress keeps Exchange from answering that somebody is away.

    Raises:
        ValueError: its links cannot be unsealed: the installation's secret has changed.

    """
    body = unseal(Body(message.text, message.html, message.sealed))
    name = clean_line(message.operator.name, longest=80)
    mail = EmailMultiAlternatives(
        subject=clean_line(message.subject),
        body=body.text,
        from_email=formataddr((name, sender_address())),
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": message_id(message),
            "Date": format_datetime(message.created_at),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "List-Id": f"<{message.kind}.samsyn.{_domain()}>",
            "Content-Language": message.language,
        },
    )
    if body.html:
        mail.attach_alternative(body.html, "text/html")
    if message.file_text:
        mail.attach(clean_line(message.file_name), "\ufeff" + message.file_text, "text/csv")
    return mail


def _domain() -> str:
    return sender_address().rpartition("@")[2] or "localhost"
