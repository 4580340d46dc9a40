"""Numbers as people of our languages type them: a comma or a point before decimals, blanks between.

A browser's own field for numbers drops the comma where the browser, not the page, is in English:
0,5 came as 05. So numbers are typed as texts and read here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import get_language

WHOLE = re.compile(r"[-−]?\d+(?:[.,]0{1,2})?")  # .000 may part off thousands
DECIMAL = re.compile(r"[-−]?\d*[.,]?\d+(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-−]?\d{1,3},\d{3}")  # in English; decimals in our other languages
NO_NUMBER = "?"  # what Django refuses in its own words


def number_typed(text: str, *, is_whole: bool) -> str:
    """Return a number as Python writes it; what could be read in two ways is none.

    Example:
        >>> number_typed("12 500,5", is_whole=False)
        '12500.5'
        >>> number_typed("0,5", is_whole=True)
        '?'

    """
    typed = "".join(text.split())
    if not typed:
        return ""
    if not (WHOLE if is_whole else DECIMAL).fullmatch(typed):
        return NO_NUMBER
    if not is_whole and THOUSANDS.fullmatch(typed) and (get_language() or "en")[:2] == "en":
        return NO_NUMBER
    return typed.replace(",", ".").replace("−", "-")


def type_as_text(field: forms.IntegerField | forms.FloatField) -> None:
    """Let a field of a form take a number as it is typed, whatever language the browser is in."""
    if not isinstance(field.widget, forms.NumberInput):
        return
    is_whole = not isinstance(field, forms.FloatField | forms.DecimalField)
    attrs = {name: held for name, held in field.widget.attrs.items() if name not in LIMITS}
    least = field.min_value
    if isinstance(least, int | float) and least >= 0:  # such a keyboard has no minus
        attrs.setdefault("inputmode", "numeric" if is_whole else "decimal")
    field.widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    field.widget.is_required, field.widget.is_localized = field.required, True
    field.to_python = partial(_read, field, is_whole)  # type: ignore[method-assign]  # of this form's copy


LIMITS = {"min", "max", "step"}  # of a browser's own field; the form's validators hold


def _read(field: Any, is_whole: bool, value: Any) -> Any:
    text = number_typed(value, is_whole=is_whole) if isinstance(value, str) else value
    return type(field).to_python(field, text)
