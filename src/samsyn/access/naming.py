"""Names and addresses as models keep them: one form, and none that can pass for another.

The trail writes whoever acts as ``Name <address>``. A name that holds an address, a line
break or a sign that turns the reading order could sign for somebody else there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.mail_addresses import address_in
from samsyn.kernel.texts import has_words, one_line

if TYPE_CHECKING:
    TextOfOneLine = models.CharField[str, str]
    TextOfLines = models.TextField[str, str]
    MailAddress = models.EmailField[str, str]
else:
    TextOfOneLine = models.CharField
    TextOfLines = models.TextField
    MailAddress = models.EmailField

PERSON_NAME_MOST = 120
NAME_LEAST = 20
SIGNED_MOST = 200  # what the trail and other columns keep
ADDRESS_SIGNS = "<>@"
no_address = RegexValidator(
    f"[{ADDRESS_SIGNS}]",
    _("A name cannot contain <, > or @."),
    inverse_match=True,
)
plain_address = RegexValidator(
    # the last of them are signs that nobody sees
    r'["\s<>(),;:\\\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]',
    _("Write the address alone, as name@organisation.example."),
    inverse_match=True,
)
Deconstructed = tuple[str, str, Any, dict[str, Any]]


class LineField(TextOfOneLine):
    """A text on one line: composed letters, single blanks, no control or format signs.

    To migrations it is the field that it is based on: the column is the same.
    """

    def to_python(self, value: Any) -> Any:
        """Return the text in its one form; what holds nothing to see is empty."""
        text = super().to_python(value)
        return text if text is None else line_of(text)

    def get_prep_value(self, value: Any) -> Any:
        """Return a value as it is: what is searched for may begin or end with a blank."""
        return super().to_python(value)

    def deconstruct(self) -> Deconstructed:
        """Return how the column is made, for migrations."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class PersonNameField(LineField):
    """A name that stands beside an address or signs something: it holds no address itself."""

    default_validators = [*LineField.default_validators, no_address]


class LinesField(TextOfLines):
    """Names or points, one a line, each in the form of a ``LineField``."""

    def to_python(self, value: Any) -> Any:
        """Return the lines, each in its one form; empty lines go."""
        text = super().to_python(value)
        return text if text is None else "\n".join(filter(None, map(line_of, text.splitlines())))

    def get_prep_value(self, value: Any) -> Any:
        """Return a value as it is: what is searched for may begin or end with a blank."""
        return super().to_python(value)

    def deconstruct(self) -> Deconstructed:
        """Return how the column is made, for migrations."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options


class AddressField(MailAddress):
    """A mail address without the quoted form, in which another address can stand.

    Source:
        RFC 5321 4.1.2: a local part in quotes may hold any sign, ``"a <b@c.example>"@d.example``.

    """

    default_validators = [*MailAddress.default_validators, plain_address]

    def deconstruct(self) -> Deconstructed:
        """Return how the column is made, for migrations."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.EmailField", args, options


class CopiedAddress(forms.EmailField):
    """An address as people copy it: with the name before it, or from a link."""

    widget = forms.TextInput(attrs={"inputmode": "email"})  # a browser would refuse the name

    def to_python(self, value: Any) -> str:
        """Return the address alone, where the text says one."""
        return address_in(str(super().to_python(value)))


class CopiedAddressField(AddressField):
    """An address that is copied from elsewhere, and kept alone."""

    def formfield(self, **options: Any) -> Any:
        """Return the form's field, which takes the address out of what is copied."""
        return super().formfield(**{"form_class": CopiedAddress, **options})


def line_of(text: str) -> str:
    """Return a text in the one form of a name; what holds nothing to see is empty."""
    return one_line(text) if has_words(text) else ""


def signed(name: str, address: str, *, token: str = "") -> str:
    """Return how the trail writes a person, also one whose name is older than the rule.

    The columns that keep it cut what is longer: a long name is cut here instead, so that the
    address is whole, which tells people of one name apart.

    Args:
        name: of the person.
        address: of their account.
        token: name of the API token by which a program acts for them.

    """
    end = f" <{address}>{f' (token {token})' if token else ''}"
    room = max(NAME_LEAST, SIGNED_MOST - len(end))
    return f"{person_name_from(name)[:room].rstrip()}{end}"


def person_name_from(text: str) -> str:
    """Return what can be kept as a person's name of a text from elsewhere; perhaps nothing."""
    return line_of(text.translate(dict.fromkeys(map(ord, ADDRESS_SIGNS), " ")))[:PERSON_NAME_MOST]
