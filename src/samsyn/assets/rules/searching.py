"""Which resources a searched text may be about, or lie inside."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from samsyn.assets.rules.resources import Unreadable, canonical
from samsyn.kernel.addresses import address_read


def found_by(text: str) -> dict[str, list[str]]:
    """Return, by kind of resource, the values that a text says or lies inside.

    Args:
        text: such as ``AS64498``, an address or a range, a name or a web address.

    Source:
        RFC 4632: the ranges that hold an address are its prefixes of every length.

    Example:
        >>> found_by("AS64498")
        {'asn': ['64498']}
        >>> found_by("www.almby.example")["domain"]
        ['www.almby.example', 'almby.example']

    """
    found: dict[str, list[str]] = {}
    if any(sign.isdigit() for sign in text):
        if around := _around(text):
            return {"prefix": around}
        if (number := _canonical("asn", text)) is not None:
            found["asn"] = [number]
    if "." in text and (name := _canonical("domain", text)) is not None:
        labels = name.split(".")
        names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        found |= {"domain": names, "mail_domain": names}
    return found


def _canonical(kind: str, text: str) -> str | None:
    try:
        return canonical(kind, text, private=True)
    except Unreadable:
        return None


def _around(text: str) -> list[str]:
    """Return every range that holds an address or a range; nothing where the text is none."""
    if not any(sign in text for sign in ".:"):
        return []
    try:
        network: IPv4Network | IPv6Network = ip_network(address_read(text).text)
    except ValueError:
        return []
    return [str(network.supernet(new_prefix=size)) for size in range(network.prefixlen + 1)]
