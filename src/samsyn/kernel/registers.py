"""Numbers that national registers give: of organisations and of municipalities."""

from __future__ import annotations

import re
from dataclasses import dataclass

from samsyn.kernel.phrases import gettext as _
from samsyn.kernel.texts import one_line

_SEPARATORS = re.compile(r"[\s.\-]")
_WHOLE = re.compile(r"(\d+)[.,]0")  # as a spreadsheet writes what it took for a number
_CENTURY = "16"  # before a Swedish organisation number where twelve digits are asked for
_NOT_PERSON = 2  # the third digit of a Swedish organisation number is this at least


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a country's organisation numbers are written, and what proves them right.

    ``weights`` are those of modulus 11, the check digit included; empty where the Luhn formula
    (modulus 10) is used. ``groups`` are the digits between blanks or hyphens.
    """

    weights: tuple[int, ...]
    groups: tuple[int, ...]
    parted_by: str
    example: str

    @property
    def digits(self) -> int:
        """How many digits a number has."""
        return sum(self.groups)


# Sources: Skatteverket SKV 709 (organisationsnummer, modulus 10); Brønnøysundregistrene
# (organisasjonsnummer, modulus 11); Erhvervsstyrelsen (CVR); PRH (Y-tunnus); Þjóðskrá (kennitala).
FORMS = {
    "SE": NumberForm((), (6, 4), "-", "212000-0142"),
    "NO": NumberForm((3, 2, 7, 6, 5, 4, 3, 2, 1), (3, 3, 3), " ", "958 935 420"),
    "DK": NumberForm((2, 7, 6, 5, 4, 3, 2, 1), (8,), "", "64942212"),
    "FI": NumberForm((7, 9, 10, 5, 8, 4, 2, 1), (7, 1), "-", "0201256-6"),
    "IS": NumberForm((3, 2, 7, 6, 5, 4, 3, 2, 1), (6, 4), "-", "530269-7609"),
}
CODE_DIGITS = {"SE": 4, "NO": 4, "DK": 3, "FI": 3, "IS": 4}


class NumberRefused(ValueError):
    """The text is no such number; the message says what is wrong, in a user's words."""


def organisation_number(country: str, text: str) -> str:
    """Return the digits of an organisation number, or nothing where nothing is written.

    Args:
        country: which register gave it.
        text: as it is written or kept in a spreadsheet: ``212000-0142``, ``958 935 420``.

    Raises:
        NumberRefused: it has too many or too few digits, or its check digit is another.

    Source:
        See ``FORMS``.

    Example:
        >>> organisation_number("SE", "212000-0142"), organisation_number("NO", "958 935 420")
        ('2120000142', '958935420')

    """
    digits = _digits(text)
    if not digits:
        return ""
    form = FORMS[country]
    if country == "SE" and len(digits) == form.digits + len(_CENTURY):
        digits = digits.removeprefix(_CENTURY)
    if not (digits.isascii() and digits.isdigit()) or len(digits) != form.digits:
        said = _("%(text)s is no organisation number there: write %(most)d digits, as %(example)s.")
        values = {"text": one_line(text), "most": form.digits, "example": form.example}
        raise NumberRefused(said % values)
    if not _is_right(country, digits):
        said = _("%s is no organisation number: a digit is wrong.")
        raise NumberRefused(said % one_line(text))
    return digits


def organisation_number_text(country: str, digits: str) -> str:
    """Return an organisation number as people in a country write it.

    Source:
        See ``FORMS``.

    Example:
        >>> organisation_number_text("SE", "2120000142"), organisation_number_text("SE", "")
        ('212000-0142', '')

    """
    form = FORMS.get(country)
    if form is None or len(digits) != form.digits:
        return digits
    parts, at = [], 0
    for size in form.groups:
        parts.append(digits[at : at + size])
        at += size
    return form.parted_by.join(parts)


def municipality_code(country: str, text: str) -> str:
    """Return the code of a municipality, with the zeros that a spreadsheet takes away.

    Raises:
        NumberRefused: it has too many digits, or signs that are none.

    Source:
        SCB (kommunkod), SSB Klass 131 (kommunenummer), Danmarks Statistik, Tilastokeskus, Hagstofa.

    Example:
        >>> municipality_code("NO", "301"), municipality_code("SE", "0180")
        ('0301', '0180')

    """
    digits = _digits(text)
    if not digits:
        return ""
    most = CODE_DIGITS[country]
    code = digits.zfill(most)
    if not (code.isascii() and code.isdigit()) or len(code) != most or not int(code):
        said = _("%(text)s is no municipality code there: write %(most)d digits.")
        raise NumberRefused(said % {"text": one_line(text), "most": most})
    return code


def _digits(text: str) -> str:
    written = one_line(text)
    if found := _WHOLE.fullmatch(written):
        return found[1]
    return _SEPARATORS.sub("", written)


def _is_right(country: str, digits: str) -> bool:
    form = FORMS[country]
    if form.weights:
        pairs = zip(form.weights, digits, strict=False)
        return sum(weight * int(digit) for weight, digit in pairs) % 11 == 0
    doubled = (int(digit) * (1 + (place + 1) % 2) for place, digit in enumerate(digits))
    return (
        int(digits[2]) >= _NOT_PERSON and sum(map(sum, (divmod(n, 10) for n in doubled))) % 10 == 0
    )
