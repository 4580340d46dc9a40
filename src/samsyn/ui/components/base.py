from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

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


def joined(pieces: Iterable[object]) -> SafeString:
    """Return the pieces one after the other; plain text among them is escaped."""
    return format_html_join("", "{}", ((conditional_escape(piece),) for piece in pieces))
