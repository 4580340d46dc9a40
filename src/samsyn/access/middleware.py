from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from samsyn.access.actor import NOBODY, Actor
from samsyn.access.rows import acting
from samsyn.access.selectors import actor_of
from samsyn.kernel.limits import INT_MOST

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = f"{settings.COOKIE_PREFIX}samsyn_language"
SIGN_OUT = "/accounts/logout/"
# What anybody may open: signing in, links with a signature of their own, what a page is made of.
OPEN = (
    "/accounts/",
    "/static/",
    "/api/",
    "/answer/",
    "/rate/",
    "/wheel/feed/",
    "/choose-person/",
    "/language/",
    "/healthz",
)


class PrivateMiddleware:
    """Let nobody keep a page but the person who asked for it, and not even them after sign-out.

    Files that pages are made of are answered further out and may be kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        if request.method == "POST" and request.path == SIGN_OUT:
            # Not cookies: the chosen language and that the device is known are not the session's.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ActorMiddleware:
    """Put the actor on the request, once, and let the database know who is acting."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        chosen = request.session.get("organisation") if person.is_authenticated else None
        actor = actor_of(person, chosen=chosen) if person.is_authenticated else NOBODY
        request.actor = actor  # type: ignore[attr-defined]  # what makes the request an ActorRequest
        with acting(actor):
            response = self.get_response(request)
        sent: HttpResponseBase = response
        if isinstance(sent, StreamingHttpResponse) and not isinstance(sent, FileResponse):
            pieces = cast("Iterable[bytes]", sent.streaming_content)
            sent.streaming_content = _read_by(actor, pieces)
        return response


def _read_by(actor: Actor, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces that are made while they are sent, each read as this actor."""
    waiting = iter(pieces)
    while True:
        with acting(actor):
            piece = next(waiting, None)
        if piece is None:
            return
        yield piece


class LanguageMiddleware:
    """Speak the person's language and clock: theirs, else chosen here, else the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        language = person.language if person else language_guess(request)
        zone = person.time_zone if person else settings.DISPLAY_TIME_ZONE
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            response = self.get_response(request)
            spoken = translation.get_language() or language  # a token's person may have another
        response.headers.setdefault("Content-Language", spoken)
        return response


def language_guess(request: HttpRequest) -> str:
    """Return the language chosen on this device, else the first that the browser asks for."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in known:
        return chosen
    header = request.headers.get("Accept-Language", "")[:200]
    for part in header.split(","):
        word = part.split(";")[0].strip().lower()[:2]
        word = "nb" if word in {"no", "nn"} else word
        if word in known:
            return word
    return str(settings.DEFAULT_LANGUAGE)


class IdMiddleware:
    """Answer that there is nothing, when an address names an id that no database can hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, url: dict[str, Any]
    ) -> None:
        """Look at what the address names, before any view asks a database for it."""
        del request, view, args
        if any(isinstance(value, int) and value > INT_MOST for value in url.values()):
            raise Http404


class SignInRequiredMiddleware:
    """Send whoever is not signed in to the sign-in page; nothing else answers them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return self.get_response(request)
        return redirect_to_login(request.get_full_path())
