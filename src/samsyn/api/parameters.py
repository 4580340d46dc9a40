"""Which parameters an address of the API knows, so that a misspelt filter is not passed over."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from samsyn.access.actor import Actor
from samsyn.access.programs import TokenOrSession
from samsyn.kernel.errors import RuleViolation

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
        if actor is not None and self.api is not None and request.method == "GET":
            self.check_parameters(request, self.api)
        return actor

    def check_parameters(self, request: HttpRequest, api: NinjaAPI) -> None:
        """Refuse a parameter that the address does not have.

        Raises:
            RuleViolation: it has not.

        """
        match = request.resolver_match
        known = _known(api).get(_CONVERTER.sub(r"{\1}", match.route)) if match else None
        unknown = sorted(set(request.GET) - known) if known is not None else []
        if not unknown:
            return
        says = _("There is no parameter %(name)s here. Known are: %(known)s.")
        name = unknown[0][:100]
        shown = {"name": name, "known": ", ".join(sorted(known or ())) or "–"}
        raise RuleViolation(says % shown, field=name)


@cache
def _known(api: NinjaAPI) -> dict[str, frozenset[str]]:
    """Return the names of the parameters by the route of each address, as the description says."""
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="api")["paths"]
    return {
        path.lstrip("/"): frozenset(
            each["name"] for each in told["get"].get("parameters", ()) if each["in"] == "query"
        )
        for path, told in paths.items()
        if "get" in told
    }
