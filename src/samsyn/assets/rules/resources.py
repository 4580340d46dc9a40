"""What a digital resource is written like, and when two claims meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)
from itertools import islice

from samsyn.kernel.addresses import address_read
from samsyn.kernel.domains import host_in, is_public_suffix, readable_name
from samsyn.kernel.mail_addresses import address_in
from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.phrases import gettext_noop
from samsyn.kernel.texts import one_line

Address = IPv4Address | IPv6Address

ASN_MAX = 4_294_967_295
LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
NAME_MAX = 253
MAPPED_BITS = 96  # of ::ffff:0:0/96, where IPv6 maps IPv4 (RFC 4291 2.5.5.2)
TEXT_MAX = 400
# Of one machine, one wire, many receivers or nobody: never anybody's. Ranges for examples and
# measurements are not among them, a register of a demonstration consists of them.
_NOBODYS = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3",
        "::/16", "fe80::/9", "ff00::/8",
    )
]  # fmt: skip
# What networks use within themselves: seen from outside it is nobody's.
_PRIVATE = [
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
_PRIVATE_NAMES = ("home.arpa", "internal", "invalid", "local", "localhost")
_PRIVATE_NUMBERS = (range(64512, 65535), range(4_200_000_000, 4_294_967_295))
_LAST_NUMBERS = (65535, 4_294_967_295)  # RFC 7300: of no network
PARTS_MOST = 64  # networks that one range may be
_FROM_TO = re.compile(r"([0-9a-f.:]+)\s*[-\u2013\u2014]\s*([0-9a-f.:]+)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:ASN?)?[\s:]*(\d{1,10})(?:\.0)?", re.IGNORECASE | re.ASCII)
_NOT_FIRST = gettext_noop(
    "%s is an address inside a range, not its first. Write it like 192.0.2.0/24 or 2001:db8::/32."
)
_NOT_NAME = gettext_noop("%s is not a domain name. Write it like fjellvik.example.")
_NOT_RANGE = gettext_noop(
    "%s is not an address range. Write it like 192.0.2.0/24 or 2001:db8::/32."
)
_ALL = gettext_noop("The whole internet is nobody's.")


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


def canonical(kind: str, text: str, *, private: bool = False) -> str:
    """Return the one way in which a resource is written.

    Args:
        kind: prefix, asn, domain or mail_domain.
        text: as somebody typed or copied it: ``AS 64500``; ``192.0.2.7/24`` is refused since it
            has host bits, ``192.0.2.0 - 192.0.2.255`` becomes ``192.0.2.0/24``; of a web address
            the host, of ``*.`` what stands below it, of a mail address what stands after ``@``;
            an IPv4 range written inside IPv6 (``::ffff:192.0.2.0/120``) becomes IPv4.
        private: whether ranges, numbers and names that networks use within themselves are taken.

    Raises:
        Unreadable: it is no such resource, or one that nobody can have alone: the whole
            internet, what every network uses within itself, or a public suffix; or it is
            several networks.

    Source:
        RFC 4632 and 4291 (prefixes), RFC 6890 (special ranges), RFC 5396 (AS numbers in plain
        digits), RFC 5891 (names in their ASCII form), RFC 6761 and 6762 (names within networks).

    Example:
        >>> canonical("asn", "AS64500"), canonical("domain", "Blåvik.example.")
        ('64500', 'xn--blvik-nra.example')

    """
    parts = canonical_parts(kind, text, private=private)
    if len(parts) > 1:
        said = _("%(range)s is several networks. Write one at a time: %(parts)s.")
        raise Unreadable(said % {"range": one_line(text), "parts": ", ".join(parts)})
    return parts[0]


def canonical_parts(kind: str, text: str, *, private: bool = False) -> list[str]:
    """Return the resources that a text says: a range from one address to another may be several.

    Raises:
        Unreadable: as for ``canonical``.

    Source:
        RFC 4632; ranges from one address to another as the RIPE database writes them (inetnum).

    Example:
        >>> canonical_parts("prefix", "198.51.100.16-198.51.100.47")
        ['198.51.100.16/28', '198.51.100.32/28']

    """
    if kind not in {"prefix", "asn", "domain", "mail_domain"}:
        raise Unreadable(_("There is no kind of resource called %s.") % kind)
    if len(text) > TEXT_MAX:  # IDNA takes the length of a name squared
        raise Unreadable(_("At most %d characters.") % TEXT_MAX)
    written = one_line(text)
    if kind == "prefix":
        return [_prefix(network, written, private=private) for network in _networks(written)]
    if kind == "asn":
        return [_asn(written, private=private)]
    return [_name(written, is_mail=kind == "mail_domain", private=private)]


def claim_kind(kind: str, value: str) -> str:
    """Return the kind that attribution uses: prefixes are told apart by family.

    Source:
        Our own words; see ``Claim``.

    """
    if kind != "prefix":
        return kind
    return "prefix6" if ":" in value else "prefix4"


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    found = _FROM_TO.fullmatch(text)
    try:
        if found is None or "%" in text:
            if "%" in text:  # a zone (RFC 4007) means something on one machine only
                raise Unreadable(_(_NOT_RANGE) % text)
            return [ip_network(text, strict=True)]
        networks = _from_to(ip_address(found[1]), ip_address(found[2]))
    except (ValueError, TypeError) as error:
        if isinstance(error, Unreadable):
            raise
        said = _NOT_FIRST if "host bits" in str(error) else _NOT_RANGE
        raise Unreadable(_(said) % text) from None
    if len(networks) > PARTS_MOST:
        said = _("%(range)s is more than %(most)d networks. Write each like 192.0.2.0/24.")
        raise Unreadable(said % {"range": text, "most": PARTS_MOST})
    return networks


def _from_to(first: Address, last: Address) -> list[IPv4Network | IPv6Network]:
    """Return the networks from one address to another.

    Raises:
        ValueError: the last is before the first.
        TypeError: they are of different families.

    """
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
        return list(islice(summarize_address_range(first, last), PARTS_MOST + 1))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
        return list(islice(summarize_address_range(first, last), PARTS_MOST + 1))
    raise TypeError


def _prefix(network: IPv4Network | IPv6Network, text: str, *, private: bool) -> str:
    if network.prefixlen == 0:
        raise Unreadable(_(_ALL))
    written = _as_ipv4(network) if isinstance(network, IPv6Network) else str(network)
    refused = _NOBODYS if private else [*_NOBODYS, *_PRIVATE]
    if any(_is_within(ip_network(written), wide) for wide in refused):
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
        raise Unreadable(_(_ALL))
    return str(ip_network(address_read(str(network)).text))


def _asn(text: str, *, private: bool) -> str:
    found = _NUMBER.fullmatch(text)
    number = int(found[1]) if found else 0
    if not 0 < number <= ASN_MAX:
        raise Unreadable(_("%s is not an AS number. Write it like 64500.") % text)
    is_private = any(number in numbers for numbers in _PRIVATE_NUMBERS)
    if number in _LAST_NUMBERS or (is_private and not private):
        raise Unreadable(_("%s is for private or special use: many networks have it.") % text)
    return str(number)


def _name(text: str, *, is_mail: bool, private: bool) -> str:
    host = _host(text, is_mail=is_mail)
    if _is_address(host):
        said = _("%s is an address, no domain name. Register it as an address range.")
        raise Unreadable(said % host)
    name = host.removeprefix("*.").rstrip(".").lower()
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        raise Unreadable(_(_NOT_NAME) % text) from None
    labels = ascii_name.split(".")
    fine = len(labels) > 1 and len(ascii_name) <= NAME_MAX and all(map(LABEL.match, labels))
    if not fine or labels[-1].isdigit():
        raise Unreadable(_(_NOT_NAME) % text)
    is_private = f".{ascii_name}".endswith(tuple(f".{each}" for each in _PRIVATE_NAMES))
    if is_private and not private:
        raise Unreadable(_("%s is for private or special use: many networks have it.") % text)
    if not is_private and is_public_suffix(ascii_name):
        raise Unreadable(
            _("%s is a public suffix: names below it belong to different people.") % text
        )
    return ascii_name


def _host(text: str, *, is_mail: bool) -> str:
    """Return the name that a text is about: the host of a web address, what follows an ``@``."""
    if "@" in text and "//" not in text:
        name = address_in(text).rpartition("@")[2]
        if not is_mail:
            said = _("%(text)s is a mail address. Write only the domain name: %(name)s.")
            raise Unreadable(said % {"text": text, "name": name})
        return name
    if text.startswith("[") or not re.search(r"[/:]", text) or _is_address(text):
        return text.strip("[]")
    return host_in(text) or text


def _is_address(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


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
