"""What every call of the API passes: how often one may ask, and that a change is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from samsyn.access import pace
from samsyn.access.actor import Actor
from samsyn.access.programs import TokenOrSession, holder_of
from samsyn.api.once import once_of
from samsyn.kernel.errors import SamsynError, TooMany

Run = Callable[..., HttpResponseBase]
Check = Callable[[HttpRequest, Actor], None]
WINDOW = 60  # seconds
_ENTRANCE = TokenOrSession()


def entrance(
    refuse: Callable[[HttpRequest, Exception], HttpResponseBase], check: Check
) -> Callable[[Run], Run]:
    """Return what stands around every operation.

    Args:
        refuse: answers what goes wrong here.
        check: raises for whoever lacks what the operation takes, and for a body of another kind.

    """

    def around(run: Run) -> Run:
        @wraps(run)
        def enter(request: HttpRequest, **given: Any) -> HttpResponseBase:
            try:
                actor = _ENTRANCE.actor_of(request)
                if actor is not None:
                    count_call(request)
                    check(request, actor)
            except (SamsynError, HttpError) as error:
                response = refuse(request, error)
            else:
                response = _run_once(run, request, actor, given)
            return with_pace(request, response)

        return enter

    return around


def _run_once(
    run: Run, request: HttpRequest, actor: Actor | None, given: dict[str, Any]
) -> HttpResponseBase:
    once = once_of(request, actor)
    if once is None:
        return run(request, **given)
    request.once = once  # type: ignore[attr-defined]  # read by ``claiming``
    with once:
        response = run(request, **given)
        once.end(response)
    return response


def claiming(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Claim the key of a change once the call is known to be allowed in and well formed."""

    @wraps(operation)
    def run(request: HttpRequest, *args: Any, **given: Any) -> Any:
        once = getattr(request, "once", None)
        if once is not None:
            once.begin()
        return operation(request, *args, **given)

    return run


def count_call(request: HttpRequest) -> None:
    """Count a call of a token, or of a person without one.

    Raises:
        TooMany: there were more in this minute than one may.

    """
    most = int(settings.API_CALLS)
    number = pace.count(f"api:{holder_of(request)}", seconds=WINDOW)
    wait = WINDOW - int(pace.clock()) % WINDOW
    request.pace = (most, max(0, most - number), wait)  # type: ignore[attr-defined]  # for ``with_pace``
    if number > most:
        says = _("More than %(most)d calls in a minute. Go on in %(wait)d seconds.")
        raise TooMany(says % {"most": most, "wait": wait}, wait=wait)


def with_pace(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer with how many calls are left (RateLimit header fields for HTTP)."""
    known = getattr(request, "pace", None)
    if known is not None:
        most, left, wait = known
        response["RateLimit-Policy"] = f'"calls";q={most};w={WINDOW}'
        response["RateLimit"] = f'"calls";r={left};t={wait}'
    return response
