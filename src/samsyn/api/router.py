"""The API: every room's router under one roof, with one shape for everything that goes wrong."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger

from samsyn.access.disk import disk_error, kept_error
from samsyn.access.programs import StrictParser, known_only
from samsyn.api.parameters import KnownParameters
from samsyn.api.wording import wrong_text
from samsyn.kernel.errors import RuleViolation, SamsynError
from samsyn.kernel.rooms import function, rooms
from samsyn.ui.errors import ERROR_TEXTS, status_of_refused

door = KnownParameters()
api = NinjaAPI(
    title="Samsyn",
    version="1",
    description=(
        "Send `Authorization: Bearer TOKEN`; a token is made under one's own settings. "
        "What one may not see answers 404, a parameter that is not described 422. Everything that "
        "goes wrong has one shape: "
        "`{title, status, detail, errors: [{field, message}]}` (RFC 9457)."
    ),
    auth=door,
    parser=StrictParser(),
    urls_namespace="api",
    docs=Swagger({"validatorUrl": None}),  # else it asks a service on the internet
    docs_decorator=known_only,
)
for name, room in sorted(rooms().items()):
    for each in room.api:
        api.add_router(f"/{each.at}", function(name, each.router), tags=[each.tag or each.at])
door.api = api


def problem(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    detail: str = "",
    errors: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """Return the one shape of everything that goes wrong."""
    body = {"title": title, "status": status, "detail": detail, "errors": errors or []}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(SamsynError)
def on_our_error(request: HttpRequest, error: SamsynError) -> HttpResponse:
    """Answer an error of ours with its own status."""
    error = disk_error(error) or error
    field = error.field if isinstance(error, RuleViolation) else None
    errors = [{"field": field, "message": str(error)}] if field else []
    return problem(
        request,
        status=error.http_status,
        title=type(error).__name__,
        detail=str(error),
        errors=errors,
    )


@api.exception_handler(OSError)
@api.exception_handler(DatabaseError)
def on_full_disk(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer for a full disk or a database that is away; everything else is a fault of ours."""
    found = kept_error(error)
    if found is None:
        raise error
    return on_our_error(request, found)


@api.exception_handler(SuspiciousOperation)
def on_too_much(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    """Answer a body that is not read to its end, such as one of too many files."""
    status = status_of_refused(error)
    logging.getLogger(f"django.security.{type(error).__name__}").warning("%s", error)
    return problem(request, status=status, title="Refused", detail=str(ERROR_TEXTS[status].text))


@api.exception_handler(ValidationError)
def on_wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what does not fit the schema."""
    errors = [
        {"field": ".".join(str(part) for part in e["loc"][1:]), "message": wrong_text(e)}
        for e in error.errors
    ]
    return problem(request, status=422, title="RuleViolation", errors=errors)


@api.exception_handler(AuthenticationError)
def on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer who is not known."""
    del error
    return problem(request, status=401, title="NotSignedIn", detail=_("Send a valid token."))


@api.exception_handler(Http404)
def on_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer what is not there."""
    del error
    return problem(request, status=404, title="NotFound")


@api.exception_handler(HttpError)
def on_refusal(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the API itself refuses; what the parser says of a body is worth more."""
    said = error.__cause__ if isinstance(error.__cause__, RuleViolation) else error
    return problem(request, status=error.status_code, title="Refused", detail=str(said))
