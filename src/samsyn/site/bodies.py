"""How much a request may bring, decided before any of it is read.

Reading a form or a file writes it to memory or to disk, so the limit stands before the check of
the form's token, which reads it. A view that takes a file says how large it may be
(``FormScreen.upload_most``), and who may not send it is refused first. The API's own limits are
asked after its token (``access.programs``), which stands in a header.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from samsyn.access.bodies import FORM_MOST, STRANGER_MOST, body_length, is_of_unknown_length
from samsyn.api.router import problem
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.kernel.rooms import functions
from samsyn.ui.errors import ERROR_TEXTS, error_page
from samsyn.ui.screens import FormScreen

POLITE = 64 * 1024 * 1024  # a file so much too large is read and thrown away, to answer in the form
View = Callable[..., HttpResponse]


class BodyLimitMiddleware:
    """Refuses a body that is too large for its address and sender, or of unknown length."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None to go on."""
        if is_of_unknown_length(request):
            return refusal(request, HTTPStatus.LENGTH_REQUIRED)
        length = body_length(request)
        if length > self.most(request, view, args, kwargs):
            return refusal(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    def most(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> int:
        """Return how many bytes this request may bring; refuse who may not send a file here."""
        is_api = request.path.startswith("/api/")
        if is_api and request.headers.get("Authorization"):
            return request_limit_of_api()
        if not request.user.is_authenticated:
            return STRANGER_MOST
        if is_api:
            return request_limit_of_api()
        screen = upload_screen(request, view, args, kwargs)
        if screen is None:
            return FORM_MOST
        may_send(screen, kwargs)
        request.upload_most = screen.upload_most()  # type: ignore[attr-defined]  # read where the body is
        return screen.upload_most() + FORM_MOST + POLITE


def request_limit_of_api() -> int:
    """Return what no call of the API may exceed; each call has its own, asked with the token."""
    largest: int = max(limit() for limit in functions("upload_limits"))
    return largest + FORM_MOST + POLITE


def upload_screen(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> FormScreen | None:
    """Return the screen behind a view if it takes a file."""
    kind = getattr(view, "view_class", None)
    if request.method != "POST" or kind is None or not issubclass(kind, FormScreen):
        return None
    screen: FormScreen = kind(**view.view_initkwargs)
    screen.setup(request, *args, **kwargs)
    return screen if screen.upload_most() else None


def may_send(screen: FormScreen, url: dict[str, Any]) -> None:
    """Refuse, before the file is read, who may not send it."""
    try:
        screen.check_allowed(screen.get_subject(**url))
    except NotFound as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied from error


def refusal(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Return the answer in the form of the door: a page, or the API's own shape."""
    if request.path.startswith("/api/"):
        text = str(ERROR_TEXTS[status].text)
        return problem(request, status=status, title=status.phrase, detail=text)
    return error_page(request, status)
