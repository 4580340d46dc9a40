from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from samsyn.access.actor import Actor
from samsyn.access.models import Person


class ActorRequest(HttpRequest):
    """A request as our views see it: we know who is acting."""

    actor: Actor
    user: Person
    htmx: HtmxDetails


def client_address(request: HttpRequest | None) -> str:
    """Return the address that the request came from, or nothing where there is none."""
    return "" if request is None else str(request.META.get("REMOTE_ADDR", ""))
