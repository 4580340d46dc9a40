"""What a digital resource is written like, and when two claims meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from samsyn.kernel.addresses import address_read
from samsyn.kernel.domains import is_public_suffix, readable_name
from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.phrases import gettext_noop

ASN_MAX = 4_294_967_295
LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
NAME_MAX = 253
MAPPED_BITS = 96  # of ::ffff:0:0/96, where IPv6 maps IPv4 (RFC 4291 2.5.5.2)
TEXT_MAX = 400
# What networks use within themselves: seen from outside it is nobody's. Ranges for examples and
# measurements are not among them, a register of a demonstration consists of them.
_WITHIN = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.168.0.0/16", "224.0.0.0/3", "::/16", "fc00::/7", "fe80::/9", "ff00::/8",
    )
]  # fmt: skip
_NOT_FIRST = gettext_noop(
    "%s is an address inside a range, not its first. Write it like 192.0.2.0/24 or 2001:db8::/32."
)
_NOT_NAME = gettext_noop("%s is not a domain name. Write it like fjellvik.example.")
_NOT_RANGE = gettext_noop(
    "%s is not an address range. Write it like 192.0.2.0/24 or 2001:db8::/32."
)


class Unreadable(ValueError):
    """The text is not such a resource; the message says what is wrong, in a user's words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What attribution needs to know of one resource that an organisation has.

    ``kind`` is prefix4, prefix6, asn, domain or mail_domain; ``value`` is canonical. A request
    (not ``is_confirmed``) never decides whose something is.
    """

    kind: str
    value: str
    organisation_id: int
    operated_by_id: int | None
    resource_id: int
    is_confirmed: bool = True


def canonical(kind: str, text: str) -> str:
    """Return the one way in which a resource is written.

    Args:
        kind: prefix, asn, domain or mail_domain.
        text: as somebody typed it: ``AS64500``, ``192.0.2.7/24`` is refused since it has
            host bits, ``Fjellvik.Example.`` becomes ``fjellvik.example``; an IPv4 range
            written inside IPv6 (``::ffff:192.0.2.0/120``) becomes ``192.0.2.0/24``.

    Raises:
        Unreadable: it is no such resource, or one that nobody can have alone: the whole
            internet, what every network uses within itself, or a public suffix.

    Source:
        RFC 4632 and 4291 (prefixes), RFC 6890 (special ranges), RFC 5396 (AS numbers in plain
        digits), RFC 5891 (names in their ASCII form).

    Example:
        >>> canonical("asn", "AS64500"), canonical("domain", "Blåvik.example.")
        ('64500', 'xn--blvik-nra.example')

    """
    readers = {"prefix": _prefix, "asn": _asn, "domain": _name, "mail_domain": _name}
    if kind not in readers:
        raise Unreadable(_("There is no kind of resource called %s.") % kind)
    if len(text) > TEXT_MAX:  # IDNA takes the length of a name squared
        raise Unreadable(_("At most %d characters.") % TEXT_MAX)
    return readers[kind](text.strip())


def claim_kind(kind: str, value: str) -> str:
    """Return the kind that attribution uses: prefixes are told apart by family.

    Source:
        Our own words; see ``Claim``.

    """
    if kind != "prefix":
        return kind
    return "prefix6" if ":" in value else "prefix4"


def _prefix(text: str) -> str:
    if "%" in text:  # a zone (RFC 4007) means something on one machine only
        raise Unreadable(_(_NOT_RANGE) % text)
    try:
        network = ip_network(text, strict=True)
    except ValueError as error:
        said = _NOT_FIRST if "host bits" in str(error) else _NOT_RANGE
        raise Unreadable(_(said) % text) from None
    if network.prefixlen == 0:
        raise Unreadable(_("The whole internet is nobody's."))
    written = _as_ipv4(network) if isinstance(network, IPv6Network) else str(network)
    if any(_is_within(ip_network(written), wide) for wide in _WITHIN):
        raise Unreadable(_("%s is for private or special use: many networks have it.") % text)
    return written


def _is_within(network: IPv4Network | IPv6Network, wide: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network) and isinstance(wide, IPv4Network):
        return network.subnet_of(wide)
    if isinstance(network, IPv6Network) and isinstance(wide, IPv6Network):
        return network.subnet_of(wide)
    return False


def _as_ipv4(network: IPv6Network) -> str:
    """Return an IPv6 range, or the IPv4 range that it maps: one range has one text."""
    if network.prefixlen < MAPPED_BITS or network.network_address.ipv4_mapped is None:
        return str(network)
    if network.prefixlen == MAPPED_BITS:
        raise Unreadable(_("The whole internet is nobody's."))
    return str(ip_network(address_read(str(network)).text))


def _asn(text: str) -> str:
    digits = text.upper().removeprefix("AS")
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= ASN_MAX:
        raise Unreadable(_("%s is not an AS number. Write it like 64500.") % text)
    return str(int(digits))


def _name(text: str) -> str:
    name = text.rstrip(".").lower()
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        raise Unreadable(
            _("%s is not a domain name. Write it like fjellvik.example.") % text
        ) from None
    labels = ascii_name.split(".")
    fine = len(labels) > 1 and len(ascii_name) <= NAME_MAX and all(map(LABEL.match, labels))
    if not fine:
        raise Unreadable(_(_NOT_NAME) % text)
    if is_public_suffix(ascii_name):
        raise Unreadable(
            _("%s is a public suffix: names below it belong to different people.") % text
        )
    return ascii_name


def as_read(value: str) -> str:
    """Return a resource as people read it: a name in its own letters, and what it stands for.

    The form of the network stays beside it, since letters of different alphabets look alike. A
    name whose letters do not lead back to it, or that cannot all be seen, is left as it is.

    Source:
        RFC 5891 (names in their ASCII form).

    Example:
        >>> as_read("xn--blvik-nra.example"), as_read("fjellvik.example")
        ('blåvik.example (xn--blvik-nra.example)', 'fjellvik.example')

    """
    return readable_name(value)


def counts_where(rows: Iterable[tuple[int, int | None, str, int]]) -> dict[int, Counter[str]]:
    """Return how many of each kind every organisation has; what it runs for others is its too.

    Args:
        rows: owner, who runs it or None, kind, number.

    Source:
        Samsyn's own choice: who runs a resource answers for it beside its owner, so a
        member's page counts both (``product.md``, the members' job).

    Example:
        >>> counts_where([(1, 2, "domain", 3), (2, None, "domain", 1)])[2]["domain"]
        4

    """
    found: dict[int, Counter[str]] = {}
    for owner, host, kind, number in rows:
        for whose in {owner, host or owner}:
            found.setdefault(whose, Counter())[kind] += number
    return found
