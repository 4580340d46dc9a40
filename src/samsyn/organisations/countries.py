"""The countries of organisations: what is written there, and what their registers give."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.registers import NumberRefused, municipality_code, organisation_number


class Country(models.TextChoices):
    """Where the organisation is, which decides law and holidays."""

    NORWAY = "NO", _("Norway")
    SWEDEN = "SE", _("Sweden")
    DENMARK = "DK", _("Denmark")
    FINLAND = "FI", _("Finland")
    ICELAND = "IS", _("Iceland")


LANGUAGE_OF = {Country.NORWAY.value: "nb", Country.SWEDEN.value: "sv"}


def language_of(country: str) -> str:
    """Return the language that is written in a country: English where we speak no other of its."""
    return LANGUAGE_OF.get(country, "en")


def _by_field(name: str, read: Callable[[str, str], str]) -> Callable[[str, str], str]:
    """Return a reader whose refusal names the field."""

    def cleaned(country: str, text: str) -> str:
        try:
            return read(country, text)
        except NumberRefused as error:
            raise ValidationError({name: str(error)}) from error

    return cleaned


NUMBERS = {
    "organisation_number": _by_field("organisation_number", organisation_number),
    "municipality_code": _by_field("municipality_code", municipality_code),
}
