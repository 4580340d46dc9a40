"""The way out: a request to an address that somebody has typed, to the public internet only.

Whoever types an address must not make this server speak to what stands beside it: its own
machine, the network around it, or the place where a cloud keeps its keys. So the name is looked
up once, each of its addresses is judged, and the connection goes to exactly what was judged. No
redirect is followed and no proxy asked. No other module connects to what people type: a law.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlsplit

from samsyn.kernel.bounded import BoundedSocket, Deadline

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SECONDS = 10.0
READ_MOST = 64 * 1024
KEPT_MOST = 200
PLACES_MOST = 4  # who answers for a name could send thousands of connections elsewhere
ADDRESS_LONGEST = 2000
PORT = 443
IPV4 = 4
PORTS = range(1024, 65536)
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*{_LABEL}\Z")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z")  # resolvers read 0x7f.1 as an address
# What reading an answer may raise; http.client hands a chunk's size on as it is read, -1 as well.
_FAULTS = (OSError, HTTPException, ValueError, ArithmeticError, MemoryError)
_GLOBAL6 = IPv6Network("2000::/3")
# Within what is global: addresses that hold others (6to4, Teredo), and what is set apart.
_APART: tuple[Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)


class OutgoingProblem(StrEnum):
    """Why no answer came."""

    CLOSED = "closed"
    ADDRESS_REFUSED = "address_refused"
    NAME_UNKNOWN = "name_unknown"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"


class NotAnswered(Exception):
    """No answer came; ``problem`` says why."""

    def __init__(self, problem: OutgoingProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class AddressFault(StrEnum):
    """What is wrong with an address, before anybody is asked."""

    UNREADABLE = "unreadable"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    PORT = "port"
    HOST = "host"
    PRIVATE = "private"


class AddressInvalid(ValueError):
    """An address that nothing may be sent to; ``fault`` says why."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class OutgoingRules:
    """What an installation allows besides the public internet, and whom it trusts besides.

    Args:
        networks: of its own, which may be reached as well.
        ca_file: certificates, in PEM, of authorities that are trusted besides the usual.
        is_open: whether anything leaves at all.

    """

    networks: tuple[Network, ...] = ()
    ca_file: str = ""
    is_open: bool = True

    def allow(self, address: Address) -> bool:
        """Return whether a connection may go to an address."""
        known = unmapped(address)
        if any(known.version == each.version and known in each for each in self.networks):
            return True
        return is_public(known)


@dataclass(frozen=True, slots=True)
class Destination:
    """An address taken apart: the host as DNS and TLS know it, the port, what is asked there."""

    host: str
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class OutgoingAnswer:
    """What came back, with the beginning of its text and its Retry-After as it is."""

    status: int
    text: str = ""
    retry_after: str = ""


def networks_read(text: str) -> tuple[Network, ...]:
    """Return the networks of a comma-separated list, or raise a ValueError.

    Example:
        >>> networks_read("10.1.0.0/16, ")
        (IPv4Network('10.1.0.0/16'),)

    """
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def unmapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address only writes otherwise (RFC 4291), else it."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Return whether an address is a usual one of the public internet.

    Source:
        The IANA registries of special-purpose addresses, by the standard library, and besides:
        multicast; IPv6 outside 2000::/3, so NAT64 (RFC 6052, RFC 8215) and IPv4-compatible
        addresses too; 6to4 (RFC 3056), Teredo (RFC 4380) and the rest of 2001::/23, since such
        an address leads to another that nobody has judged.

    Example:
        >>> [is_public(ip_address(text)) for text in ("9.9.9.9", "10.0.0.1", "64:ff9b::a00:1")]
        [True, False, False]

    """
    address = unmapped(address)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL6:
        return False
    return not any(address.version == each.version and address in each for each in _APART)


def destination_of(address: str, rules: OutgoingRules) -> Destination:
    """Return where an address leads, if something may be sent there at all.

    A name is not looked up: it may lead elsewhere later, and is judged when something is sent.

    Args:
        address: as people type it; letters beyond ASCII in the name become punycode.
        rules: of the installation.

    Raises:
        AddressInvalid: it is no https address, has a name and a password in it, a port that is
            neither 443 nor above 1023, or a private address as its host.

    Example:
        >>> destination_of("https://hook.fjellvik.example/a?b=c", OutgoingRules())
        Destination(host='hook.fjellvik.example', port=443, target='/a?b=c')

    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", PORT if parts.port is None else parts.port
    except ValueError as error:
        raise AddressInvalid(AddressFault.UNREADABLE) from error
    is_plain = address.isprintable() and " " not in address and "\\" not in address
    if len(address) > ADDRESS_LONGEST or not is_plain:
        raise AddressInvalid(AddressFault.UNREADABLE)
    if parts.scheme != "https":
        raise AddressInvalid(AddressFault.NOT_HTTPS)
    if "@" in parts.netloc:
        raise AddressInvalid(AddressFault.CREDENTIALS)
    if port != PORT and port not in PORTS:
        raise AddressInvalid(AddressFault.PORT)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    if not target.isascii():
        raise AddressInvalid(AddressFault.UNREADABLE)
    return Destination(_host_read(host, rules), port, target)


def _host_read(host: str, rules: OutgoingRules) -> str:
    """Return a host as DNS knows it, or the address that it is."""
    try:
        literal = ip_address(host)
    except ValueError:
        return _name_read(host)
    if "%" in host:  # an address of one interface of this machine
        raise AddressInvalid(AddressFault.HOST)
    if not rules.allow(literal):
        raise AddressInvalid(AddressFault.PRIVATE)
    return host


def _name_read(host: str) -> str:
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise AddressInvalid(AddressFault.HOST) from error
    name = name.lower().removesuffix(".")
    if not _NAME.match(name) or _NUMBER.match(name.rpartition(".")[2]):
        raise AddressInvalid(AddressFault.HOST)
    return name


def post(
    address: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    rules: OutgoingRules,
    seconds: float = SECONDS,
) -> OutgoingAnswer:
    """Send a body to an address and return what is answered, whatever the status says.

    Args:
        address: https.
        body: what is sent.
        headers: besides Host and Content-Length.
        rules: of the installation.
        seconds: for looking up, connecting, sending and reading together.

    Raises:
        NotAnswered: nothing may be sent there, or no answer came in time.

    """
    deadline = Deadline(seconds)
    if not rules.is_open:
        raise NotAnswered(OutgoingProblem.CLOSED)
    try:
        where = destination_of(address, rules)
    except AddressInvalid as error:
        raise NotAnswered(OutgoingProblem.ADDRESS_REFUSED) from error
    try:
        places = _places(where, rules, deadline)
        with (
            _connected(places, where.port, deadline) as plain,
            _secured(plain, where, rules, deadline) as line,
        ):
            return _asked(line, where, body, headers)
    except TimeoutError as error:
        raise NotAnswered(OutgoingProblem.TIMEOUT) from error
    except ssl.SSLCertVerificationError as error:
        raise NotAnswered(OutgoingProblem.CERTIFICATE) from error
    except _FAULTS as error:
        raise NotAnswered(OutgoingProblem.CONNECTION_LOST) from error


def _places(where: Destination, rules: OutgoingRules, deadline: Deadline) -> list[Address]:
    """Return the first addresses of a host that a connection may go to, looked up once."""
    found = [unmapped(ip_address(each[4][0])) for each in _looked_up(where, deadline)]
    allowed = [each for each in dict.fromkeys(found) if rules.allow(each)]
    if not allowed:
        raise NotAnswered(OutgoingProblem.ADDRESS_REFUSED)
    return allowed[:PLACES_MOST]


def _looked_up(where: Destination, deadline: Deadline) -> Sequence[tuple[Any, ...]]:
    """Return what the system's resolver says; in a thread, since it knows no deadline."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise NotAnswered(OutgoingProblem.NAME_UNKNOWN) from found[0]
    answers: Sequence[tuple[Any, ...]] = found[0]
    return answers


def _connected(places: list[Address], port: int, deadline: Deadline) -> socket.socket:
    """Return a connection to the first of the addresses that takes one."""
    for place in places[:-1]:
        try:  # half of what is left, so that the next is tried as well
            return _line_to(place, port, seconds=deadline.left() / 2)
        except OSError:
            continue
    try:
        return _line_to(places[-1], port, seconds=deadline.left())
    except OSError as error:
        if isinstance(error, TimeoutError):
            raise
        raise NotAnswered(OutgoingProblem.NO_CONNECTION) from error


def _line_to(place: Address, port: int, *, seconds: float) -> socket.socket:
    """Return a connection to an address. No name is looked up, as ``create_connection`` would."""
    line = socket.socket(socket.AF_INET if place.version == IPV4 else socket.AF_INET6)
    try:
        line.settimeout(seconds)
        line.connect((str(place), port))
    except OSError:
        line.close()
        raise
    return line


def _secured(
    plain: socket.socket, where: Destination, rules: OutgoingRules, deadline: Deadline
) -> BoundedSocket:
    """Return the connection under TLS, to whoever has a certificate for the host."""
    context = ssl.create_default_context()
    if rules.ca_file:
        context.load_verify_locations(rules.ca_file)
    context.sslsocket_class = BoundedSocket
    plain.settimeout(deadline.left())
    line = cast("BoundedSocket", context.wrap_socket(plain, server_hostname=where.host))
    line.deadline = deadline
    return line


def _asked(
    line: ssl.SSLSocket, where: Destination, body: bytes, headers: Mapping[str, str]
) -> OutgoingAnswer:
    """Send the request and read the answer; once there is a status, a text cut off is no harm."""
    asked = HTTPSConnection(where.host, where.port, context=line.context)
    asked.auto_open = 0
    asked.sock = line
    asked.request("POST", where.target, body, {**headers, "Connection": "close"})
    answer = asked.getresponse()
    return OutgoingAnswer(
        answer.status, _beginning(answer), answer.headers.get("Retry-After", "")[:100]
    )


def _beginning(answer: HTTPResponse) -> str:
    """Return the first signs of an answer's text that can be shown."""
    try:
        text = answer.read(READ_MOST).decode("utf-8", "replace")
    except _FAULTS:
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in text[:KEPT_MOST]).strip()
