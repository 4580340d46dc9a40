"""The columns of an entity's list, which are also those of its export."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from samsyn.entities.declaration import Entity, Field, NotShown
from samsyn.entities.fields import label_of
from samsyn.ui.changes import value_text
from samsyn.ui.components import Tag
from samsyn.ui.components.base import joined
from samsyn.ui.tables import Column

OWNER = Column(
    name="organisation",
    label=_("Organisation"),
    value=lambda row: row.organisation.name,
    sort=("organisation__name",),
)


def columns(entity: Entity) -> tuple[Column, ...]:
    """Return the columns: those of the fields, the room's own, and whose it is."""
    own = {column.name: column for column in entity.columns}
    return tuple(own.get(column.name, column) for column in _columns(entity))


def _columns(entity: Entity) -> Iterator[Column]:
    more = [column for column in entity.columns if column.name not in entity.names]
    more = [*([entity.state.column()] if entity.state else []), *more]
    for field in entity.fields:
        yield _column(entity, field, is_name=field is entity.fields[0])
        if field.name == entity.after:
            yield from more
    if not entity.after:
        yield from more
    yield OWNER


def _column(entity: Entity, field: Field, *, is_name: bool) -> Column:
    return Column(
        name=field.name,
        label=label_of(entity, field),
        value=partial(shown, entity, field),
        url=entity.model.get_absolute_url if is_name else None,
        is_fixed=is_name,
        sort=(field.sorted_by,),
        cell=partial(_linked, entity, field) if field.to else None,
        is_shown=field.is_column,
    )


def in_words(entity: Entity, field: Field, thing: Any) -> str:
    """Return the value of a field as a sentence holds it; an empty text for nothing."""
    if field.choices:
        return str(entity.pointed(field, thing) or "")
    return value_text(entity.of(field), getattr(thing, field.name))


def shown(entity: Entity, field: Field, thing: Any) -> Any:
    """Return the value of a field in words: a choice as it is called."""
    if entity.of(field).choices:
        value = getattr(thing, f"get_{field.name}_display")()
        return "" if value is None else str(value)
    return in_words(entity, field, thing) if field.choices else getattr(thing, field.name)


def link_html(entity: Entity, field: Field, thing: Any) -> SafeString | str:
    """Return the link to what a field points to, and that it is retired; nothing for nothing."""
    found = entity.pointed(field, thing)
    if found is None or isinstance(found, NotShown):
        return str(found or "")
    link = '<a class="ds-link" href="{}">{}</a>'
    return joined([format_html(link, found.get_absolute_url(), found), _retired(found)])


def _linked(entity: Entity, field: Field, thing: Any) -> SafeString | str:
    """Return the cell of what a field points to."""
    found = entity.pointed(field, thing)
    return "–" if found is None else joined([str(found), _retired(found)])


def _retired(found: Any) -> object:
    if not getattr(found, "is_retired", False):
        return ""
    return joined([" ", Tag(text=_("retired"))])
