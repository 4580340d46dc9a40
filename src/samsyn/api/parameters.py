"""Which parameters an address of the API knows, so that a misspelt filter is not passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError

from samsyn.access.actor import Actor
from samsyn.access.bodies import body_length
from samsyn.access.permissions import Permission
from samsyn.access.programs import NEEDED, StrictParser, TokenOrSession, require_needed
from samsyn.kernel.errors import RuleViolation

FORMS = ("multipart/", "application/x-www-form-urlencoded")
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


class KnownParameters(TokenOrSession):
    """Knows who comes in as any door of the API, and refuses parameters that it does not know.

    A list that ignored a misspelt filter would answer with everything.
    """

    def __init__(self) -> None:
        super().__init__()
        self.api: NinjaAPI | None = None

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor = super().__call__(request)
        if actor is not None and self.api is not None:
            self.check_parameters(request, self.api)
            self.check_no_body(request, self.api)
        return actor

    def check_entrance(self, request: HttpRequest, actor: Actor) -> None:
        """Refuse, before anything is read, who may not come in, and a body of another kind.

        Raises:
            NotAllowed: the person has no role, or the token was made for less than it takes.
            HttpError: the body is of another kind than the address takes.

        """
        accepted = accepted_by(request, self.api) if self.api is not None else None
        if accepted is not None:
            require_needed(actor, accepted.permissions)
            _check_kind(request, accepted)

    def check_parameters(self, request: HttpRequest, api: NinjaAPI) -> None:
        """Refuse a parameter that the address does not have.

        Raises:
            RuleViolation: it has not.

        """
        accepted = accepted_by(request, api)
        known = None if accepted is None else accepted.parameters
        unknown = sorted(set(request.GET) - known) if known is not None else []
        if not unknown:
            return
        says = _("There is no parameter %(name)s here. Known are: %(known)s.")
        name = unknown[0][:100]
        shown = {"name": name, "known": ", ".join(sorted(known or ())) or "–"}
        raise RuleViolation(says % shown, field=name)

    def check_no_body(self, request: HttpRequest, api: NinjaAPI) -> None:
        """Refuse members of a body where the address takes none; an empty object is none.

        Raises:
            RuleViolation: there is one.

        """
        accepted = accepted_by(request, api)
        if accepted is None or accepted.kind or not request.body.strip():
            return
        is_form = (request.content_type or "").startswith(FORMS)
        sent = request.POST if is_form else StrictParser().parse_body(request)
        if sent:
            name = next(iter(sent))[:100] if isinstance(sent, Mapping) else None
            raise RuleViolation(_("Nothing is sent here in the body."), field=name)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the description says that an operation takes.

    Attributes:
        parameters: in the query.
        kind: of the body, as Content-Type says it; empty where it takes none.
        members: of the body.
        permissions: which it takes, all of them.

    """

    parameters: frozenset[str]
    kind: str
    members: frozenset[str]
    permissions: tuple[Permission, ...]


def _check_kind(request: HttpRequest, accepted: Accepted) -> None:
    sent = (request.content_type or "").lower()
    if not accepted.kind or not sent or sent == accepted.kind or not body_length(request):
        return
    says = _("The body is sent here as %(kind)s; the header Content-Type says %(sent)s.")
    shown = says % {"kind": accepted.kind, "sent": sent[:100]}
    raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, shown)


def accepted_by(request: HttpRequest, api: NinjaAPI) -> Accepted | None:
    match = request.resolver_match
    if match is None:
        return None
    route = _CONVERTER.sub(r"{\1}", match.route)
    return _known(api).get((route, str(request.method).lower()))


@cache
def _known(api: NinjaAPI) -> dict[tuple[str, str], Accepted]:
    """Return what operations take, by the route of the address and the method."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="api")
    return {
        (path.lstrip("/"), method): _accepted(operation, schema["components"]["schemas"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def _accepted(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Accepted:
    asked = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    content = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    shape = content[kind]["schema"] if kind else {}
    if "$ref" in shape:
        shape = schemas[shape["$ref"].rsplit("/", 1)[1]]
    return Accepted(
        parameters=frozenset(each["name"] for each in asked),
        kind=kind,
        members=frozenset(shape.get("properties", {})),
        permissions=tuple(Permission(name) for name in operation.get(NEEDED, ())),
    )
