"""Domain names: what is written, and which part somebody has registered."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

_NAME_MAX = 253


@lru_cache(maxsize=1)
def _extract() -> tldextract.TLDExtract:
    # The bundled list: no network, no cache on disk.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable_domain(name: str) -> str:
    """Return the part of a name that somebody has registered, or nothing.

    Args:
        name: a host name; case and a final dot do not matter.

    Returns:
        The label before the public suffix, and the suffix. Empty when the name is
        itself a public suffix, or an address.

    Source:
        Public Suffix List (ICANN section), https://publicsuffix.org/list/.

    Example:
        >>> registrable_domain("www.fjellvik.kommune.no")
        'fjellvik.kommune.no'
        >>> registrable_domain("kommune.no")
        ''

    """
    found = _extract()(name.strip().rstrip(".").lower())
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    # A name under a suffix that is not listed, such as fjellvik.example: the last two labels.
    labels = name.strip().rstrip(".").lower().split(".")
    if found.suffix or found.ipv4 or found.ipv6 or len(labels) < 2:  # noqa: PLR2004  a domain has two labels at least
        return ""
    return ".".join(labels[-2:])


def ascii_name(name: str) -> str:
    """Return a name in the form that the network uses: one for each way of writing it.

    Raises:
        UnicodeError: it cannot be a name.

    Source:
        RFC 5891 (names in their ASCII form).

    Example:
        >>> ascii_name("Blåvik.Example"), ascii_name("Fjellvik.example")
        ('xn--blvik-nra.example', 'fjellvik.example')

    """
    if len(name) > _NAME_MAX:  # IDNA takes the length of a name squared
        raise UnicodeError
    lower = name.lower()
    return lower if lower.isascii() else lower.encode("idna").decode()


def readable_name(text: str) -> str:
    """Return a name, or an account at one, with its own letters, and the form of the network.

    The form of the network stays beside it, since letters of different alphabets look alike. A
    name whose letters do not lead back to it, or that cannot all be seen, is left as it is.

    Source:
        RFC 5891 (names in their ASCII form).

    Example:
        >>> readable_name("xn--blvik-nra.example"), readable_name("fjellvik.example")
        ('blåvik.example (xn--blvik-nra.example)', 'fjellvik.example')

    """
    if "xn--" not in text:
        return text
    account, at, name = text.rpartition("@")
    try:
        letters = name.encode("ascii").decode("idna")
        is_same = letters.encode("idna").decode() == name
    except UnicodeError:
        return text
    return f"{account}{at}{letters} ({text})" if is_same and letters.isprintable() else text


def is_public_suffix(name: str) -> bool:
    """Return whether names below this one belong to different people, so that it is nobody's.

    Counts top-level domains, registries' suffixes (``kommune.no``) and the suffixes under which
    hosting companies give out names (``github.io``).

    Args:
        name: a domain name; case and a final dot do not matter.

    Source:
        Public Suffix List (ICANN and private sections), https://publicsuffix.org/list/.

    Example:
        >>> is_public_suffix("kommune.no"), is_public_suffix("fjellvik.kommune.no")
        (True, False)

    """
    written = name.strip().rstrip(".").lower()
    found = _extract()(written, include_psl_private_domains=True)
    return "." not in written or found.suffix == written


def host_in(text: str) -> str:
    """Return the host name in a web address or a bare name, in lower case; else nothing.

    Example:
        >>> host_in("https://www.Fjellvik.example:8443/path")
        'www.fjellvik.example'

    """
    text = text.strip()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".").lower()
    return host if len(host) <= _NAME_MAX and " " not in host else ""
