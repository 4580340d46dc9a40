"""Texts that people and programs have written, as paper, slides and sheets can show them."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining

MARKS_MOST = 4  # accents on one letter; some scripts stack three
NOT_SHOWN = {"Cc", "Cs", "Co", "Cn"}  # control, half a character, private, unassigned
# Marks at the start of a file, and signs that turn the order of letters around.
TURNING = {"\ufeff", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
BREAKS = {"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}


def printable(text: str) -> str:
    r"""Return a text without what no page, slide or sheet can show; line breaks and tabs stay.

    Signs that reverse the reading order go too: on paper they would make a text say something
    else than on the screen. Accents piled on one letter are cut to four.

    Example:
        >>> printable("Fjell\x00vik\r\n\u202eby")
        'Fjellvik\nby'

    """
    if text.isascii() and text.isprintable():  # most are
        return text
    shown = "".join(map(_shown, text.replace("\r\n", "\n")))
    return shown if shown.isascii() else _without_piles(shown)


def has_words(text: str) -> bool:
    """Return whether there is anything to see in a text."""
    return any(category(sign)[0] in "LNPS" for sign in text)


@lru_cache(maxsize=5000)
def _shown(sign: str) -> str:
    if sign in "\n\t":
        return sign
    if sign in BREAKS:
        return BREAKS[sign]
    return "" if category(sign) in NOT_SHOWN or sign in TURNING else sign


def _without_piles(text: str) -> str:
    shown, marks = [], 0
    for sign in text:
        marks = marks + 1 if combining(sign) else 0
        if marks <= MARKS_MOST:
            shown.append(sign)
    return "".join(shown)
