"""When two people change the same action: what it says now, beside what the second has typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samsyn.actions.models import Action
from samsyn.ui.components import Panel
from samsyn.ui.components.base import joined
from samsyn.ui.moments import day_text


def both_panel(action: Action, form: forms.Form) -> Panel:
    """Return the fields in which the two differ, side by side."""
    rows = [row for name in form.fields if (row := _row(action, form, name))]
    table = format_html(
        '<table class="ds-table list" role="table"><caption class="sr">{}</caption>'
        '<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{}</th>'
        '<th scope="col" role="columnheader">{}</th><th scope="col" role="columnheader">{}</th>'
        '</tr></thead><tbody role="rowgroup">{}</tbody></table>',
        _("What differs"),
        _("Field"),
        _("Saved by the other"),
        _("Typed by you"),
        joined(rows),
    )
    return Panel(title=_("Both versions"), body=table, is_flush=True)


def _row(action: Action, form: forms.Form, name: str) -> SafeString | None:
    theirs, typed = _theirs(action, name), _typed(form, name)
    if theirs == typed:
        return None
    return format_html(
        '<tr role="row"><th scope="row" role="rowheader">{}</th>'
        '<td role="cell" data-label="{}">{}</td><td role="cell" data-label="{}">{}</td></tr>',
        form.fields[name].label,
        _("Saved by the other"),
        theirs or _("empty"),
        _("Typed by you"),
        typed or _("empty"),
    )


def _theirs(action: Action, name: str) -> str:
    if name == "owner":
        return action.owner_name
    shown = getattr(action, f"get_{name}_display", None)
    return _text(shown() if shown else getattr(action, name))


def _typed(form: forms.Form, name: str) -> str:
    values = form.cleaned_data
    if name == "owner":
        person = values.get("owner_person")
        return str(person) if person else _word(form, name, f"r{values.get('owner_role', '')}")
    value = values.get(name)
    if isinstance(form.fields[name], forms.ChoiceField):
        return _word(form, name, str(value))
    return _text(value)


def _word(form: forms.Form, name: str, key: str) -> str:
    field: Any = form.fields[name]
    for value, word in field.choices:
        pairs = word if isinstance(word, list | tuple) else [(value, word)]
        for known, text in pairs:
            if str(known) == key:
                return str(text)
    return ""


def _text(value: Any) -> str:
    if isinstance(value, date):
        return day_text(value)
    return "" if value is None else str(value).strip().replace("\r\n", "\n")
