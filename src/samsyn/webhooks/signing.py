"""The secrets of a webhook: made here, kept encrypted, opened only to sign."""

from __future__ import annotations

import secrets
from datetime import datetime

from samsyn.messages.sealing import seal_text, unseal_text
from samsyn.webhooks.models import Webhook
from samsyn.webhooks.rules import BOTH_SECRETS, SECRET_BYTES, secret_text


def secret_make() -> str:
    """Return a new secret."""
    return secret_text(secrets.token_bytes(SECRET_BYTES))


def secret_give(webhook: Webhook, now: datetime) -> str:
    """Give a webhook a new secret and return it; the one before signs for another day as well."""
    secret = secret_make()
    if webhook.sealed:
        webhook.sealed_before, webhook.both_until = webhook.sealed, now + BOTH_SECRETS
    webhook.sealed = seal_text(secret)
    return secret


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """Return the secrets in force, the newest first.

    Raises:
        ValueError: they were encrypted under another key of the installation.

    """
    found = [unseal_text(webhook.sealed)]
    if webhook.both_until is not None and now < webhook.both_until:
        found.append(unseal_text(webhook.sealed_before))
    return found
