"""What answers when no view does: a page for people, and under /api/ the shape for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from samsyn.api.router import on_nothing, problem
from samsyn.ui import errors

API = "/api/"


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer what could not be read, or was more than is taken."""
    page = errors.bad_request(request, exception)
    return _in_its_shape(request, page, "Refused")


def not_allowed(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer what the actor may not do."""
    return _in_its_shape(request, errors.not_allowed(request, exception), "NotAllowed")


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer what is not there."""
    if request.path.startswith(API):  # a page would ask who reads it, which a token does not say
        return on_nothing(request, Http404())
    return errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours."""
    return _in_its_shape(request, errors.server_error(request), "ServerError")


def _in_its_shape(request: HttpRequest, page: HttpResponse, title: str) -> HttpResponse:
    if not request.path.startswith(API):
        return page
    detail = str(errors.ERROR_TEXTS[page.status_code].text)
    return problem(request, status=page.status_code, title=title, detail=detail)
