"""Addresses that open something for whoever holds them, and how they are hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "…"
# Answering a letter, the way in to a dialogue and a seat in it, a calendar feed, a new password.
_SECRET = re.compile(
    r"(/answer/|/rate/in/|/rate/(?!in/)|/wheel/feed/|/accounts/password/reset/key/)([^\s\"'<>/?#&]+)"
)


def masked(text: str) -> str:
    """Return a text in which no address opens anything.

    Example:
        >>> masked("https://samsyn.example/answer/abc.def/7/")
        'https://samsyn.example/answer/…/7/'

    """
    return _SECRET.sub(rf"\1{MASK}", text)


def secrets_in(text: str) -> list[str]:
    """Return what ``masked`` leaves out, in order."""
    return [found[1] for found in _SECRET.findall(text)]


def unmasked(text: str, secrets: Iterable[str]) -> str:
    """Return the text whose masked form and secrets these are.

    Raises:
        ValueError: there are more or fewer secrets than masks.

    """
    left = list(secrets)
    if len(left) != len(secrets_in(text)):
        raise ValueError("the secrets are of another text")
    return _SECRET.sub(lambda found: found[1] + left.pop(0), text)
