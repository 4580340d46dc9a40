"""A receiver of what Samsyn sends: an HTTPS server on this machine, with a CA of its own.

What it does follows from the path that is asked for, so that one server shows every fault.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from samsyn.kernel.outgoing import OutgoingRules, networks_read

LOOPBACK = networks_read("127.0.0.0/8, ::1/128")


@dataclass(frozen=True)
class Received:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where the server is, what it trusts, and what it has received."""

    port: int
    ca_file: str
    received: list[Received] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # by path, in place of 200

    def url(self, path: str = "/ok", host: str = "localhost") -> str:
        return f"https://{host}:{self.port}{path}"

    @property
    def rules(self) -> OutgoingRules:
        """What an installation must allow to reach it."""
        return OutgoingRules(networks=LOOPBACK, ca_file=self.ca_file)


@contextmanager
def receiving(*, name: str = "localhost") -> Iterator[Receiver]:
    """Serve on loopback, with a certificate for a name."""
    place = certificates(name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "server.pem", place / "server.key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    receiver = Receiver(server.server_address[1], str(place / "ca.pem"))
    server.receiver = receiver
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # whoever asked has hung up
            self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver: Receiver = self.server.receiver
        receiver.received.append(Received(self.path, dict(self.headers.items()), body))
        does = getattr(self, f"do_{self.path.strip('/')}", None)
        if self.path in receiver.answers or does is None:
            self.answer(receiver.answers.get(self.path, 200), b"thanks")
        else:
            does()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_redirect(self) -> None:
        self.answer(302, Location="https://169.254.169.254/latest/meta-data/")

    def do_busy(self) -> None:
        self.answer(503, b"later", Retry_After="1800")

    def do_silent(self) -> None:
        time.sleep(3)

    def do_slow(self) -> None:
        time.sleep(0.3)
        self.answer(200, b"at last")

    def do_drip(self) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok":
            self.wfile.write(bytes([sign]))
            time.sleep(0.1)

    def do_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**9))
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"x" * 10**6)

    def do_negative(self) -> None:
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
        self.pour(b"x" * 10**6)

    def do_overflow(self) -> None:
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-" + b"f" * 24 + b"\r\n")

    def do_continue(self) -> None:
        self.pour(b"HTTP/1.1 100 Continue\r\n\r\n" * 40_000)

    def do_headers(self) -> None:
        self.raw(b"HTTP/1.1 200 OK\r\n")
        self.raw((b"X: " + b"x" * 60_000 + b"\r\n") * 90 + b"\r\n")

    def raw(self, text: bytes) -> None:
        self.wfile.write(text)

    def pour(self, text: bytes, *, seconds: float = 4.0) -> None:
        """Send a megabyte again and again until whoever asked hangs up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.raw(text)

    def do_reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def do_binary(self) -> None:
        self.answer(400, b"\x00no\r\n\x1b[31m\xff" + b"y" * 500)


@lru_cache
def certificates(name: str) -> Path:
    """Return a folder with a new CA and a certificate of it for a name, and for 127.0.0.1."""
    place = Path(tempfile.mkdtemp(prefix="samsyn-ca-"))
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _named("Samsyn test CA")
    key_use = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca = _made(issuer, issuer, authority.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    ca = ca.add_extension(key_use, critical=True)
    names = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    cert = _made(_named(name), issuer, own.public_key())
    cert = cert.add_extension(x509.SubjectAlternativeName(names), critical=False)
    pem = serialization.Encoding.PEM
    for file, made in (("ca.pem", ca), ("server.pem", cert)):
        (place / file).write_bytes(made.sign(authority, hashes.SHA256()).public_bytes(pem))
    (place / "server.key").write_bytes(
        own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return place


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _made(subject: x509.Name, issuer: x509.Name, key: object) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
