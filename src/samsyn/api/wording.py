"""What is said of input that does not fit the schema, in the language of who reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OR = re.compile(r" or (?=(?:'[^']*'|[^' ]+)\Z)")  # before the last of a list of choices

# Types of errors as pydantic names them; what they are called with is in their context.
SAID: dict[str, Any] = {
    "missing": gettext_lazy("It must be given."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "greater_than": gettext_lazy("It must be more than %(gt)s."),
    "greater_than_equal": gettext_lazy("It must be %(ge)s or more."),
    "less_than": gettext_lazy("It must be less than %(lt)s."),
    "less_than_equal": gettext_lazy("It must be %(le)s or less."),
    "finite_number": gettext_lazy("It must be a number."),
    "string_type": gettext_lazy("It must be a text."),
    "string_too_short": gettext_lazy("It must have at least %(min_length)s signs."),
    "string_too_long": gettext_lazy("It can have at most %(max_length)s signs."),
    "string_pattern_mismatch": gettext_lazy("It is not written as it must be."),
    "too_short": gettext_lazy("There must be at least %(min_length)s of them."),
    "too_long": gettext_lazy("There can be at most %(max_length)s of them."),
    "list_type": gettext_lazy("It must be a list."),
    "json_invalid": gettext_lazy("It cannot be read as JSON."),
    "enum": gettext_lazy("It must be one of: %(expected)s."),
    "literal_error": gettext_lazy("It must be one of: %(expected)s."),
}
# Kinds of values, each with several types of errors: int_type, int_parsing and so on.
KINDS: dict[str, Any] = {
    "int": gettext_lazy("It must be a whole number."),
    "float": gettext_lazy("It must be a number."),
    "decimal": gettext_lazy("It must be a number."),
    "bool": gettext_lazy("It must be true or false."),
    "date": gettext_lazy("It must be a date, such as 2026-11-30."),
    "datetime": gettext_lazy("It must be a date and a time, such as 2026-11-30T12:00:00Z."),
    "timezone": gettext_lazy("It must be a date and a time, such as 2026-11-30T12:00:00Z."),
    "dict": gettext_lazy("It must be an object with fields."),
    "model": gettext_lazy("It must be an object with fields."),
}


def wrong_text(error: Mapping[str, Any]) -> str:
    """Return what is wrong with one value, as pydantic found it; in general if it is none of ours.

    Args:
        error: its ``type`` and ``ctx``.

    """
    kind = str(error.get("type", ""))
    said = SAID.get(kind) or KINDS.get(kind.partition("_")[0])
    if said is None:
        return _("The value cannot be used here.")
    return str(said) % _in_any_language(error.get("ctx") or {})


def _in_any_language(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what pydantic says of an error, without the English word in a list of choices.

    It writes ``'', 'on' or 'off'``; we write commas, which every language has.
    """
    if "expected" not in known:
        return dict(known)
    return {**known, "expected": OR.sub(", ", str(known["expected"]))}
