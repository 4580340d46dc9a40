from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import cast

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Text = str | Promise


class Tone(StrEnum):
    """What a colour says; the words beside it say the same."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, kw_only=True)
class Component:
    """A piece of a page: typed values in, HTML out. ``{{ component }}`` renders it."""

    def html(self) -> SafeString:
        """Return the HTML of the piece."""
        raise NotImplementedError

    def __str__(self) -> SafeString:
        return self.html()

    __html__ = __str__


def escaped(piece: object) -> str:
    """Return a piece as HTML: a component as it is, anything else escaped."""
    if type(piece) is SafeString:
        return piece
    if type(piece) is str:  # the quick way: a list has hundreds of them
        return escape(piece)
    return str(conditional_escape(cast("str", piece)))


def joined(pieces: Iterable[object]) -> SafeString:
    """Return the pieces one after the other; plain text among them is escaped."""
    # Safe: each piece has just been escaped, or was HTML already.
    return mark_safe("".join(escaped(piece) for piece in pieces))  # noqa: S308  every piece is escaped
