"""Texts that people and programs have written, as paper, slides and sheets can show them."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, combining, normalize

# What moves the cursor, colours, rings or turns the order of letters around.
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
SAYS_NOTHING = frozenset({"", "0", "unknown", "none", "null", "n/a", "-"})  # as reports write it
MARKS_MOST = 4  # accents on one letter; some scripts stack three
NOT_SHOWN = {"Cc", "Cs", "Co", "Cn"}  # control, half a character, private, unassigned
# Marks at the start of a file, and signs that turn the order of letters around.
TURNING = {"\ufeff", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
# Marks without a shape: joiners, and signs that choose how the one before them looks.
SHAPELESS = {"\u034f", *map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])}
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


def for_terminal(text: str) -> str:
    r"""Return a text in which what would steer a terminal is spelt out; line ends and tabs stay.

    It is spelt as JSON spells it, so that JSON still says the same.

    Example:
        >>> print(for_terminal("a\x1b[31mb"))
        a\u001b[31mb

    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    r"""Return a name in one form: one line, single blanks, composed letters, nothing unseen.

    Example:
        >>> one_line(" Alms\u200bjo\u0308 \n kommun")
        'Almsjö kommun'

    """
    seen = "".join(s for s in text if s.isspace() or not _is_unseen(s))
    return normalize("NFC", " ".join(seen.split()))


def name_key(text: str) -> str:
    """Return what two names share that are one name: without case and ways to write a letter.

    Example:
        >>> name_key("ALMSJÖ") == name_key("Almsjo\u0308")
        True

    """
    return normalize("NFKC", normalize("NFKC", one_line(text)).casefold())


def _is_unseen(sign: str) -> bool:
    return category(sign) in {*NOT_SHOWN, "Cf"} or sign in SHAPELESS


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
