"""Where Django's own mail goes when nothing is sent: into the outbox, beside ours."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from samsyn.access.actor import job_actor
from samsyn.access.rows import beyond_scope
from samsyn.messages.models import Kind, new_key
from samsyn.messages.services import Draft, message_enqueue

log = logging.getLogger("samsyn.messages")


class OutboxBackend(BaseEmailBackend):
    """Keeps a mail as a message of the operator's, instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once for each receiver; return how many mails were kept."""
        operator = self.operator()
        if operator is None:
            log.warning("mail is not kept: there is no operator yet")
            return 0
        for mail in email_messages:
            for address in mail.recipients():
                self.keep(mail, address, operator)
        return len(email_messages)

    @beyond_scope("mail about an account goes out before anybody is known")
    def operator(self) -> Any:
        """Return the installation's operator; its administrators read such mail."""
        organisation = apps.get_model("organisations", "Organisation")
        organisations = organisation.everything  # scope: nobody is known yet
        return organisations.filter(kind="operator").order_by("pk").first()

    def keep(self, mail: EmailMessage, address: str, operator: Any) -> None:
        """Write one mail to one receiver into the outbox."""
        html = [str(a[0]) for a in getattr(mail, "alternatives", []) if a[1] == "text/html"]
        key = new_key()
        known = dict(settings.LANGUAGES)
        language = get_language() or ""
        message_enqueue(
            actor=job_actor("mail.keep"),
            organisation=operator,
            operator=operator,
            draft=Draft(
                kind=Kind.ACCOUNT,
                to=parseaddr(address)[1],
                language=language if language in known else settings.DEFAULT_LANGUAGE,
                subject=str(mail.subject),
                text=str(mail.body),
                html="".join(html),
            ),
            dedupe_key=f"django:{key}",
            key=key,
        )
