"""Links in a message are kept apart from its text, encrypted, until it has been sent.

Whoever reads the outbox, an export or the database sees that there is a link, not where it leads:
it is the receiver's key. The key of the encryption is worked out from the installation's secret,
which is not in the database.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from samsyn.kernel.secret_links import masked, secrets_in, unmasked


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says, as text and as a page; ``sealed`` holds the links it lacks."""

    text: str
    html: str
    sealed: str = ""


def seal(text: str, html: str) -> Body:
    """Return a body whose links open nothing, with the links sealed."""
    links = [secrets_in(text), secrets_in(html)]
    if not any(links):
        return Body(text, html)
    token = _cipher().encrypt(json.dumps(links).encode()).decode()
    return Body(masked(text), masked(html), token)


def unseal(body: Body) -> Body:
    """Return the body as it was written.

    Raises:
        ValueError: it was sealed under another secret, or has been altered.

    """
    if not body.sealed:
        return body
    try:
        in_text, in_html = json.loads(_cipher().decrypt(body.sealed.encode()))
    except InvalidToken as error:
        raise ValueError("the links were sealed under another secret") from error
    return Body(unmasked(body.text, in_text), unmasked(body.html, in_html))


def text_seal(text: str) -> str:
    """Return a text encrypted, to be kept where others could read it."""
    return _cipher().encrypt(text.encode()).decode()


def text_unseal(sealed: str) -> str:
    """Return what was sealed; nothing if that was under another secret."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _cipher() -> Fernet:
    secret = f"samsyn.messages.sealing:{settings.SECRET_KEY}".encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))
