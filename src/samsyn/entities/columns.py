"""The columns of an entity's list, which are also those of its export."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.entities.declaration import Entity, Field
from samsyn.entities.fields import label_of
from samsyn.ui.changes import value_text
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
        sort=(field.name,),
        is_shown=field.is_column,
    )


def in_words(entity: Entity, field: Field, thing: Any) -> str:
    """Return the value of a field as a sentence holds it; an empty text for nothing."""
    value = getattr(thing, field.name)
    return str(value or "") if field.choices else value_text(entity.of(field), value)


def shown(entity: Entity, field: Field, thing: Any) -> Any:
    """Return the value of a field in words: a choice as it is called."""
    if entity.of(field).choices:
        value = getattr(thing, f"get_{field.name}_display")()
        return "" if value is None else str(value)
    value = getattr(thing, field.name)
    return str(value or "") if field.choices else value
