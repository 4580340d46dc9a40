"""Passwords that are too easy to guess here, and those that are known to be stolen."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from samsyn.access.selectors import own_memberships

# Words that people here think of first; the names of their organisations are added.
FAMILIAR = (
    "samsyn",
    "csirt",
    "kommun",
    "municipality",
    "password",
    "passord",
    "lösenord",
    "losenord",
    "sommer",
    "sommar",
    "vinter",
    "welcome",
    "velkommen",
    "välkommen",
)
REST_LEAST = 8  # letters and signs that must be left when the familiar words are taken out
WORD_LEAST = 4


class FamiliarWordsValidator:
    """Refuse a password that is little more than words everybody here would try."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when too little is left without the familiar words."""
        rest = password.lower()
        for word in sorted({*FAMILIAR, *_of(user)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < REST_LEAST and rest != password.lower():
            raise ValidationError(
                _("This password is too easy to guess: it is made of words that are used here."),
                code="password_familiar",
            )

    def get_help_text(self) -> str:
        return _("A password may not consist of the names of Samsyn or your organisation.")


def _of(user: Any) -> set[str]:
    """Return the words of the names of a person's organisations."""
    if user is None or user.pk is None:
        return set()
    names = " ".join(one.organisation.name for one in own_memberships(user.pk)).lower()
    return {word for word in names.split() if len(word) >= WORD_LEAST}


class BreachedPasswordValidator:
    """Refuse a password whose SHA-1 is in a sorted file, such as that of Have I Been Pwned.

    The file is searched where it lies, by halves: it may be larger than the memory.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is in the file."""
        del user
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        with self.path.open("rb") as file:
            if _has_line(file, digest.encode()):
                raise ValidationError(
                    _("This password is known from a data breach. Choose another."),
                    code="password_breached",
                )

    def get_help_text(self) -> str:
        return _("A password may not be one that is known from a data breach.")


def _has_line(file: BinaryIO, wanted: bytes) -> bool:
    """Return whether a line of a sorted file begins with these bytes."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        _to_line(file, middle)
        line = file.readline()
        if line and line[: len(wanted)].upper() < wanted:
            low = middle + 1
        else:
            high = middle
    _to_line(file, low)
    return file.readline()[: len(wanted)].upper() == wanted


def _to_line(file: BinaryIO, place: int) -> None:
    """Go to the first line that begins at this place or after it."""
    file.seek(max(0, place - 1))
    if place:
        file.readline()
