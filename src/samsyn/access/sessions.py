"""How long a session lasts, and cookies that keep to this host."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.middleware import GetResponse

BEGAN = "samsyn_began"
SEEN = "samsyn_seen"
STRONG = "samsyn_strong"
WEAK = {"password", "password_reset"}  # a link in a mail is no second factor, with a new password
SET_UP = ("/accounts/", "/language/", "/theme/", "/static/", "/healthz")
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
SEEN_STEP = 5 * 60  # so seldom is a session written only because it is used


@receiver(user_logged_in)
def begin(request: HttpRequest, **_others: Any) -> None:
    """Start both clocks of a session, whichever way one signs in."""
    request.session[BEGAN] = request.session[SEEN] = _now()


def is_over(session: SessionBase, now: int) -> bool:
    """Return whether a session was not used for too long, or has lasted for too long."""
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    idle = settings.SESSION_IDLE_SECONDS + SEEN_STEP
    return bool(now - began >= settings.SESSION_COOKIE_AGE or now - seen >= idle)


class SessionLimitMiddleware:
    """End a session whose time is up.

    Django alone lengthens a session whenever something is kept in it, without an end.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._watch(request)
        return self.get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        session, now = request.session, _now()
        if is_over(session, now):
            logout(request)
            return
        session.setdefault(BEGAN, now)  # one from before there was a limit
        if now - session.get(SEEN, 0) >= SEEN_STEP:
            session[SEEN] = now


class SecondFactorMiddleware:
    """Lead whoever signed in with a password alone to set up a second factor, if one is required.

    Until then only signing in, out and setting up are open. An organisation's own provider is
    trusted to ask for one itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_asked = settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated
        if not is_asked or request.path.startswith(SET_UP) or _is_strong(request):
            return self.get_response(request)
        messages.warning(request, _("Set up a second factor before you go on."))
        return redirect("mfa_index")


def _is_strong(request: HttpRequest) -> bool:
    """Return whether more than a password stands behind a session, now or from the next time."""
    if not request.session.get(STRONG):
        methods = {record["method"] for record in get_authentication_records(request, request.user)}
        request.session[STRONG] = bool(methods - WEAK) or is_mfa_enabled(
            request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        )
    return bool(request.session[STRONG])


def browser_of(agent: str) -> str:
    """Return the browser and the system that a User-Agent names, else what it says itself.

    The first that fits counts: many a browser also calls itself by the names after its own.
    """
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(word for word in (browser, system) if word) or agent[:80] or "–"


class HostCookieStorage(CookieStorage):
    """Keeps a message for the next page in a cookie of this host."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class MessageStorage(FallbackStorage):
    """Messages for the next page: in a cookie, or in the session when they are long."""

    storage_classes = (HostCookieStorage, SessionStorage)


def _now() -> int:
    return int(timezone.now().timestamp())
