"""Where Django's own mail goes when nothing is sent: into the outbox, beside ours."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from samsyn.access.account_mail import operator_for
from samsyn.access.actor import job_actor
from samsyn.messages.models import MessageKind, new_key
from samsyn.messages.services import Draft, message_enqueue

log = logging.getLogger("samsyn.messages")


class OutboxBackend(BaseEmailBackend):
    """Keeps a mail as a message of the operator's, instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once for each receiver; return how many mails were kept."""
        kept = 0
        for mail in email_messages:
            done = [self.keep(mail, parseaddr(address)[1]) for address in mail.recipients()]
            kept += all(done)
        return kept

    def keep(self, mail: EmailMessage, address: str) -> bool:
        """Write one mail to one receiver into the outbox of the operator that it comes from.

        Returns whether it was: not before there is an operator.
        """
        operator = operator_for(address)
        if operator is None:
            log.warning("mail is not kept: there is no operator yet")
            return False
        html = [str(a[0]) for a in getattr(mail, "alternatives", []) if a[1] == "text/html"]
        key = new_key()
        known = dict(settings.LANGUAGES)
        language = get_language() or ""
        message_enqueue(
            actor=job_actor("mail.keep"),
            organisation=operator,
            operator=operator,
            draft=Draft(
                kind=MessageKind.ACCOUNT,
                to=address,
                language=language if language in known else settings.DEFAULT_LANGUAGE,
                subject=str(mail.subject),
                text=str(mail.body),
                html="".join(html),
            ),
            dedupe_key=f"django:{key}",
            key=key,
        )
        return True
