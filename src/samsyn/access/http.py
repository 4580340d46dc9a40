from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from samsyn.access.actor import Actor
from samsyn.access.models import Person

IPV6_PREFIX = 64  # what one household or office gets: its addresses count as one place


class ActorRequest(HttpRequest):
    """A request as our views see it: we know who is acting."""

    actor: Actor
    user: Person
    htmx: HtmxDetails


def client_address(request: HttpRequest | None) -> str:
    """Return the network address that a request comes from; empty where there is no request.

    Each trusted proxy adds the address it was called from to the end of X-Forwarded-For. With
    ``SAMSYN_TRUSTED_PROXIES`` proxies the client's is therefore that many places from the end;
    what stands before it was sent by the client and may be anything. Where the header does not
    hold an address there, the request did not come through the proxies: its own address counts.
    """
    if request is None:
        return ""
    proxies = int(settings.TRUSTED_PROXIES)
    own = _address(request.META.get("REMOTE_ADDR", ""))
    if not proxies:
        return own
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    return (_address(passed[-proxies]) if len(passed) >= proxies else "") or own


def client_place(request: HttpRequest) -> str:
    """Return what counts as one place when attempts are limited: an address, or an IPv6 /64."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)


def _address(text: str) -> str:
    """Return an address as it is written canonically, without a port; empty if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
