"""Passwords that follow a pattern which whoever guesses tries first."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# In the order of the keys here, of the alphabet and of the columns of the keyboard.
ROWS = (
    "1234567890",
    "0123456789",
    "qwertyuiopå",
    "asdfghjklöä",
    "asdfghjkløæ",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyzåäö",
    "abcdefghijklmnopqrstuvwxyzæøå",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
RUN_LEAST = 4  # shorter runs are in many a word
REST_LEAST = 8  # signs that must be left when the runs are taken out
PART_LEAST = 12  # a part that is repeated must be a password by itself
DIGITS_LEAST = 20
_STEPS = frozenset(pair for row in ROWS for way in (row, row[::-1]) for pair in pairwise(way))


class PatternValidator:
    """Refuse runs of keys, repeated parts, and digits alone unless there are many."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when little is left that is not such a pattern."""
        del user
        if digits_alone(password):
            raise ValidationError(
                _("This password is too easy to guess: digits alone must be at least %d.")
                % DIGITS_LEAST,
                code="password_digits",
            )
        if is_patterned(password):
            raise ValidationError(
                _(
                    "This password is too easy to guess: it is keys or letters in order, or a "
                    "part that is repeated."
                ),
                code="password_pattern",
            )

    def get_help_text(self) -> str:
        return _(
            "A password may not be keys or letters in order, a repeated part, or a short number."
        )


def digits_alone(password: str) -> bool:
    """Return whether a password is a number, with or without signs between, that is too short."""
    letters = [sign for sign in password if sign.isalnum()]
    return (
        bool(letters) and all(sign.isdigit() for sign in letters) and len(password) < DIGITS_LEAST
    )


def is_patterned(password: str) -> bool:
    """Return whether a part is repeated, or little is left without the runs of keys.

    Example:
        >>> [is_patterned(one) for one in ("qwerty123456!", "hej hej hej hej", "kari spiser ost")]
        [True, True, False]

    """
    text = password.lower()
    return _period(text) < min(PART_LEAST, len(text)) or _left(text) < min(REST_LEAST, len(text))


def _period(text: str) -> int:
    """Return the length of the part that the whole text repeats, the text's own if none."""
    return next(n for n in range(1, len(text) + 1) if text == (text[:n] * len(text))[: len(text)])


def _left(text: str) -> int:
    """Return how many signs are in no run of RUN_LEAST keys or equal signs."""
    left, run = 0, 0
    for at, sign in enumerate(text):
        goes_on = at > 0 and (text[at - 1] == sign or (text[at - 1], sign) in _STEPS)
        if not goes_on:
            left += run if run < RUN_LEAST else 0
            run = 0
        run += 1
    return left + (run if run < RUN_LEAST else 0)
