"""How often somebody may try to sign in with a password, so that guessing is slow and ends.

A limit on an account alone lets a stranger lock its owner out: failing is enough. Attempts are
therefore counted by account *and* place. What all strangers together may try on one account is
limited too, but that limit leaves ways for the owner:

* a device on which the person has signed in before has a count of its own, by a signed cookie;
* a passkey and the organisation's own service need no password and are not counted here;
* a new password by mail signs in, and makes the device known;
* a place from which nobody has failed has a wider limit, so few strangers cannot use it up.

Every count begins anew with its window, and what is refused is not counted, so no limit lasts
longer because somebody goes on trying.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from samsyn.access.http import client_place
from samsyn.access.models import Person
from samsyn.access.pace import count

DEVICE_KNOWN = timedelta(days=180)
SALT = "samsyn.access.device"
COOKIE = f"{settings.PATH_COOKIE_PREFIX}samsyn_device_%d"
COOKIE_PATH = "/accounts/"
FEW_MINUTES, HOUR = 300, 3600
DEVICE_MOST = 10  # in five minutes, from a device that is known
ACCOUNT_HERE_MOST = 5  # in five minutes, on one account from one place
PLACE_MOST = 100  # in an hour, from one place on all accounts
STRANGERS_MOST = 50  # in an hour, on one account from all places where somebody has failed
FRESH_MOST = 300  # in an hour, on one account from places where nobody has failed yet


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """One count, and how much it may be."""

    what: str
    most: int
    seconds: int


class Attempt:
    """One attempt to sign in with a password: which limits it meets."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        account = email.strip().lower()
        device = known_device(request, account)
        self.limits = tuple(
            [AttemptLimit(f"sign-in:device:{device}", DEVICE_MOST, FEW_MINUTES)]
            if device
            else _of_a_stranger(account, client_place(request))
        )

    def wait(self) -> int:
        """Return the longest window, in seconds, of the limits that are reached; 0 if none is."""
        reached = (
            limit.seconds
            for limit in self.limits
            if count(limit.what, add=0, seconds=limit.seconds) >= limit.most
        )
        return max(reached, default=0)

    def count(self, add: int = 1) -> None:
        """Count the attempt, or with -1 take it back: who came in has not failed."""
        for limit in self.limits:
            count(limit.what, add=add, seconds=limit.seconds)


def _of_a_stranger(account: str, place: str) -> Iterator[AttemptLimit]:
    seen = f"sign-in:seen:{account}:{place}"
    has_failed = count(seen, add=0, seconds=HOUR) > 0
    yield AttemptLimit(f"sign-in:here:{account}:{place}", ACCOUNT_HERE_MOST, FEW_MINUTES)
    yield AttemptLimit(f"sign-in:place:{place}", PLACE_MOST, HOUR)
    yield AttemptLimit(seen, PLACE_MOST, HOUR)
    if has_failed:
        yield AttemptLimit(f"sign-in:account:{account}", STRANGERS_MOST, HOUR)
    else:
        yield AttemptLimit(f"sign-in:fresh:{account}", FRESH_MOST, HOUR)


def known_device(request: HttpRequest, account: str) -> str:
    """Return the name of this device if the account's person has signed in on it before."""
    person = Person.objects.filter(email__iexact=account, is_active=True).first()
    if person is None:
        return ""
    try:
        kept = _signer().unsign(request.COOKIES.get(COOKIE % person.pk, ""), max_age=DEVICE_KNOWN)
    except BadSignature:
        return ""
    return kept if kept.partition("-")[0] == _mark(person) else ""


def device_remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Let the browser keep that this person has signed in on it, until the password changes."""
    name = known_device(request, person.email) or f"{_mark(person)}-{secrets.token_hex(8)}"
    response.set_cookie(
        COOKIE % person.pk,
        _signer().sign(name),
        max_age=DEVICE_KNOWN,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(person: Person) -> str:
    """Return what changes with the person and their password, and tells nothing of either."""
    return f"{person.pk}.{person.get_session_auth_hash()[:16]}"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)
