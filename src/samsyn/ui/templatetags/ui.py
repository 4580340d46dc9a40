"""The tags of our templates. Each returns finished HTML, quicker than an include."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.kernel.rooms import rooms
from samsyn.ui.components import DueBadge, EmptyState, SharingLabel, StateBadge, Who
from samsyn.ui.components.badges import severity_html
from samsyn.ui.components.base import joined
from samsyn.ui.components.numbers import shown
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text, distance_text, moment_html
from samsyn.ui.navigation import Frame
from samsyn.ui.terms import explained, severity_term

register = template.Library()
# Marks in the finished bar where what differs from request to request is put.
CSRF_MARK, HERE_MARK = "\uf8ff-csrf-\uf8ff", "\uf8ff-here-\uf8ff"


@register.simple_tag(takes_context=True)
def frame_top(context: template.Context) -> SafeString:
    """Return the bar on top of the page; it is made once for each person and page."""
    frame = context.get("frame") or Frame()
    label = str(context.get("label") or frame.label or "")
    made = _frame_top(frame, label, get_language() or "")
    request = context.get("request")
    here = escape(request.get_full_path()) if request else "/"
    token = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", "")
    )
    # Safe: what is put in has been escaped.
    return mark_safe(made.replace(HERE_MARK, here).replace(CSRF_MARK, token))  # noqa: S308


@lru_cache(maxsize=512)
def _frame_top(frame: Frame, label: str, language: str) -> str:
    values = {"frame": frame, "label": label, "language": language}
    marks = {"csrf": CSRF_MARK, "here": HERE_MARK}
    return render_to_string("ui/top.html", {**values, **marks})


@register.simple_tag
def frame_head() -> SafeString:
    """Return what every page loads: styles, letters and scripts; the same until a new release."""
    return _frame_head()


@cache
def _frame_head() -> SafeString:
    styles = [path for room in rooms().values() for path in room.styles]
    return render_to_string("ui/head.html", {"styles": styles})


@register.simple_tag(takes_context=True)
def frame_foot(context: template.Context) -> SafeString:
    """Return what closes every page: the foot and the help with keys."""
    return _frame_foot(context.get("frame") or Frame(), get_language() or "")


@lru_cache(maxsize=512)
def _frame_foot(frame: Frame, _language: str) -> SafeString:
    return render_to_string("ui/foot.html", {"frame": frame})


@register.simple_tag
def severity(level: int) -> SafeString:
    """Return how bad, 0 to 4, as a badge."""
    return severity_html(level)


@register.simple_tag
def state(name: str, text: str = "") -> SafeString:
    """Return the state of a thing as a badge."""
    return StateBadge(state=name, text=text).html()


@register.simple_tag
def tlp(label: str) -> SafeString:
    """Return a sharing label."""
    return SharingLabel(label=label, is_explained=True).html()


@register.simple_tag
def term(key: str, text: str = "") -> SafeString | str:
    """Return a term that opens what the glossary says of it; ``text`` is shown in its place."""
    return explained(key, text)


@register.simple_tag
def severity_explained(level: int) -> SafeString | str:
    """Return how bad, 0 to 4, as a badge that opens what the level means."""
    return severity_term(level, severity_html(level))


@register.simple_tag
def state_explained(name: str) -> SafeString | str:
    """Return the state of a finding as a badge that opens what the glossary says of it."""
    return explained(name, StateBadge(state=name).html())


@register.simple_tag
def due(at: datetime) -> SafeString:
    """Return a deadline with how near it is."""
    return DueBadge(due_at=at, now=timezone.now()).html()


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """Return a moment with its weekday, and how far away it is."""
    return moment_html(at) if at else "–"


@register.simple_tag
def ago(at: datetime | None) -> str:
    """Return only how far away a moment is."""
    return distance_text(at, now=timezone.now()) if at else "–"


@register.simple_tag
def day(on: date | None) -> str:
    """Return a date in the reader's language."""
    return day_text(on) if on else "–"


@register.simple_tag
def who(name: str, note: str = "", url: str = "") -> SafeString:
    """Return a person's name with a mark."""
    return Who(name=name, note=note, url=url).html()


@register.simple_tag
def empty(title: str, text: str = "", action: str = "", url: str = "") -> SafeString:
    """Return what an empty place says, and the first step."""
    return EmptyState(title=title, text=text, action=action, url=url).html()


@register.filter
def figure(value: Any) -> str:
    """Return a figure as the reader's language writes it."""
    return shown(value)


@register.filter
def actor_name(actor: str) -> str:
    """Return in words who did it, without the address."""
    return who_text(actor)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of a name's first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def fields(form: Form, *, bare: bool = False) -> SafeString:
    """Return all fields of a form, hidden ones included; ``bare`` drops their placeholders."""
    if bare:
        for each in form.fields.values():
            each.widget.attrs.pop("placeholder", None)
    hidden = joined(form.hidden_fields())
    return format_html("{}{}", hidden, joined(field_html(each) for each in form.visible_fields()))


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Return one field: label, help, control, and what is wrong with it."""
    return field_html(bound)


@register.simple_tag
def field_errors(bound: BoundField) -> SafeString | str:
    """Return what is wrong with a field whose control a page makes itself."""
    return _wrong(bound)


@register.simple_tag
def filter_field(bound: BoundField) -> SafeString:
    """Return one filter: short label over its control, no help."""
    if isinstance(bound.field.widget, CheckboxInput):
        return format_html('<div class="filter filter-box">{}</div>', _box(bound))
    if isinstance(bound.field.widget, CheckboxSelectMultiple):
        return format_html(
            '<fieldset class="filter"><legend>{}</legend>{}</fieldset>', bound.label, bound
        )
    control = bound.as_widget(attrs={"class": "ds-input"})
    return format_html(
        '<div class="filter"><label for="{}">{}</label>{}</div>',
        bound.id_for_label,
        bound.label,
        control,
    )


def field_html(bound: BoundField) -> SafeString:
    """Return a field in Designsystemet's own marks; the error stands at the field, in words."""
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return format_html('<ds-field class="ds-field">{}{}</ds-field>', _box(bound), _wrong(bound))
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return _choices(bound)
    invalid = {"aria-invalid": "true"} if bound.errors else {}
    return format_html(
        '<ds-field class="ds-field"><label class="ds-label" for="{}">{}{}</label>{}{}{}</ds-field>',
        bound.id_for_label,
        bound.label,
        _optional(bound),
        _help(bound),
        bound.as_widget(attrs={"class": "ds-input", **invalid}),
        _wrong(bound),
    )


def _choices(bound: BoundField) -> SafeString:
    options = joined(
        format_html(
            '<ds-field class="ds-field">{}<label for="{}">{}</label></ds-field>',
            option.tag(wrap_label=False),
            option.id_for_label,
            option.choice_label,
        )
        for option in bound.subwidgets
    )
    return format_html(
        '<fieldset class="ds-fieldset" id="{}"><legend class="ds-label">{}{}</legend>{}{}{}'
        "</fieldset>",
        bound.auto_id,
        bound.label,
        _optional(bound),
        _help(bound),
        options,
        _wrong(bound),
    )


def _box(bound: BoundField) -> SafeString:
    return format_html(
        '{}<label for="{}">{}</label>{}',
        bound.as_widget(attrs={"class": "ds-input"}),
        bound.id_for_label,
        bound.label,
        _help(bound),
    )


def _optional(bound: BoundField) -> SafeString | str:
    if bound.field.required or not getattr(bound.field, "is_marked_optional", True):
        return ""
    return format_html(' <span class="optional">{}</span>', _("(optional)"))


def _help(bound: BoundField) -> SafeString | str:
    if not bound.help_text:
        return ""
    return format_html(
        '<p data-field="description" id="{}_helptext">{}</p>', bound.auto_id, bound.help_text
    )


def _wrong(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    return format_html(
        '<p class="ds-validation-message" data-field="validation" data-color="danger"'
        ' id="{}_error">{}</p>',
        bound.auto_id,
        " ".join(str(error) for error in bound.errors),
    )
