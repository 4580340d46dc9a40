"""Settings come from the environment, typed; a wrong value says how to mend it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

from samsyn.kernel.limits import limits_read
from samsyn.kernel.outgoing import networks_read

T = TypeVar("T")


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One variable: its name, how it is read, its default and what it means."""

    name: str
    read: Callable[[str], T]
    default: str
    meaning: str
    secret: bool = False

    def value(self) -> T:
        """Return the value from the environment, or the default.

        Raises:
            ImproperlyConfigured: the text cannot be read as such a value.

        """
        text = os.environ.get(self.name, self.default)
        try:
            return self.read(text)
        except ValueError as error:
            shown = "(hidden)" if self.secret else repr(text)
            raise ImproperlyConfigured(f"{self.name} is {shown}: {error}") from error


def words(text: str) -> list[str]:
    """Return the words of a comma-separated list."""
    return [word.strip() for word in text.split(",") if word.strip()]


def switch(text: str) -> bool:
    """Return True for on, yes, true, 1; False for off, no, false, 0 and nothing.

    Raises:
        ValueError: the text is none of these.

    """
    known = {"on": True, "yes": True, "true": True, "1": True}
    known |= {"off": False, "no": False, "false": False, "0": False, "": False}
    if text.strip().lower() not in known:
        raise ValueError("write on or off")
    return known[text.strip().lower()]


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader that takes only one of these words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"write one of {', '.join(choices)}")
        return text

    return read


def proxies(text: str) -> int | None:
    """Return a number of proxies, or None when it is not said.

    Raises:
        ValueError: it is no number from 0 to 9.

    """
    if not text.strip():
        return None
    if text.strip() not in set("0123456789"):
        raise ValueError("write how many proxies there are, from 0 to 9")
    return int(text)


def trusted_proxies() -> int:
    """Return how many proxies stand before the server, also where only the old name is set."""
    number = TRUSTED_PROXIES.value()
    if number is not None:
        return number
    return int(TRUSTED_PROXY.value())


def uses_old_name() -> bool:
    """Return whether only the old name says that there is a proxy."""
    return TRUSTED_PROXIES.value() is None and TRUSTED_PROXY.value()


def positive(text: str) -> int:
    """Return a whole number above zero.

    Raises:
        ValueError: it is none.

    """
    if int(text) < 1:
        raise ValueError("write a whole number above 0")
    return int(text)


def existing_file(text: str) -> str:
    """Return the path of a file, or nothing.

    Raises:
        ValueError: there is no such file.

    """
    if text and not Path(text).is_file():
        raise ValueError("there is no such file")
    return text


def scanner(text: str) -> str:
    """Return the address of a virus scanner.

    Raises:
        ValueError: it is neither tcp://HOST:PORT nor unix:/PATH.

    """
    if text and not text.startswith(("tcp://", "unix:/")):
        raise ValueError("write tcp://HOST:PORT or unix:/PATH")
    return text


MODE = Setting(
    "SAMSYN_MODE",
    one_of("production", "demonstration", "test"),
    "production",
    "production, or demonstration: sign in by choosing a person, and no mail leaves.",
)
HOME = Setting(
    "SAMSYN_HOME",
    Path,
    "",
    "The directory that holds everything an installation keeps; `var/` in a checkout.",
)
SECRET_KEY = Setting(
    "SAMSYN_SECRET_KEY",
    str,
    "",
    "The installation's secret, 50 characters or more; else the file `secret_key` in SAMSYN_HOME.",
    secret=True,
)
TRAIL_KEY = Setting(
    "SAMSYN_TRAIL_KEY",
    words,
    "",
    "Key of the trail, 32 characters or more; else the file `trail_key` in SAMSYN_HOME. "
    "Replaced keys follow after a comma: they still prove older entries.",
    secret=True,
)
TRAIL_ANCHOR_FILE = Setting(
    "SAMSYN_TRAIL_ANCHOR_FILE",
    str,
    "",
    "A file on another machine or medium to which the end of the trail is written every day.",
)
TRAIL_ANCHOR_MAIL = Setting(
    "SAMSYN_TRAIL_ANCHOR_MAIL",
    str,
    "",
    "An address outside the operator to which the end of the trail is mailed every day.",
)
DATABASE_URL = Setting(
    "SAMSYN_DATABASE_URL",
    str,
    "",
    "postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full; nothing means SQLite "
    "in SAMSYN_HOME.",
    secret=True,
)
DATABASE_OWNER_URL = Setting(
    "SAMSYN_DATABASE_OWNER_URL",
    str,
    "",
    "The same database with the role that owns the tables, for `samsyn setup`, `migrate`, "
    "`database_secure`, `backup` and `restore`; the servers need it never.",
    secret=True,
)
HOSTS = Setting(
    "SAMSYN_HOSTS", words, "localhost,127.0.0.1,[::1]", "Names the server answers to, by commas."
)
BASE_URL = Setting(
    "SAMSYN_BASE_URL", str, "http://127.0.0.1:8000", "The address that links in mail begin with."
)
BIND = Setting("SAMSYN_BIND", str, "127.0.0.1", "The address that pages are served at.")
PORT = Setting("SAMSYN_PORT", int, "8000", "The port that pages are served at.")
WORKERS = Setting(
    "SAMSYN_WORKERS", int, "2", "How many processes serve pages; one for each core is good."
)
TRUSTED_PROXIES = Setting(
    "SAMSYN_TRUSTED_PROXIES",
    proxies,
    "",
    "How many reverse proxies of ours stand before the server: 0 when browsers reach it directly. "
    "With 1 or more, X-Forwarded-Proto and the address that many places from the right of "
    "X-Forwarded-For are believed.",
)
TRUSTED_PROXY = Setting(
    "SAMSYN_TRUSTED_PROXY",
    switch,
    "off",
    "Old name: on means SAMSYN_TRUSTED_PROXIES=1 where that is not set.",
)
MAIL_HOST = Setting("SAMSYN_MAIL_HOST", str, "", "SMTP server; nothing keeps mail in the outbox.")
MAIL_PORT = Setting("SAMSYN_MAIL_PORT", int, "587", "Port of the SMTP server.")
MAIL_USER = Setting("SAMSYN_MAIL_USER", str, "", "User name at the SMTP server.")
MAIL_PASSWORD = Setting(
    "SAMSYN_MAIL_PASSWORD", str, "", "Password at the SMTP server.", secret=True
)
MAIL_TLS = Setting(
    "SAMSYN_MAIL_TLS", one_of("starttls", "tls", "none"), "starttls", "starttls, tls or none."
)
MAIL_FROM = Setting(
    "SAMSYN_MAIL_FROM", str, "Samsyn <samsyn@localhost>", "The sender of Samsyn's mail."
)
TIME_ZONE = Setting(
    "SAMSYN_TIME_ZONE", str, "Europe/Oslo", "The zone that times are shown in by default."
)
LANGUAGE = Setting(
    "SAMSYN_LANGUAGE", one_of("sv", "nb", "en"), "nb", "The language of a new person: sv, nb or en."
)
SESSION_HOURS = Setting(
    "SAMSYN_SESSION_HOURS", positive, "12", "Hours after which one must sign in again."
)
SESSION_IDLE_MINUTES = Setting(
    "SAMSYN_SESSION_IDLE_MINUTES",
    positive,
    "60",
    "Minutes without a request after which one must sign in again.",
)
SECOND_FACTOR = Setting(
    "SAMSYN_SECOND_FACTOR",
    one_of("offered", "required"),
    "offered",
    "offered, or required: who signs in with a password alone must set one up before going on.",
)
BREACHED_PASSWORDS = Setting(
    "SAMSYN_BREACHED_PASSWORDS",
    existing_file,
    "",
    "File of breached passwords that are refused: SHA-1 in upper case, sorted, one a line.",
)
OIDC_SERVER = Setting(
    "SAMSYN_OIDC_SERVER", str, "", "Address of an OpenID Connect provider for sign-in."
)
OIDC_CLIENT = Setting("SAMSYN_OIDC_CLIENT", str, "", "Client id at that provider.")
OIDC_SECRET = Setting("SAMSYN_OIDC_SECRET", str, "", "Client secret at that provider.", secret=True)
OIDC_NAME = Setting("SAMSYN_OIDC_NAME", str, "OpenID Connect", "What the sign-in button says.")
BACKUP_DAYS = Setting(
    "SAMSYN_BACKUP_DAYS",
    int,
    "2",
    "How many days old the last backup may be before doctor and the health page warn.",
)
STORE_MEMORY_MB = Setting(
    "SAMSYN_STORE_MEMORY_MB", int, "1024", "Memory for each query of the analytical store, MiB."
)
IMPORT = Setting(
    "SAMSYN_IMPORT",
    one_of("threads", "serial"),
    "threads",
    "threads, or serial: an import does one thing after the other in one thread; slower, with the "
    "same outcome, for a machine on which threads make trouble.",
)
CLAIM_PREFIX4 = Setting(
    "SAMSYN_CLAIM_PREFIX4",
    int,
    "20",
    "IPv4 ranges wider than this prefix length wait for the operator's confirmation.",
)
CLAIM_PREFIX6 = Setting(
    "SAMSYN_CLAIM_PREFIX6",
    int,
    "40",
    "IPv6 ranges wider than this prefix length wait for the operator's confirmation.",
)
CLAIM_PRIVATE = Setting(
    "SAMSYN_CLAIM_PRIVATE",
    one_of("refused", "allowed"),
    "refused",
    "refused or allowed: claims on private address ranges, AS numbers and names, such as "
    "10.0.0.0/8 and names below .local. Many networks have them: a signal does not tell whose.",
)
FILE_MB = Setting("SAMSYN_FILE_MB", int, "50", "The largest file kept as evidence, MiB.")
REPORT_MB = Setting(
    "SAMSYN_REPORT_MB", int, "200", "The largest report taken through a page, MiB, packed or not."
)
LIMITS = Setting(
    "SAMSYN_LIMITS",
    limits_read,
    "",
    "How many of a thing one may have, where it is not as listed below: contacts=200,tokens=50.",
)
API_CALLS = Setting(
    "SAMSYN_API_CALLS",
    positive,
    "600",
    "How many calls of the API a token, or a person without one, may make in a minute.",
)
CLAMD = Setting(
    "SAMSYN_CLAMD",
    scanner,
    "",
    "clamd that looks files through: tcp://HOST:PORT or unix:/PATH; nothing looks none through.",
)
FILES_BUCKET = Setting(
    "SAMSYN_FILES_BUCKET",
    str,
    "",
    "Keep evidence in this bucket of an S3-compatible store; nothing keeps it in SAMSYN_HOME.",
)
FILES_ENDPOINT = Setting(
    "SAMSYN_FILES_ENDPOINT",
    str,
    "",
    "Address of the store, as https://HOST; buckets stand below it.",
)
FILES_REGION = Setting("SAMSYN_FILES_REGION", str, "us-east-1", "Region of the store.")
FILES_KEY = Setting("SAMSYN_FILES_KEY", str, "", "Access key id at the store.")
FILES_SECRET = Setting(
    "SAMSYN_FILES_SECRET", str, "", "Secret access key at the store.", secret=True
)
OUTGOING_NETWORKS = Setting(
    "SAMSYN_OUTGOING_NETWORKS",
    networks_read,
    "",
    "Networks of one's own that webhooks may be sent to, by commas, as 10.1.0.0/16; nothing lets "
    "them go to the public internet only.",
)
OUTGOING_CA_FILE = Setting(
    "SAMSYN_OUTGOING_CA_FILE",
    existing_file,
    "",
    "File of certificates (PEM) of authorities that webhooks trust besides the system's.",
)


def every_setting() -> Iterator[Setting[object]]:
    """Yield each setting in the order of this file."""
    for value in list(globals().values()):
        if isinstance(value, Setting):
            yield value
