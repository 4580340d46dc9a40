"""How a webhook is signed, when it is tried again, and what an answer means."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

PREFIX = "whsec_"
SECRET_BYTES = 32
BOTH_SECRETS = timedelta(hours=24)
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),  # and so on
)
PAUSE_MOST = timedelta(hours=24)
FAILING_MOST = timedelta(days=5)
LEASE = timedelta(minutes=2)  # a try takes ten seconds; after a kill its delivery waits so long
SLOW = timedelta(seconds=2)
RESTS = 5  # times as long as a slow receiver took
TESTS_MOST, TESTS_WITHIN = 5, timedelta(minutes=10)
TEST_TRIES = 2  # one more if its worker was killed
KEPT = timedelta(days=30)
DELIVERED = range(200, 300)
GONE = 410


class Outcome(StrEnum):
    """What an answer means."""

    DELIVERED = "delivered"
    AGAIN = "again"
    GONE = "gone"


def outcome_of(status: int) -> Outcome:
    """Return what the status of an answer means; 0 stands for no answer.

    A redirect is no delivery: nothing is sent on to an address that nobody has chosen.

    Source:
        Standard Webhooks 1.0, "Operational considerations": 2xx is success, 410 means that
        nothing more is to be sent, all else is tried again.

    Example:
        >>> [outcome_of(status).value for status in (204, 302, 410, 503, 0)]
        ['delivered', 'again', 'gone', 'again', 'again']

    """
    if status in DELIVERED:
        return Outcome.DELIVERED
    return Outcome.GONE if status == GONE else Outcome.AGAIN


def next_try(attempts: int, now: datetime, *, retry_after: str = "") -> datetime:
    """Return when to try again.

    Args:
        attempts: how often it has been tried, 1 or more.
        now: the moment of the last try, with a time zone.
        retry_after: what the receiver asks for; it makes a pause longer, never shorter, and
            none longer than a day.

    Source:
        Standard Webhooks 1.0: the pauses of its table, to which 20 hours are added.

    """
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    asked = retry_after_read(retry_after, now)
    return now + min(max(pause, asked), PAUSE_MOST)


def rest_after(milliseconds: int) -> timedelta:
    """Return how long a receiver rests that has accepted an event, before its next.

    Args:
        milliseconds: that it took; one that takes ten seconds for each event would else have
            the worker for itself.

    Source:
        Our own rule.

    Example:
        >>> [rest_after(taken).total_seconds() for taken in (300, 9900)]
        [0.0, 49.5]

    """
    taken = timedelta(milliseconds=milliseconds)
    return RESTS * taken if taken > SLOW else timedelta()


def retry_after_read(text: str, now: datetime) -> timedelta:
    """Return how long a receiver asks to wait; nothing where it does not say so clearly.

    Args:
        text: seconds, or a moment as HTTP writes it.
        now: with a time zone.

    Source:
        RFC 9110 10.2.3.

    Example:
        >>> retry_after_read("120", datetime(2026, 3, 2)).total_seconds()
        120.0

    """
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), PAUSE_MOST.total_seconds()))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return timedelta()


def is_over(failing_since: datetime | None, now: datetime) -> bool:
    """Return whether a receiver has failed for so long that nothing more is sent to it.

    Source:
        Standard Webhooks 1.0 advises to disable an endpoint that fails for days; five are ours.

    """
    return failing_since is not None and now - failing_since >= FAILING_MOST


def secret_text(key: bytes) -> str:
    """Return a secret as people copy it.

    Source:
        Standard Webhooks 1.0, "Secret serialization".

    """
    return PREFIX + base64.b64encode(key).decode()


def signature(secret: str, *, key: str, at: int, body: bytes) -> str:
    """Return the signature of one try.

    Args:
        secret: as ``secret_text`` writes it.
        key: the id that is sent in webhook-id.
        at: seconds since 1970, as sent in webhook-timestamp.
        body: as it is sent.

    Source:
        Standard Webhooks 1.0, "Signature scheme": HMAC-SHA256 over ``id.timestamp.body``. The
        example is the one of its reference libraries' tests.

    Example:
        >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ...     key="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=b'{"test": 2432232314}')
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

    """
    signed = b"%s.%d.%s" % (key.encode(), at, body)
    code = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(code).decode()}"


def headers(secrets: Iterable[str], *, key: str, at: int, body: bytes) -> dict[str, str]:
    """Return the headers of one try, signed with each of the secrets in force.

    Source:
        Standard Webhooks 1.0, "Webhook headers (sending metadata to consumers)": signatures are
        separated by blanks.

    """
    signatures = (signature(secret, key=key, at=at, body=body) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Samsyn-Webhooks/1",
        "webhook-id": key,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }
