"""E-mail addresses as people copy them: from a letter's heading, or from a link."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import unquote

_NAMED = re.compile(r"[^<>]*<\s*([^<>@\s]+@[^<>@\s]+)\s*>")
_LINK = "mailto:"


def address_in(text: str) -> str:
    """Return the one address that a text says; a text that says none, or several, as it stands.

    Args:
        text: such as ``drift@almby.example``, ``mailto:drift@almby.example?subject=x`` or
            ``"Nordmann, Kari" <kari@almby.example>``. Where the address is not the last thing in
            angle brackets it is not taken: it could be a part of another.

    Source:
        RFC 5322 3.4 (a name before an address), RFC 6068 (links to an address).

    Example:
        >>> address_in("Kari Nordmann <kari@almby.example>"), address_in("mailto:x@almby.example")
        ('kari@almby.example', 'x@almby.example')

    """
    written = normalize("NFC", text).strip()
    if found := _NAMED.fullmatch(written):
        written = found[1]
    if written.lower().startswith(_LINK):
        written = unquote(written[len(_LINK) :].partition("?")[0]).strip()
    return written
