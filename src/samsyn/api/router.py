"""The API: every room's router under one roof, with one shape for everything that goes wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.operation import Operation

from samsyn.access.disk import disk_error, kept_error
from samsyn.access.given import etag_of, wants_match
from samsyn.access.programs import StrictParser, known_only
from samsyn.api.described import described
from samsyn.api.entrance import claiming, entrance
from samsyn.api.members import as_sent, place_of
from samsyn.api.once import Answered, content_of
from samsyn.api.parameters import KnownParameters, accepted_by
from samsyn.api.wording import wrong_text
from samsyn.kernel.errors import Conflict, RuleViolation, SamsynError, TooMany
from samsyn.kernel.rooms import function, rooms
from samsyn.ui.errors import ERROR_TEXTS, status_of_refused


class SamsynApi(NinjaAPI):
    """Our API: what has a version is answered with it as its ETag."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        """Return an answer; the version in it is also in the header that If-Match repeats."""
        response = super().create_response(request, data, **more)
        version = data.get("version") if isinstance(data, dict) else None
        if version is not None and response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            response["ETag"] = etag_of(version)
        return response

    def get_openapi_schema(self, **more: Any) -> Any:
        """Return the description of the API, with examples, headers and refusals."""
        return described(super().get_openapi_schema(**more))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return what an operation is called, which names the functions of generated clients."""
        return str(operation.view_func.__name__)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """Return the addresses; a method that one does not take is answered in the one shape."""
        patterns, app, namespace = super().urls
        return [in_shape(each) for each in patterns], app, namespace


def in_shape(pattern: Any) -> URLPattern:
    """Return an address whose refusals all have the one shape.

    It is exempt from the form's token, whose page is for people: the entrance asks for the
    token in the header instead.
    """
    view = pattern.callback

    @csrf_exempt
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **url: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **url)
        if isinstance(response, HttpResponseNotAllowed):
            return on_no_method(request, response["Allow"])
        return response

    return URLPattern(pattern.pattern, run, pattern.default_args, pattern.name)


def on_no_method(request: HttpRequest, accepted: str) -> HttpResponse:
    """Answer a method that an address does not take, to who is let in there at all."""
    if not request.headers.get("Authorization") and request.user.is_authenticated:
        return _no_method(request, accepted)  # a session's change would need a token in its header

    def refused(request: HttpRequest) -> HttpResponse:
        if door.actor_of(request) is None:
            return on_no_token(request, AuthenticationError())
        return _no_method(request, accepted)

    return cast("HttpResponse", around(refused)(request))


def _no_method(request: HttpRequest, accepted: str) -> HttpResponse:
    methods = ", ".join(sorted(accepted.split(", ")))
    says = _("%(method)s is not taken here. This address takes %(methods)s.")
    detail = says % {"method": str(request.method)[:20], "methods": methods}
    response = problem(request, status=405, title="MethodNotAllowed", detail=detail)
    response["Allow"] = methods
    return response


def for_known(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a page of the API's own to who is known; a program is told so in the one shape."""
    shown = known_only(require_safe(view))

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **url: Any) -> HttpResponse:
        try:
            return shown(request, *args, **url)
        except AuthenticationError as error:
            return on_no_token(request, error)
        except SamsynError as error:  # a change without the token in its header
            return on_our_error(request, error)

    return run


door = KnownParameters()
api = SamsynApi(
    title="Samsyn",
    version="1",
    description=(
        "What the pages show and do, by the same rules. Send "
        "`Authorization: Bearer TOKEN`; a token is made under one's own settings. "
        "What one may not see answers 404; a parameter, a member of a body or a word that is not "
        "described answers 422. Send a change again under the same `Idempotency-Key`: it is made "
        "once. `If-Match` with the ETag keeps others' changes. Everything that "
        "goes wrong has one shape: "
        "`{title, status, detail, errors: [{field, message}]}` (RFC 9457)."
    ),
    auth=door,
    parser=StrictParser(),
    urls_namespace="api",
    docs=Swagger({"validatorUrl": None}),  # else it asks a service on the internet
    docs_decorator=for_known,
)
for name, room in sorted(rooms().items()):
    for each in room.api:
        api.add_router(f"/{each.at}", function(name, each.router), tags=[each.tag or each.at])
door.api = api
api.add_decorator(claiming, mode="operation")
around = entrance(api.on_exception, door.check_entrance)
api.add_decorator(around, mode="view")


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
    said = error.field if isinstance(error, RuleViolation) else None
    field = as_sent(said, accepted_by(request, api), request)
    errors = [{"field": field, "message": str(error)}] if field else []
    status = error.http_status
    if isinstance(error, Conflict) and wants_match(request):
        status = HTTPStatus.PRECONDITION_FAILED  # changed between the comparison and the change
    response = problem(
        request,
        status=status,
        title=type(error).__name__,
        detail=str(error),
        errors=errors,
    )
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(Answered)
def on_answered(request: HttpRequest, error: Answered) -> HttpResponse:
    """Answer as the first time what is sent again under the same Idempotency-Key."""
    content = content_of(error.kept)
    if not content:
        response = HttpResponse(status=error.kept.status)
    else:
        response = api.create_response(request, json.loads(content), status=error.kept.status)
    response["Idempotency-Replayed"] = "true"
    return response


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
    accepted = accepted_by(request, api)
    found = [(place_of(each["loc"], accepted), wrong_text(each)) for each in error.errors]
    said = [f"{field}: {message}" if field else _of_body(message) for field, message in found]
    errors = [{"field": field, "message": message} for field, message in found if field]
    detail = " ".join(dict.fromkeys(said))
    return problem(request, status=422, title="RuleViolation", detail=detail, errors=errors)


def _of_body(message: str) -> str:
    return _("The body: %s") % message


@api.exception_handler(AuthenticationError)
def on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer who is not known."""
    del error
    return problem(request, status=401, title="NotSignedIn", detail=_("Send a valid token."))


@api.exception_handler(Http404)
def on_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer what is not there."""
    del error
    detail = _("There is no such address or thing, or you may not see it.")
    return problem(request, status=404, title="NotFound", detail=detail)


@api.exception_handler(HttpError)
def on_refusal(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the API itself refuses; what the parser says of a body is worth more."""
    said = error.__cause__ if isinstance(error.__cause__, RuleViolation) else error
    return problem(request, status=error.status_code, title="Refused", detail=str(said))
