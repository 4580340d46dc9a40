"""Which parameters an address of the API knows, so that a misspelt filter is not passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from samsyn.access.actor import Actor
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

    def check_permissions(self, request: HttpRequest, actor: Actor) -> None:
        """Refuse a token that was made for less than the address takes.

        Raises:
            NotAllowed: it was.

        """
        told = _operation(request, self.api) if self.api is not None else None
        if told is not None:
            require_needed(actor, told.permissions)

    def check_parameters(self, request: HttpRequest, api: NinjaAPI) -> None:
        """Refuse a parameter that the address does not have.

        Raises:
            RuleViolation: it has not.

        """
        told = _operation(request, api)
        known = None if told is None else told.parameters
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
        told = _operation(request, api)
        if told is None or told.takes_body or not request.body.strip():
            return
        is_form = (request.content_type or "").startswith(FORMS)
        sent = request.POST if is_form else StrictParser().parse_body(request)
        if sent:
            name = next(iter(sent))[:100] if isinstance(sent, Mapping) else None
            raise RuleViolation(_("Nothing is sent here in the body."), field=name)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the description says that an operation takes."""

    parameters: frozenset[str]
    takes_body: bool
    permissions: tuple[Permission, ...]


def _operation(request: HttpRequest, api: NinjaAPI) -> _Told | None:
    match = request.resolver_match
    if match is None:
        return None
    route = _CONVERTER.sub(r"{\1}", match.route)
    return _known(api).get((route, str(request.method).lower()))


@cache
def _known(api: NinjaAPI) -> dict[tuple[str, str], _Told]:
    """Return what operations take, by the route of the address and the method."""
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="api")["paths"]
    return {
        (path.lstrip("/"), method): _Told(
            frozenset(each["name"] for each in told.get("parameters", ()) if each["in"] == "query"),
            "requestBody" in told,
            tuple(Permission(name) for name in told.get(NEEDED, ())),
        )
        for path, methods in paths.items()
        for method, told in methods.items()
    }
